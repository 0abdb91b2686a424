"""Which campaigns are part of which. The whole tree is a few hundred rows at most: it is read once and walked here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from donations.models import Campaign


@dataclass(frozen=True)
class Tree:
    """Every campaign by its key, and the key of what it is part of."""

    parents: Mapping[int, int | None]

    @classmethod
    def read(cls) -> Tree:
        """Return the tree as it stands; one query."""
        return cls(dict(Campaign.objects.order_by().values_list("pk", "parent")))

    @cached_property
    def children(self) -> Mapping[int | None, list[int]]:
        """The keys of what is directly part of each campaign; of None, those that are part of nothing."""
        found: dict[int | None, list[int]] = defaultdict(list)
        for key, parent in self.parents.items():
            found[parent].append(key)
        return found

    def within(self, key: int) -> set[int]:
        """Return the campaign and all that is part of it, however deep."""
        found, waiting = {key}, [key]
        while waiting:
            below = [child for child in self.children.get(waiting.pop(), ()) if child not in found]
            found.update(below)
            waiting.extend(below)
        return found

    def above(self, key: int) -> Iterator[int]:
        """Yield the campaign and all that it is part of, from the smallest to the largest."""
        at: int | None = key
        seen: set[int] = set()
        while at is not None and at not in seen:
            yield at
            seen.add(at)
            at = self.parents.get(at)

    def layers(self) -> Iterator[dict[int, int]]:
        """Yield, for each depth from the top, which campaign of that depth each campaign at or below it is part of."""
        layer = self.children.get(None, [])
        while layer:
            yield {key: top for top in layer for key in self.within(top)}
            layer = [child for key in layer for child in self.children.get(key, ())]


def with_those_within(chosen: Iterable[int]) -> list[int]:
    """Return campaigns and all that are part of them, in the order of their keys."""
    tree = Tree.read()
    return sorted({key for one in chosen for key in tree.within(one)})
