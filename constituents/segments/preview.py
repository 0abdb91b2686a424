"""What conditions find while they are being put together: the sentence, the count, the first names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from constituents.errors import CriteriaError
from constituents.models import Constituent
from constituents.segments.criteria import Criterion
from constituents.segments.matching import matching
from constituents.segments.saved import one_of_each_household
from constituents.segments.tree import parse
from constituents.segments.wording import sentence_of

NAMES_SHOWN = 8


@dataclass(frozen=True)
class Preview:
    """Whom conditions find now."""

    sentence: str
    count: int
    people: list[Constituent]

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.people)


def preview_of(
    criteria: Any, known: Mapping[str, Criterion] | None = None, *, one_per_household: bool = False
) -> Preview | None:
    """Return whom the conditions find now; None while they are unfinished."""
    try:
        words = sentence_of(parse(criteria, known=known))
    except CriteriaError:
        return None
    found = matching(criteria)
    if one_per_household:
        found = one_of_each_household(found)
    people = list(found.order_by("sort_name", "pk")[: NAMES_SHOWN + 1])
    # A short list is its own count.
    count = len(people) if len(people) <= NAMES_SHOWN else found.count()
    return Preview(words, count, people[:NAMES_SHOWN])
