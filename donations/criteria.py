"""What people are found by in their giving. Counted gifts only, net of refunds, in the base currency, as everywhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, QuerySet, Sum
from django.db.models.functions import Round
from django.utils.translation import gettext_lazy as _

from constituents.segments.criteria import Criterion, Narrowing
from constituents.segments.dates import days_of
from constituents.segments.families import DateCriterion, FactCriterion, NumberCriterion, Numbers
from constituents.segments.period import PERIOD, period_q
from constituents.segments.registry import register_criterion
from constituents.segments.sets import Found, Keys, Not
from constituents.segments.shapes import Amount, Number, Options
from donations.campaigns.tree import with_those_within
from donations.models import Appeal, Campaign, Fund, Gift, GiftAllocation, GiftKind, GivingTotals, Method
from donations.models.gift import GiftQuerySet

SEE = "donations.view_giving"
GIVING = _("Giving")
_COMMON: dict[str, Any] = {"group": GIVING, "permission": SEE}
_PLACES = 3  # as the columns keep amounts: sums on SQLite come back with more digits than money has

_FUNDS = Narrowing("funds", _("To"), Options(lambda: Fund.objects.values_list("pk", "name")), _(" to %(value)s"))
_CAMPAIGNS = Narrowing(
    "campaigns", _("In the campaign"), Options(lambda: Campaign.objects.values_list("pk", "name")), _(" for %(value)s")
)
_APPEALS = Narrowing(
    "appeals", _("After the appeal"), Options(lambda: Appeal.objects.values_list("pk", "name")), _(" after %(value)s")
)
_METHODS = Narrowing("methods", _("By"), Options(lambda: Method.choices), _(" by %(value)s"))
_KINDS = Narrowing("kinds", _("Counting"), Options(lambda: GiftKind.choices), _(" (%(value)s)"))
WHICH_GIFTS = (PERIOD, _FUNDS, _CAMPAIGNS, _APPEALS, _METHODS, _KINDS)
#: For first and last gifts: a period would say the same twice.
_WHICH_BUT_WHEN = WHICH_GIFTS[1:]


def register() -> None:
    """Offer them all."""
    register_criterion(*_whether_they_gave(), *_in_all(), *_at_once(), *_when())


def gifts(where: Mapping[str, Any], today: dt.date) -> QuerySet[Gift]:
    """Return the counted gifts a condition is narrowed to; dues only when they are asked for."""
    return _narrowed(Gift.objects.counted(dues=True), where, today)


def _narrowed(found: GiftQuerySet, where: Mapping[str, Any], today: dt.date) -> QuerySet[Gift]:
    found = found.filter(period_q(where, "received_on", today), kind__in=where.get("kinds", [GiftKind.GIFT]))
    if "campaigns" in where:
        found = found.filter(campaign__in=with_those_within(where["campaigns"]))
    if "appeals" in where:
        found = found.filter(appeal__in=where["appeals"])
    if "methods" in where:
        found = found.filter(method__in=where["methods"])
    if "funds" in where:
        found = found.filter(Exists(GiftAllocation.objects.filter(gift=OuterRef("pk"), fund__in=where["funds"])))
    return found.order_by()


# Where the numbers stand. Without narrowing that is the kept totals, which are proven against the ledger.


def _kept(column: str) -> Numbers:
    return Numbers(GivingTotals.objects.filter(gift_count__gt=0), "constituent", column)


def _each(found: QuerySet[Gift], number: Any) -> Numbers:
    return Numbers(found.values("donor").annotate(number=number), "donor")


def _total(where: Mapping[str, Any], today: dt.date) -> Numbers:
    if not where:
        return _kept("lifetime")
    if "funds" in where:
        # What of each gift went to the funds, less what went back: the ledger knows, and of a gift that does not count
        # its entries come to nothing. Asked so, two indexes have all of it: 0.14 s instead of 0.38 s over a million.
        rest = {key: value for key, value in where.items() if key != "funds"}
        found = _narrowed(Gift.objects.all(), rest, today).filter(entries__fund__in=where["funds"])
        return _each(found, Round(Sum("entries__base_amount"), _PLACES))
    return _each(gifts(where, today), Round(Sum("net_base_amount"), _PLACES))


def _count(where: Mapping[str, Any], today: dt.date) -> Numbers:
    return _each(gifts(where, today), Count("pk")) if where else _kept("gift_count")


def _largest(where: Mapping[str, Any], today: dt.date) -> Numbers:
    return _each(gifts(where, today), Max("net_base_amount")) if where else _kept("largest")


def _average(where: Mapping[str, Any], today: dt.date) -> Numbers:
    return _each(gifts(where, today), Round(Sum("net_base_amount") / Count("pk"), _PLACES))


def _gave(where: Mapping[str, Any], today: dt.date) -> Found:
    return Keys(gifts(where, today), "donor") if where else Keys(_kept("").rows, "constituent")


class GiftDateCriterion(DateCriterion):
    """The first or the last gift."""

    def find(self, operator: str, value: Any, where: Mapping[str, Any], today: dt.date) -> Found:
        """Compare the date of each donor's first or last gift of those that count."""
        if operator == "unknown":
            return Not(_gave(where, today))
        days = days_of(operator, value, today)
        if not where:
            return Keys(_kept("").rows.filter(days.q(self.column)), "constituent")
        edge = (Min if self.column == "first_gift_on" else Max)("received_on")
        return Keys(gifts(where, today).values("donor").annotate(edge=edge).filter(days.q("edge")), "donor")


def _whether_they_gave() -> Iterable[Criterion]:
    return (
        FactCriterion(
            key="giving.gave",
            label=_("Gave"),
            fact=_gave,
            narrowings=WHICH_GIFTS,
            says=_("gave%(where)s"),
            says_not=_("did not give%(where)s"),
            **_COMMON,
        ),
    )


def _in_all() -> Iterable[Criterion]:
    return (
        NumberCriterion(
            key="giving.total",
            label=_("Total given"),
            numbers=_total,
            shape=Amount(),
            narrowings=WHICH_GIFTS,
            phrases={
                "at_least": _("gave %(value)s or more%(where)s"),
                "more_than": _("gave more than %(value)s%(where)s"),
                "at_most": _("gave %(value)s or less%(where)s"),
                "less_than": _("gave less than %(value)s%(where)s"),
                "is": _("gave exactly %(value)s%(where)s"),
                "between": _("gave between %(value)s%(where)s"),
            },
            **_COMMON,
        ),
        NumberCriterion(
            key="giving.count",
            label=_("Number of gifts"),
            numbers=_count,
            shape=Number(whole=True),
            narrowings=WHICH_GIFTS,
            phrases={
                "at_least": _("gave %(value)s times or more%(where)s"),
                "at_most": _("gave at most %(value)s times%(where)s"),
                "is": _("gave exactly %(value)s times%(where)s"),
                "between": _("gave between %(value)s times%(where)s"),
            },
            **_COMMON,
        ),
    )


def _at_once() -> Iterable[Criterion]:
    return (
        NumberCriterion(
            key="giving.largest",
            label=_("Largest gift"),
            numbers=_largest,
            shape=Amount(),
            zero_counts=False,
            narrowings=WHICH_GIFTS,
            phrases={
                "at_least": _("gave %(value)s or more at once%(where)s"),
                "at_most": _("gave at most %(value)s at once%(where)s"),
                "between": _("gave between %(value)s at most at once%(where)s"),
            },
            **_COMMON,
        ),
        NumberCriterion(
            key="giving.average",
            label=_("Average gift"),
            numbers=_average,
            shape=Amount(),
            zero_counts=False,
            narrowings=WHICH_GIFTS,
            phrases={
                "at_least": _("gave %(value)s or more on average%(where)s"),
                "at_most": _("gave at most %(value)s on average%(where)s"),
                "between": _("gave between %(value)s on average%(where)s"),
            },
            **_COMMON,
        ),
    )


def _when() -> Iterable[Criterion]:
    return (
        GiftDateCriterion(
            key="giving.last",
            label=_("Last gift"),
            column="last_gift_on",
            did=_("gave last"),
            never=_("never gave%(where)s"),
            narrowings=_WHICH_BUT_WHEN,
            **_COMMON,
        ),
        GiftDateCriterion(
            key="giving.first",
            label=_("First gift"),
            column="first_gift_on",
            did=_("gave first"),
            never=_("never gave%(where)s"),
            narrowings=_WHICH_BUT_WHEN,
            **_COMMON,
        ),
    )
