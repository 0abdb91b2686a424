"""What giving adds to the constituent's page: figures, recent gifts, events on the timeline, and a button."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Prefetch, Sum
from django.db.models.functions import ExtractYear, TruncMonth
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from constituents.models import Constituent
from constituents.timeline import Before, TimelineEvent
from core import clock
from core.money import Money
from core.organisation import current_organisation
from core.staff.cursor import noon_of
from core.staff.parts import Action, Chip, Figure
from core.theme.charts import BarChart
from core.theme.figures import day_in_words
from donations.models import Gift, GiftAllocation, GivingTotals, Receipt, SoftCredit
from donations.staff.kept import kept_totals
from donations.staff.links import page_of
from donations.staff.tones import GIFT_TONES, RECEIPT_TONES

_SEEN = "giving_seen"
_YEARS = 6
_RECENT = 8


def _base(amount: Decimal | None) -> Money:
    return Money(amount or Decimal(0), current_organisation().base_currency)


@dataclass(frozen=True, slots=True)
class _Giving:
    """What figures and chips of one page share."""

    totals: GivingTotals
    by_year: Mapping[int, Decimal]

    @property
    def years_in_a_row(self) -> int:
        """How many fiscal years up to this one had a gift; this one may still be waiting for its own."""
        year = clock.fiscal_year(clock.today())
        if year not in self.by_year:
            year -= 1
        count = 0
        while year - count in self.by_year:
            count += 1
        return count


def _giving(constituent: Constituent) -> _Giving | None:
    """Return totals and the sum of each fiscal year; asked once a page. None for who never gave."""
    if not hasattr(constituent, _SEEN):
        kept = kept_totals(constituent)
        totals = kept if kept is not None and kept.gift_count else None
        months = Gift.objects.counted().filter(donor=constituent).order_by().annotate(month=TruncMonth("received_on"))
        by_year: dict[int, Decimal] = defaultdict(Decimal)
        for month, amount in months.values_list("month").annotate(total=Sum("net_base_amount")) if totals else []:
            by_year[clock.fiscal_year(month)] += amount
        setattr(constituent, _SEEN, _Giving(totals, by_year) if totals else None)
    found: _Giving | None = getattr(constituent, _SEEN)
    return found


def chips(constituent: Constituent) -> Iterator[Chip]:
    """Say what kind of donor this is now: this year's, last year's who has not given yet, or one who stopped."""
    giving = _giving(constituent)
    if giving is None:
        return
    year = clock.fiscal_year(clock.today())
    if year in giving.by_year:
        yield Chip(_("Donor this year"), "good")
    elif year - 1 in giving.by_year:
        yield Chip(_("Gave last year, not yet this"), "waiting")
    else:
        yield Chip(_("Former donor"))


def figures(constituent: Constituent) -> Iterator[Figure]:
    """Return lifetime, this year, last, first, average and largest gift, and the streak; nothing for who never gave."""
    giving = _giving(constituent)
    if giving is None:
        recognised = kept_totals(constituent)
        if recognised is not None and recognised.recognition_count:
            yield Figure(_("Recognised for"), str(_base(recognised.recognition_amount)))
        return
    totals = giving.totals
    yield Figure(_("Lifetime giving"), str(_base(totals.lifetime)), _gifts_url(constituent))
    yield Figure(_("This year"), str(_base(giving.by_year.get(clock.fiscal_year(clock.today())))))
    yield Figure(_("Last gift, %(day)s") % {"day": _day(totals.last_gift_on)}, str(_base(totals.last_amount)))
    yield Figure(_("First gift"), _day(totals.first_gift_on))
    count = {"count": totals.gift_count}
    yield Figure(
        ngettext("The one gift", "Average of %(count)s gifts", totals.gift_count) % count,
        str(_base(totals.lifetime / totals.gift_count)),
    )
    yield Figure(_("Largest gift"), str(_base(totals.largest)))
    if totals.recognition_amount:
        yield Figure(_("With recognition"), str(_base(totals.with_recognition)))
    if (streak := giving.years_in_a_row) > 1:
        yield Figure(_("Gave in a row"), ngettext("%(count)d year", "%(count)d years", streak) % {"count": streak})


def _day(day: dt.date | None) -> str:
    return day_in_words(day, "medium") if day else ""


def _gifts_url(constituent: Constituent) -> str:
    return f"{reverse('gifts:index')}?{urlencode({'q': constituent.display_name})}"


def recent_gifts(constituent: Constituent) -> dict[str, Any]:
    """Return the newest gifts, and what was given in each of the last years as a chart."""
    gifts = Gift.objects.for_list().filter(donor=constituent)
    by_year = dict(
        Gift.objects.counted()
        .filter(donor=constituent)
        .order_by()
        .annotate(year=ExtractYear("received_on"))
        .values_list("year")
        .annotate(total=Sum("net_base_amount"))
    )
    chart = None
    if by_year:
        newest = clock.today().year
        oldest = max(min(by_year), newest - _YEARS + 1)
        bars = [(str(year), _base(by_year.get(year)).amount) for year in range(newest, oldest - 1, -1)]
        chart = BarChart(str(_("Given by year")), bars, current_organisation().base_currency)
    shown = list(gifts[:_RECENT])
    return {
        "gifts": [(gift, page_of(gift), GIFT_TONES.get(gift.status, "")) for gift in shown],
        "chart": chart,
        "more_url": _gifts_url(constituent) if len(shown) == _RECENT else "",
        "record_url": _record_url(constituent),
        "recognition": _recognition(constituent),
    }


def _recognition(constituent: Constituent) -> dict[str, Any] | None:
    """Return what they are recognised for besides, apart from all money; None for nothing."""
    totals = kept_totals(constituent)
    if totals is None or not totals.recognition_count:
        return None
    newest = SoftCredit.objects.counted().filter(constituent=constituent).select_related("gift__donor")
    return {
        "totals": totals,
        "amount": _base(totals.recognition_amount),
        "together": _base(totals.with_recognition),
        "credits": [
            (each, page_of(each.gift)) for each in newest.order_by("-gift__received_on", "-gift__pk")[:_RECENT]
        ],
    }


def _record_url(constituent: Constituent) -> str:
    return f"{reverse('gifts:add')}?{urlencode({'donor': constituent.pk})}"


def actions(constituent: Constituent) -> Iterable[Action]:
    """Return the button that records a gift of this person."""
    return [Action(_("Record a gift"), _record_url(constituent), icon="pick", primary=True)]


def receipt_actions(constituent: Constituent) -> Iterable[Action]:
    """Return the button that issues a receipt over several gifts of somebody who gave."""
    if _giving(constituent) is not None:
        url = f"{reverse('receipts:consolidate')}?{urlencode({'donor': constituent.pk})}"
        yield Action(_("Receipt over several gifts"), url, icon="doc-full", order=80)


def gift_events(constituent: Constituent, before: Before | None, limit: int) -> Iterator[TimelineEvent]:
    """Return the newest gifts as events of their day."""
    funds = Prefetch("allocations", queryset=GiftAllocation.objects.select_related("fund"))
    gifts = Gift.objects.filter(donor=constituent).select_related("campaign").prefetch_related(funds)
    gifts = gifts.order_by("-received_on", "-pk")
    if before is not None:
        gifts = before.narrow_days(gifts, "received_on")
    for gift in gifts[:limit]:
        words = [gift.fund_names, str(gift.campaign or ""), gift.reference]
        yield TimelineEvent(
            at=noon_of(gift.received_on),
            kind="gift",
            pk=gift.pk,
            title=_("Gift") if gift.is_posted else gift.get_status_display(),
            detail=" · ".join(word for word in words if word),
            url=page_of(gift) or "",
            amount=str(gift.money),
            icon="pick",
            state=GIFT_TONES.get(gift.status, ""),
        )


def receipt_events(constituent: Constituent, before: Before | None, limit: int) -> Iterator[TimelineEvent]:
    """Return the newest receipts; a merge that brings receipts brings totals."""
    if kept_totals(constituent) is None:
        return
    receipts = Receipt.objects.of(constituent).order_by("-numbered_at", "-pk")
    if before is not None:
        receipts = before.narrow(receipts, "numbered_at")
    for receipt in receipts.defer("snapshot")[:limit]:
        yield TimelineEvent(
            at=receipt.numbered_at,
            kind="receipt",
            pk=receipt.pk,
            title=_("Receipt %(serial)s") % {"serial": receipt},
            detail=receipt.void_reason,
            url=page_of(receipt) or "",
            amount=str(receipt.eligible_money),
            icon="doc-full",
            state=RECEIPT_TONES.get(receipt.state, ""),
        )


def given_each(ids: Sequence[int]) -> Mapping[int, Decimal]:
    """Return what each of these records gave, without dues, in the base currency."""
    gifts = Gift.objects.counted().filter(donor__in=ids).order_by()
    return dict(gifts.values_list("donor").annotate(total=Sum("net_base_amount")))


def given_in_words(amount: Decimal) -> str:
    """Write an amount in the base currency."""
    return str(_base(amount))


def gifts_each(ids: Sequence[int]) -> Mapping[int, int]:
    """Return how many gifts each of these records has, dues and expected ones among them."""
    return dict(Gift.objects.filter(donor__in=ids).order_by().values_list("donor").annotate(number=Count("pk")))
