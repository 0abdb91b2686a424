"""What the list of everyone shows of the apps above: one chip a column, for those with the permission.

    register_list_column(
        ListColumn("donor_level", _("Donor level"), level_name, prefetch=standings, permission="donations.view_giving")
    )

`value(constituent)` reads only what `prefetch()` has fetched for the whole page, so the list asks the same number of
questions however long it is. Registered once, in an AppConfig.ready().
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from constituents.models import Constituent
from core.staff.parts import Text


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of chips; an empty value draws none."""

    name: str
    label: Text
    value: Callable[[Constituent], str]
    prefetch: Callable[[], Prefetch]
    permission: str


_columns: dict[str, ListColumn] = {}


def register_list_column(column: ListColumn) -> None:
    """Show a column in the list of everyone."""
    _columns[column.name] = column


def list_columns_for(user: Any) -> list[ListColumn]:
    """Return the columns this user may see."""
    return [column for column in _columns.values() if user.has_perm(column.permission)]
