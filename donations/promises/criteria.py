"""What people are found by in what they promised."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Sum
from django.db.models.functions import Round
from django.utils.translation import gettext_lazy as _

from constituents.segments.criteria import Criterion
from constituents.segments.families import DateCriterion, FactCriterion, NumberCriterion, Numbers, OptionsCriterion
from constituents.segments.registry import register_criterion
from constituents.segments.sets import Found, Keys
from constituents.segments.shapes import Amount
from donations.models import Campaign, Pledge, PledgeStatus, RecurringGift, RecurringStatus
from donations.models.recurring import NEVER_BEGUN

PROMISES = _("Promises")
_PLACES = 3  # as the columns keep amounts: sums on SQLite come back with more digits than money has


def _open(where: Mapping[str, Any], today: dt.date) -> Found:
    return Keys(Pledge.objects.open().order_by(), "donor")


def _overdue(where: Mapping[str, Any], today: dt.date) -> Found:
    return Keys(Pledge.objects.overdue(today).order_by(), "donor")


def _fulfilled(where: Mapping[str, Any], today: dt.date) -> Found:
    return Keys(Pledge.objects.filter(status=PledgeStatus.FULFILLED).order_by(), "donor")


def _gives_again(where: Mapping[str, Any], today: dt.date) -> Found:
    return Keys(RecurringGift.objects.expecting().order_by(), "donor")


def _monthly(where: Mapping[str, Any], today: dt.date) -> Numbers:
    rows = RecurringGift.objects.expecting().order_by().values("donor")
    return Numbers(rows.annotate(number=Round(Sum("monthly"), _PLACES)), "donor")


def register() -> None:
    """Offer them all."""
    register_criterion(*_about_pledges(), *_about_recurring_gifts())


def _about_pledges() -> list[Criterion]:
    seen: dict[str, Any] = {"group": PROMISES, "permission": "donations.view_pledge"}
    return [
        FactCriterion(
            key="promises.open",
            label=_("Has an open pledge"),
            fact=_open,
            says=_("have an open pledge"),
            says_not=_("have no open pledge"),
            **seen,
        ),
        FactCriterion(
            key="promises.overdue",
            label=_("Has an overdue pledge"),
            fact=_overdue,
            says=_("have an overdue pledge"),
            says_not=_("have no overdue pledge"),
            **seen,
        ),
        FactCriterion(
            key="promises.fulfilled",
            label=_("Fulfilled a pledge"),
            fact=_fulfilled,
            says=_("fulfilled a pledge"),
            says_not=_("never fulfilled a pledge"),
            **seen,
        ),
        OptionsCriterion(
            key="promises.campaign",
            label=_("Pledged for the campaign"),
            column="campaign",
            rows=Pledge.objects.all,
            owner="donor",
            choices=lambda: Campaign.objects.order_by("name").values_list("pk", "name"),
            says=_("pledged for %(value)s"),
            says_not=_("did not pledge for %(value)s"),
            **seen,
        ),
        DateCriterion(
            key="promises.due",
            label=_("Pledge falls due"),
            column="next_due_on",
            rows=Pledge.objects.open,
            owner="donor",
            coming=True,
            did=_("have a pledge that falls or fell due"),
            never=_("have no open pledge"),
            **seen,
        ),
    ]


def _about_recurring_gifts() -> list[Criterion]:
    seen: dict[str, Any] = {"group": PROMISES, "permission": "donations.view_recurringgift"}
    return [
        FactCriterion(
            key="promises.recurring",
            label=_("Gives again and again"),
            fact=_gives_again,
            says=_("give again and again"),
            says_not=_("do not give again and again"),
            **seen,
        ),
        OptionsCriterion(
            key="promises.recurring_status",
            label=_("Status of a recurring gift"),
            column="status",
            rows=RecurringGift.objects.begun,
            owner="donor",
            choices=lambda: [(each.value, each.label) for each in RecurringStatus if each not in NEVER_BEGUN],
            says=_("have a recurring gift that is %(value)s"),
            says_not=_("have no recurring gift that is %(value)s"),
            **seen,
        ),
        NumberCriterion(
            key="promises.monthly",
            label=_("Gives a month by recurring gifts"),
            numbers=_monthly,
            shape=Amount(),
            zero_counts=False,
            phrases={
                "at_least": _("give %(value)s a month or more by recurring gifts"),
                "at_most": _("give at most %(value)s a month by recurring gifts"),
                "between": _("give between %(value)s a month by recurring gifts"),
            },
            **seen,
        ),
    ]
