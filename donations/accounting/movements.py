"""How the ledger's entries are booked: the method's account against the fund's, reversals in accounts of their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import BooleanField, Case, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.money import quantize
from core.organisation import current_organisation
from donations.accounting.chart import AccountName, Chart
from donations.accounting.journal import Frame, Posting, Side, Source
from donations.models import AccountUse, EntryKind, GiftKind, GiftSource, JournalGrouping, LedgerEntry, Method
from donations.models.account import MONEY_USES

_CONTRA = {
    EntryKind.REFUND: AccountUse.REFUNDS,
    EntryKind.REFUND_RETURNED: AccountUse.REFUNDS,
    EntryKind.CHARGE_BACK: AccountUse.CHARGE_BACKS,
    EntryKind.REINSTATED: AccountUse.CHARGE_BACKS,
}
_GOODS = {Method.IN_KIND: AccountUse.IN_KIND_INCOME, Method.SECURITIES: AccountUse.SECURITIES_INCOME}


def ledger_postings(entries: QuerySet[LedgerEntry], frame: Frame) -> Iterator[Posting]:
    """Return what the entries add up to, one posting for each day (or month), kind, method, fund and currency."""
    base = current_organisation().base_currency
    day = F("effective_on") if frame.grouping == JournalGrouping.DAY else TruncMonth("effective_on")
    # What is taken out and what is put in are not set off against each other.
    goes_out = Case(When(amount__lt=0, then=Value(True)), default=Value(False), output_field=BooleanField())
    rows: Any = (
        entries.order_by()
        .annotate(day=day, goes_out=goes_out)
        .values("day", "kind", "goes_out", "gift__kind", "gift__method", "fund", "currency")
        .annotate(base=Sum("base_amount"), own=Sum("amount"))
        .order_by("day", "kind", "goes_out", "gift__kind", "gift__method", "fund", "currency")
    )
    for row in rows:
        amount = quantize(abs(row["base"]), base)
        if not amount:
            continue
        money = Side(frame.chart.of(row["gift__method"]), method=row["gift__method"])
        purpose = Side(_account_of(row, frame.chart), fund=frame.chart.fund_code(row["fund"]))
        foreign = row["currency"] != base
        yield Posting(
            date=frame.date_of(row["day"]),
            text=_text(row),
            debit=purpose if row["goes_out"] else money,
            credit=money if row["goes_out"] else purpose,
            amount=amount,
            own_currency=row["currency"] if foreign else "",
            own_amount=quantize(abs(row["own"]), row["currency"]),
        )


def _account_of(row: dict[str, Any], chart: Chart) -> AccountName:
    """Return the other side of the money: an account of its own for what went back, for dues and for goods."""
    if contra := _CONTRA.get(row["kind"]):
        return chart.of(contra)
    if row["gift__kind"] == GiftKind.DUES:
        return chart.of(AccountUse.DUES)
    if goods := _GOODS.get(row["gift__method"]):
        return chart.of(goods)
    return chart.income_of(row["fund"])


def _text(row: dict[str, Any]) -> str:
    match row["kind"]:
        case EntryKind.POSTED if row["gift__kind"] == GiftKind.DUES:
            return _("Dues received")
        case EntryKind.POSTED:
            return _("Gifts received")
        case EntryKind.ADJUSTMENT if row["goes_out"]:
            return _("Corrections, taken out")
        case EntryKind.ADJUSTMENT:
            return _("Corrections, entered anew")
        case EntryKind.VOID:
            return _("Gifts voided")
        case EntryKind.REFUND:
            return _("Refunds")
        case EntryKind.REFUND_RETURNED:
            return _("Refunds that came back")
        case EntryKind.CHARGE_BACK:
            return _("Charge-backs")
    return _("Charge-backs reversed")


def imported_history(begins_on: dt.date) -> Q:
    """Pick what an import brought of the time before the journal, and the undoing of it."""
    return Q(
        gift__source=GiftSource.IMPORT,
        gift__received_on__lt=begins_on,
        kind__in=[EntryKind.POSTED, EntryKind.VOID],
    )


LEDGER = Source(
    name="ledger",
    label=gettext_lazy("Gifts"),
    rows=LedgerEntry.objects.all,
    postings=ledger_postings,
    dated="effective_on",
    recorded="recorded_at",
    uses=(
        *MONEY_USES,
        AccountUse.INCOME,
        AccountUse.DUES,
        AccountUse.IN_KIND_INCOME,
        AccountUse.SECURITIES_INCOME,
        AccountUse.REFUNDS,
        AccountUse.CHARGE_BACKS,
    ),
    history=imported_history,
)
