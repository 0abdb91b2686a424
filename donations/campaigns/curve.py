"""How giving added up over a campaign's days, beside its goal and an earlier campaign."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from django.db.models import Sum

from core import clock
from core.money import quantize
from core.organisation import current_organisation
from donations.campaigns.tree import Tree
from donations.models import Campaign, Gift

# More points than this no chart needs, and a table of more nobody reads.
_MOST_POINTS = 32


@dataclass(frozen=True, slots=True)
class Curve:
    """Sums at the end of each step from the first to the last day; None for what is still to come."""

    days: list[dt.date]
    sums: list[Decimal | None]
    #: An earlier campaign over the same stretch from its own first day on; empty when there is none.
    before: list[Decimal | None]
    #: What came after its last day, such as late instalments: it counts, and stands beyond the curve.
    late: Decimal = Decimal(0)


def curve_of(campaign: Campaign) -> Curve | None:
    """Return the curve of a campaign with all that is part of it; None while it has neither dates nor gifts."""
    tree = Tree.read()
    by_day = _by_day(tree.within(campaign.pk))
    first, last = _span(campaign, by_day)
    if first is None or last is None:
        return None
    days = _steps(first, last)
    sums = _sums_at(by_day, days, until=min(clock.today(), last))
    before = _before(campaign.compared_with, tree, first, days) if campaign.compared_with else []
    return Curve(days, sums, before, sum((amount for day, amount in by_day.items() if day > last), Decimal(0)))


def _by_day(campaigns: Iterable[int]) -> dict[dt.date, Decimal]:
    gifts = Gift.objects.counted().filter(campaign__in=list(campaigns)).order_by().values_list("received_on")
    return dict(gifts.annotate(total=Sum("net_base_amount")))


def _span(campaign: Campaign, by_day: dict[dt.date, Decimal]) -> tuple[dt.date | None, dt.date | None]:
    """Return the days the curve runs over: the campaign's own, begun earlier where gifts came before it.

    One that has ended ends there: instalments of a year later would press its own weeks together.
    """
    starts = [day for day in (campaign.starts_on, min(by_day, default=None)) if day]
    if not starts:
        return None, None
    first = min(starts)
    last = campaign.ends_on or max([clock.today(), *by_day])
    return first, max(last, first)


def _steps(first: dt.date, last: dt.date) -> list[dt.date]:
    """Return the days to add up to: each, each seventh, or as far apart as leaves a chart that can be read."""
    length = (last - first).days
    apart = next((step for step in (1, 7, 14) if length / step < _MOST_POINTS), -(-length // (_MOST_POINTS - 1)))
    days = [*(first + dt.timedelta(days=step) for step in range(0, length, apart)), last]
    today = clock.today()
    # The step that today is in ends today: what is known is drawn where it is known.
    coming = next((place for place, day in enumerate(days) if day > today), 0)
    if coming and days[coming - 1] < today:
        days[coming] = today
        if days[-1] != last:
            days.append(last)
    return days


def _sums_at(by_day: dict[dt.date, Decimal], days: list[dt.date], *, until: dt.date) -> list[Decimal | None]:
    """Return the sum at the end of each day of the list; of the first one still to come, the sum up to today."""
    currency = current_organisation().base_currency
    ordered = sorted(by_day.items())
    running = list(accumulate((amount for _day, amount in ordered), initial=Decimal(0)))
    sums: list[Decimal | None] = []
    known = True
    for day in days:
        if known:
            count = sum(1 for when, _amount in ordered if when <= day)
            sums.append(quantize(running[count], currency))
        else:
            sums.append(None)
        known = known and day < until
    return sums


def _before(earlier: Campaign, tree: Tree, first: dt.date, days: list[dt.date]) -> list[Decimal | None]:
    by_day = _by_day(tree.within(earlier.pk))
    began, ended = _span(earlier, by_day)
    if began is None or ended is None:
        return []
    shifted = [began + (day - first) for day in days]
    sums = _sums_at(by_day, shifted, until=ended)
    return sums if any(sums) else []
