"""What people are found by in their volunteering: approved hours, places in shifts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Sum
from django.db.models.functions import Round
from django.utils.translation import gettext_lazy as _

from constituents.segments.criteria import Criterion, Narrowing
from constituents.segments.families import FactCriterion, NumberCriterion, Numbers
from constituents.segments.period import PERIOD, period_q
from constituents.segments.registry import register_criterion
from constituents.segments.sets import Found, Keys
from constituents.segments.shapes import Number, Options
from core import clock
from volunteers.models import HoursEntry, Opportunity, SignUp

VOLUNTEERING = _("Volunteering")

_OPPORTUNITIES = Narrowing(
    "opportunities", _("For"), Options(lambda: Opportunity.objects.values_list("pk", "name")), _(" for %(value)s")
)


def register() -> None:
    """Offer them all."""
    register_criterion(*_criteria())


def _for(where: Mapping[str, Any], column: str) -> dict[str, Any]:
    return {f"{column}__in": where["opportunities"]} if "opportunities" in where else {}


def _hours(where: Mapping[str, Any], today: dt.date) -> Numbers:
    worked = HoursEntry.objects.approved().filter(period_q(where, "worked_on", today), **_for(where, "opportunity"))
    return Numbers(worked.order_by().values("volunteer").annotate(number=Round(Sum("hours"), 2)), "volunteer")


def _signed_up(where: Mapping[str, Any], today: dt.date) -> Found:
    places = SignUp.objects.active().filter(
        period_q(where, "shift__starts_at", today, instants=True), **_for(where, "shift__opportunity")
    )
    return Keys(places, "volunteer")


def _coming(where: Mapping[str, Any], today: dt.date) -> Found:
    coming = SignUp.objects.active().filter(shift__ends_at__gt=clock.now(), shift__cancelled_at__isnull=True)
    return Keys(coming.filter(**_for(where, "shift__opportunity")), "volunteer")


def _criteria() -> Iterable[Criterion]:
    common: dict[str, Any] = {"group": VOLUNTEERING}
    return (
        NumberCriterion(
            key="volunteering.hours",
            label=_("Hours volunteered"),
            permission="volunteers.view_hoursentry",
            numbers=_hours,
            shape=Number(),
            narrowings=(PERIOD, _OPPORTUNITIES),
            phrases={
                "at_least": _("volunteered %(value)s hours or more%(where)s"),
                "more_than": _("volunteered more than %(value)s hours%(where)s"),
                "at_most": _("volunteered at most %(value)s hours%(where)s"),
                "is": _("volunteered exactly %(value)s hours%(where)s"),
                "between": _("volunteered between %(value)s hours%(where)s"),
            },
            **common,
        ),
        FactCriterion(
            key="volunteering.signed_up",
            label=_("Signed up for a shift"),
            permission="volunteers.view_signup",
            fact=_signed_up,
            narrowings=(PERIOD, _OPPORTUNITIES),
            says=_("signed up for a shift%(where)s"),
            says_not=_("did not sign up for a shift%(where)s"),
            **common,
        ),
        FactCriterion(
            key="volunteering.coming",
            label=_("Has a shift to come"),
            permission="volunteers.view_signup",
            fact=_coming,
            narrowings=(_OPPORTUNITIES,),
            says=_("have a shift to come%(where)s"),
            says_not=_("have no shift to come%(where)s"),
            **common,
        ),
    )
