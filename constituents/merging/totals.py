"""What must be the same after a merge as both were before: each app names its figures, the screen shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise

from constituents.models import Constituent

# Takes the keys of records and returns, for those that have any, how much each of them has.
Each = Callable[[Sequence[int]], Mapping[int, Any]]


@dataclass(frozen=True, slots=True)
class Total:
    """One figure, of each record and of both together."""

    label: str | Promise
    kept: str
    merged: str
    together: str


@dataclass(frozen=True, slots=True)
class _Figure:
    label: str | Promise
    each: Each
    written: Callable[[Any], str]
    permission: str


_figures: dict[str, _Figure] = {}


def register_total(
    name: str, label: str | Promise, each: Each, *, written: Callable[[Any], str] = str, permission: str = ""
) -> None:
    """Show a figure before a merge, as it is `written`; called from an app's AppConfig.ready()."""
    _figures[name] = _Figure(label, each, written, permission)


def totals_of(kept: Constituent, merged: Constituent, user: Any) -> list[Total]:
    """Return the figures the user may see, leaving out those that are the same for all three: nothing to add up."""
    found = []
    for figure in _figures.values():
        if figure.permission and not user.has_perm(figure.permission):
            continue
        amounts = figure.each([kept.pk, merged.pk])
        mine, theirs = (amounts.get(one.pk, Decimal(0)) for one in (kept, merged))
        total = Total(figure.label, *(figure.written(amount) for amount in (mine, theirs, mine + theirs)))
        if len({total.kept, total.merged, total.together}) > 1:
            found.append(total)
    return found
