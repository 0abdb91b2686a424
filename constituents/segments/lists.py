"""Being in another segment or on a list, as criteria."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from constituents.models import Segment, SegmentSnapshot, SegmentSnapshotMember
from constituents.segments.criteria import Criterion
from constituents.segments.families import OptionsCriterion
from constituents.segments.matching import to_sets
from constituents.segments.saved import IN_SEGMENT, members_of
from constituents.segments.sets import AnyOf, Found, Keys, Not
from constituents.segments.tree import parse

LISTS = _("Segments and lists")


class SegmentCriterion(OptionsCriterion):
    """Being in another segment, as it stands."""

    def for_user(self, user: Any, lacking: set[str]) -> Criterion:
        """Only segments the user may see."""
        return replace(
            self, choices=lambda: Segment.objects.visible_to(user, lacking=lacking).values_list("pk", "name")
        )

    def find(self, operator: str, value: Any, where: Mapping[str, Any], today: dt.date) -> Found:
        """Whoever is in one of them."""
        found = AnyOf(tuple(_in(segment, today) for segment in Segment.objects.filter(pk__in=value)))
        return found if operator == "any_of" else Not(found)


class ListCriterion(OptionsCriterion):
    """Being on a list."""

    def for_user(self, user: Any, lacking: set[str]) -> Criterion:
        """Only lists the user may see."""
        return replace(self, choices=lambda: SegmentSnapshot.objects.open_to(lacking=lacking).values_list("pk", "name"))


def _in(segment: Segment, today: dt.date) -> Found:
    if segment.one_per_household:
        return Keys(members_of(segment), "pk")
    # Its conditions as if they stood here: nothing is asked twice.
    return to_sets(parse(segment.criteria), today)


def criteria() -> Iterable[Criterion]:
    """Return both."""
    return (
        SegmentCriterion(
            key=IN_SEGMENT,
            label=_("Segment"),
            group=LISTS,
            column="pk",
            choices=lambda: Segment.objects.values_list("pk", "name"),
            says=_("are in the segment %(value)s"),
            says_not=_("are not in the segment %(value)s"),
            any_label=_("is in one of"),
            none_label=_("is in none of"),
        ),
        ListCriterion(
            key="list",
            label=_("List"),
            group=LISTS,
            rows=SegmentSnapshotMember.objects.all,
            column="snapshot",
            choices=lambda: SegmentSnapshot.objects.values_list("pk", "name"),
            says=_("are on the list %(value)s"),
            says_not=_("are not on the list %(value)s"),
            any_label=_("is on one of"),
            none_label=_("is on none of"),
        ),
    )
