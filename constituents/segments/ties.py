"""Whom people know, and what is to be done with them: relationships and follow-ups as criteria."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from constituents.models import FollowUp, FollowUpKind, Relationship, RelationshipType
from constituents.segments.criteria import Criterion, Narrowing
from constituents.segments.families import FactCriterion, OptionsCriterion
from constituents.segments.period import PERIOD, period_q
from constituents.segments.sets import AnyOf, Found, Keys, Not
from constituents.segments.shapes import Options

TIES, TO_DO = _("Whom they know"), _("Follow-ups")


class RelationshipCriterion(OptionsCriterion):
    """What they are to somebody today: "Parent" is one side of a type, "Child" the other."""

    def find(self, operator: str, value: Any, where: Mapping[str, Any], today: dt.date) -> Found:
        """Look at the side meant; a type that reads alike from both has only one."""
        rows = Relationship.objects.on(today)
        sides: dict[str, list[int]] = {"first": [], "second": []}
        for chosen in value:
            side, _colon, key = chosen.partition(":")
            for each in ("first", "second") if side == "either" else (side,):
                sides[each].append(int(key))
        found = AnyOf(tuple(Keys(rows.filter(type__in=keys), side) for side, keys in sides.items() if keys))
        return found if operator == "any_of" else Not(found)


def _sides() -> list[tuple[str, str]]:
    sides = []
    for kind in RelationshipType.objects.all():
        if kind.is_symmetric:
            sides.append((f"either:{kind.pk}", kind.first_is))
        else:
            sides += [(f"first:{kind.pk}", kind.first_is), (f"second:{kind.pk}", kind.second_is)]
    return sides


_KINDS = Narrowing("kinds", _("Only"), Options(lambda: FollowUpKind.choices), _(" (%(value)s)"))


def _has_to_do(where: Mapping[str, Any], today: dt.date) -> Found:
    rows = FollowUp.objects.open().filter(period_q(where, "due_on", today), constituent__isnull=False)
    return Keys(rows.filter(kind__in=where["kinds"]) if "kinds" in where else rows, "constituent")


def criteria() -> Iterable[Criterion]:
    """Return them all."""
    return (
        RelationshipCriterion(
            key="relationship",
            label=_("Is to somebody"),
            group=TIES,
            column="type",
            choices=_sides,
            says=_("are %(value)s to somebody"),
            says_not=_("are not %(value)s to anybody"),
        ),
        FactCriterion(
            key="follow_up.open",
            label=_("Has a follow-up to do"),
            group=TO_DO,
            permission="constituents.view_followup",
            fact=_has_to_do,
            narrowings=(PERIOD, _KINDS),
            says=_("have a follow-up to do%(where)s"),
            says_not=_("have no follow-up to do%(where)s"),
        ),
    )
