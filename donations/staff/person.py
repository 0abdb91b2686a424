"""What giving adds to the constituent's page: figures, recent gifts, events on the timeline, and a button."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.db.models.functions import ExtractYear
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from constituents.models import Constituent
from constituents.timeline import Before, TimelineEvent
from core import clock
from core.money import Money
from core.organisation import current_organisation
from core.staff.cursor import noon_of
from core.staff.parts import Action, Figure
from core.theme.charts import BarChart
from donations.models import Gift, GivingTotals, Receipt
from donations.staff.links import page_of
from donations.staff.tones import GIFT_TONES, RECEIPT_TONES

_YEARS = 6
_RECENT = 8


def _base(amount: Decimal | None) -> Money:
    return Money(amount or Decimal(0), current_organisation().base_currency)


def figures(constituent: Constituent) -> Iterator[Figure]:
    """Return lifetime, this year, last, average and largest gift; nothing for who never gave."""
    totals = GivingTotals.objects.filter(constituent=constituent).first()
    if totals is None or not totals.gift_count:
        return
    first, last = clock.fiscal_year_bounds(clock.fiscal_year(clock.today()))
    this_year = Gift.objects.counted().filter(donor=constituent).between(first, last)
    since = {"year": totals.first_gift_on.year}
    yield Figure(_("Lifetime giving, since %(year)s") % since, str(_base(totals.lifetime)), _gifts_url(constituent))
    yield Figure(_("This year"), str(_base(this_year.aggregate(total=Sum("net_base_amount"))["total"])))
    day = {"day": date_format(totals.last_gift_on, "DATE_FORMAT")}
    yield Figure(_("Last gift, %(day)s") % day, str(_base(totals.last_amount)))
    average = {"count": totals.gift_count}
    yield Figure(
        ngettext("The one gift", "Average of %(count)s gifts", totals.gift_count) % average,
        str(_base(totals.lifetime / totals.gift_count)),
    )
    yield Figure(_("Largest gift"), str(_base(totals.largest)))


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
    }


def _record_url(constituent: Constituent) -> str:
    return f"{reverse('gifts:add')}?{urlencode({'donor': constituent.pk})}"


def actions(constituent: Constituent) -> Iterable[Action]:
    """Return the button that records a gift of this person."""
    return [Action(_("Record a gift"), _record_url(constituent), icon="pick", primary=True)]


def gift_events(constituent: Constituent, before: Before | None, limit: int) -> Iterator[TimelineEvent]:
    """Return the newest gifts as events of their day."""
    gifts = Gift.objects.filter(donor=constituent).select_related("campaign").prefetch_related("allocations__fund")
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
    """Return the newest receipts."""
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


def given_together(ids: Sequence[int]) -> str:
    """Return what these records gave together, without dues."""
    return str(_base(Gift.objects.counted().filter(donor__in=ids).aggregate(total=Sum("net_base_amount"))["total"]))


def gifts_together(ids: Sequence[int]) -> str:
    """Return how many gifts these records have together, dues and expected ones among them."""
    return str(Gift.objects.filter(donor__in=ids).count())
