"""What the results page shows, in groups: people, organisations and households from here, more from the apps above.

Who looks is asked for each group's permission; within a group, people are found only by what the one who looks may see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.functional import Promise

from constituents.models import Constituent
from constituents.search.ranking import Found

if TYPE_CHECKING:
    from constituents.search.kinds import Searcher

_LOOKED_AT = 40


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the results: where it leads, what tells it from its namesakes, and why it is here."""

    title: str
    url: str
    detail: str = ""
    reason: str | Promise = ""
    amount: str = ""
    chip: str | Promise = ""
    tone: str = "quiet"


class Search:
    """What was typed, by whom, and the constituents it finds, asked for once by all groups."""

    def __init__(self, text: str, user: Searcher) -> None:
        self.text = text.replace("\x00", "").strip()  # PostgreSQL takes no NUL
        self.user = user

    def may(self, permission: str) -> bool:
        """Whether the one who looks has a permission."""
        return not permission or self.user.has_perm(permission)  # type: ignore[union-attr]

    @cached_property
    def constituents(self) -> list[Found]:
        """Whoever the text finds, the best first; nobody for those who may see nobody."""
        return self._among(Constituent.objects.current()) if self.may("constituents.view_constituent") else []

    @cached_property
    def organisations(self) -> list[Found]:
        """The organisations, looked for by themselves when people alone filled the list."""
        found = [one for one in self.constituents if not one.constituent.is_person]
        if found or len(self.constituents) < _LOOKED_AT:
            return found
        return self._among(Constituent.objects.current().organisations())

    def _among(self, constituents: object) -> list[Found]:
        seen = constituents.searched_by(self.user).for_list().prefetch_related("addresses")  # type: ignore[attr-defined]
        return seen.ranked(self.text, limit=_LOOKED_AT)


@dataclass(frozen=True, slots=True)
class SearchGroup:
    """One group: `find(search, limit)` returns its lines, the best first."""

    name: str
    label: str | Promise
    icon: str
    find: Callable[[Search, int], Iterable[Hit]]
    permission: str = ""
    order: int = 100


@dataclass(frozen=True, slots=True)
class Results:
    """A group with what it found."""

    group: SearchGroup
    hits: list[Hit]


_groups: dict[str, SearchGroup] = {}


def register_group(group: SearchGroup) -> None:
    """Add a group to the results page; called from an AppConfig.ready()."""
    _groups[group.name] = group


def groups_for(user: Searcher) -> list[SearchGroup]:
    """Return the groups a user may see, in order."""
    search = Search("", user)
    shown = [group for group in _groups.values() if search.may(group.permission)]
    return sorted(shown, key=lambda group: (group.order, group.name))


def results(text: str, user: Searcher, *, limit: int) -> list[Results]:
    """Return the groups that found something, each with its best lines."""
    search = Search(text, user)
    if not search.text:
        return []
    found = [Results(group, list(group.find(search, limit))) for group in groups_for(user)]
    return [result for result in found if result.hits]
