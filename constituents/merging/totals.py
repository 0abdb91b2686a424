"""What must be the same after a merge as both were before: each app names its figures, the screen shows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from constituents.models import Constituent

# Takes the keys of records and returns what they have together, in words.
Together = Callable[[Sequence[int]], str]


@dataclass(frozen=True, slots=True)
class Total:
    """One figure, of each record and of both together."""

    label: str | Promise
    kept: str
    merged: str
    together: str


_totals: dict[str, tuple[str | Promise, Together, str]] = {}


def register_total(name: str, label: str | Promise, together: Together, *, permission: str = "") -> None:
    """Show a figure before a merge; called from an app's AppConfig.ready()."""
    _totals[name] = (label, together, permission)


def totals_of(kept: Constituent, merged: Constituent, user: Any) -> list[Total]:
    """Return the figures the user may see, leaving out those that are the same for all three: nothing to add up."""
    found = []
    for label, together, permission in _totals.values():
        if permission and not user.has_perm(permission):
            continue
        total = Total(label, *(together(ids) for ids in ([kept.pk], [merged.pk], [kept.pk, merged.pk])))
        if len({total.kept, total.merged, total.together}) > 1:
            found.append(total)
    return found
