"""Giving: gifts by year, what is expected, and the official receipts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q, Sum
from django.db.models.functions import ExtractYear
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from constituents.models import Constituent
from core import clock
from core.money import Money
from core.organisation import current_organisation
from donations.gift_aid.eligibility import gift_aid_is_on
from donations.gift_aid.public import has_declared
from donations.models import (
    Gift,
    GiftAllocation,
    GiftKind,
    GiftStatus,
    Pledge,
    Receipt,
    ReceiptLine,
    ReceiptState,
    RecurringGift,
)
from donations.receipts.delivery import receipt_response
from portal.access import own_page
from portal.tables import GiftsTable, ReceiptsTable

# What a donor need not see: it never came, should never have been entered, or another gift stands for it.
HIDDEN = (GiftStatus.VOIDED, GiftStatus.CANCELLED, GiftStatus.ADJUSTED)


@own_page
def giving(request: HttpRequest, me: Constituent) -> HttpResponse:
    """Show one year's gifts and receipts, and what each year came to."""
    mine = Gift.objects.filter(donor=me).exclude(status__in=HIDDEN)
    years = _years(me)
    year = _chosen(request, years)
    receipts = Receipt.objects.of(me).issued().order_by("-issued_on", "-pk")
    offers_gift_aid = gift_aid_is_on() and me.is_person
    context = {
        "me": me,
        "gift_aid": offers_gift_aid,
        "has_declared": offers_gift_aid and has_declared(me),
        "expected": mine.expected().order_by("received_on", "pk"),
        "pledges": Pledge.objects.for_list().open().filter(donor=me).order_by("next_due_on", "pk"),
        "standing": RecurringGift.objects.for_list().live().filter(donor=me).order_by("-starts_on", "pk"),
        "years": years,
        "year": year,
        "this_year": next((row for row in years if row["year"] == year), None),
        "gifts": _gifts_table(mine, year) if year else None,
        "receipts": _receipts_table(receipts, year) if year else None,
    }
    return render(request, "portal/giving.html", context)


def _years(me: Constituent) -> list[dict[str, Any]]:
    """Return every year with gifts, the latest first, with what was received: gifts and dues apart."""
    currency = current_organisation().base_currency
    dues, gifts = Q(kind=GiftKind.DUES), Q(kind=GiftKind.GIFT)
    counted = Q(status__in=(GiftStatus.POSTED, GiftStatus.PARTLY_REFUNDED))
    rows = (
        Gift.objects.filter(donor=me)
        .exclude(status__in=HIDDEN)
        .order_by()
        .values(year=ExtractYear("received_on"))
        .annotate(
            given=Sum("net_base_amount", filter=counted & gifts), dues=Sum("net_base_amount", filter=counted & dues)
        )
        .order_by("-year")
    )
    return [
        {
            "year": row["year"],
            "given": Money(row["given"] or Decimal(0), currency),
            "dues": Money(row["dues"], currency) if row["dues"] else None,
        }
        for row in rows
    ]


def _chosen(request: HttpRequest, years: list[dict[str, Any]]) -> int | None:
    """Return the year that was asked for, or else the latest in which anything came."""
    asked = request.GET.get("year", "")
    if asked:
        year = next((row["year"] for row in years if str(row["year"]) == asked), None)
        if year is None:
            raise Http404
        return year
    with_money = [row["year"] for row in years if row["given"] or row["dues"]]
    return next(iter(with_money or [row["year"] for row in years]), None)


def _gifts_table(mine: Any, year: int) -> GiftsTable:
    first, last = clock.calendar_year_bounds(year)
    lines = ReceiptLine.objects.filter(is_live=True, receipt__state=ReceiptState.ISSUED).select_related("receipt")
    gifts = (
        mine.between(first, last)
        .prefetch_related(
            Prefetch("allocations", queryset=GiftAllocation.objects.select_related("fund")),
            Prefetch("receipt_lines", queryset=lines),
        )
        .order_by("-received_on", "-pk")
    )
    table = GiftsTable(gifts)
    table.caption = _("Gifts in %(year)s") % {"year": year}
    return table


def _receipts_table(receipts: Any, year: int) -> ReceiptsTable | None:
    rows = list(
        receipts.filter(Q(covers_year=year) | Q(covers_year=None, lines__gift__received_on__year=year)).distinct()
    )
    if not rows:
        return None
    table = ReceiptsTable(rows, show_footer=False)
    table.caption = _("Receipts for %(year)s") % {"year": year}
    return table


@own_page
def receipt(request: HttpRequest, me: Constituent, which: Any) -> HttpResponse:
    """Hand out the stored file of one's own receipt; somebody else's, or a void one, does not exist here."""
    found = Receipt.objects.of(me).live().filter(uuid=which).first()
    if found is None:
        raise Http404
    return receipt_response(found)
