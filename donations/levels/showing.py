"""Where a donor's level shows: chips on the pages of people and households, a column in the list of everyone."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from constituents.list_columns import ListColumn, register_list_column
from constituents.models import Constituent, Household
from core.staff.parts import Chip
from core.theme.figures import day_in_words
from donations.models import DonorStanding

_SEEN = "standings_seen"


def register() -> None:
    """Offer the column."""
    register_list_column(
        ListColumn("donor_level", _("Donor level"), level_name, prefetch=standings, permission="donations.view_giving")
    )


def chips(constituent: Constituent) -> Iterator[Chip]:
    """Their level on each ladder, and since when."""
    rows = DonorStanding.objects.filter(constituent=constituent, level__isnull=False, ladder__is_active=True)
    for row in rows.select_related("level", "ladder").order_by("ladder__position", "ladder"):
        yield _chip(row)


def household_chips(household: Household) -> Iterator[Chip]:
    """The highest level of those who live there, on each ladder that adds up households."""
    rows = DonorStanding.objects.filter(
        constituent__household_memberships__household=household,
        constituent__household_memberships__until__isnull=True,
        level__isnull=False,
        ladder__is_active=True,
        ladder__with_household=True,
    )
    seen = set()
    for row in rows.select_related("level", "ladder").order_by("ladder__position", "ladder", "-amount", "pk"):
        if row.ladder_id not in seen:
            seen.add(row.ladder_id)
            yield _chip(row)


def _chip(row: DonorStanding) -> Chip:
    words = {"level": row.level, "day": day_in_words(row.reached_on, "medium") if row.reached_on else ""}
    return Chip(_("%(level)s since %(day)s") % words, "accent")


def standings() -> Prefetch:
    """Return the levels of a page of people."""
    rows = DonorStanding.objects.filter(level__isnull=False, ladder__is_active=True)
    return Prefetch(
        "standings",
        queryset=rows.select_related("level").order_by("ladder__position", "ladder"),
        to_attr=_SEEN,
    )


def level_name(constituent: Constituent) -> str:
    """Return the name of their level on the first ladder that has one for them."""
    rows: list[DonorStanding] = getattr(constituent, _SEEN, [])
    return str(rows[0].level) if rows else ""
