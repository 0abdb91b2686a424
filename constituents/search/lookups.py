"""Ids looked up where they live: a receipt's number, a gift's id. Nothing of them stands in the search rows, so that a
yearly run of receipts rewrites none, and each lookup asks its own permission.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise

if TYPE_CHECKING:
    from constituents.search.kinds import Searcher


@dataclass(frozen=True, slots=True)
class Lookup:
    """`find(text)` returns the primary keys of the constituents whose id the text is."""

    name: str
    label: str | Promise
    find: Callable[[str], Iterable[int]]
    permission: str = ""


_lookups: dict[str, Lookup] = {}


def register_lookup(lookup: Lookup) -> None:
    """Let an app above say whom one of its ids belongs to; called from its AppConfig.ready()."""
    _lookups[lookup.name] = lookup


def looked_up(text: str, *, by: Searcher | None) -> dict[int, str | Promise]:
    """Return whom the text is an id of, by key, with what kind of id it is. Only what has a digit can be one."""
    text = text.replace("\x00", "").strip()
    if not any(character.isdigit() for character in text) or len(text) > 80:
        return {}
    found: dict[int, str | Promise] = {}
    for lookup in _lookups.values():
        if by is None or not lookup.permission or by.has_perm(lookup.permission):  # type: ignore[union-attr]
            for key in lookup.find(text):
                found.setdefault(key, lookup.label)
    return found
