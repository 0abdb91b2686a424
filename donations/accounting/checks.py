"""What must hold of closed periods and of the journal, from the rows alone; part of `check_books`."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Round

from donations.accounting.journal import sources
from donations.models import ClosedPeriod, ExportedEntry, JournalExport, JournalLine, LedgerEntry
from donations.services.books import SHOWN, Finding, amount_sum

_AMOUNT = DecimalField(max_digits=18, decimal_places=3)


def _named(kind: str, keys: QuerySet) -> list[str]:
    return [f"{kind} {pk}" for pk in keys[:SHOWN]]


def closed_periods_took_nothing() -> Iterator[Finding]:
    """No entry was recorded while the books of the day it is dated were closed."""
    if not ClosedPeriod.objects.exists():
        return
    still_closed = Q(reopened_at__isnull=True) | Q(reopened_at__gt=OuterRef("recorded_at"))
    closed = ClosedPeriod.objects.filter(
        still_closed, ends_on__gte=OuterRef("effective_on"), closed_at__lt=OuterRef("recorded_at")
    )
    entries = LedgerEntry.objects.filter(Exists(closed)).order_by("pk").values_list("pk", flat=True)
    if rows := _named("ledger entry", entries):
        yield Finding("M11 closed periods", "An entry was recorded into a closed period.", rows)


def exports_balance() -> Iterator[Finding]:
    """Debit is credit and is the total, in every export."""
    exports = JournalExport.objects.annotate(debit=amount_sum("lines__debit"), credit=amount_sum("lines__credit"))
    wrong = exports.exclude(debit=F("credit"), credit=Round(F("total"), precision=3))
    if rows := _named("journal export", wrong.order_by("pk").values_list("pk", flat=True)):
        yield Finding("J1 balance", "Debit and credit of a journal export differ.", rows)


def exports_have_their_movements() -> Iterator[Finding]:
    """Every movement an export counted is there, and is one that exists."""
    counted = JournalExport.objects.annotate(there=Count("entries")).exclude(there=F("entry_count"))
    rows = _named("journal export", counted.order_by("pk").values_list("pk", flat=True))
    for source in sources():
        strangers = ExportedEntry.objects.filter(source=source.name).exclude(row__in=source.rows().values("pk"))
        rows += _named("journal export", strangers.order_by("export").values_list("export", flat=True).distinct())
    if rows:
        yield Finding("J2 movements", "A journal export does not have the movements it counted.", rows)


def exports_tie_to_the_ledger() -> Iterator[Finding]:
    """What the lines of an export say came in, less what went out, is the sum of its ledger entries."""
    of_money = JournalLine.objects.filter(source="ledger").exclude(method="").order_by().values("export")
    net = Round(Coalesce(Sum(F("debit") - F("credit")), Value(0), output_field=_AMOUNT), precision=3)
    said = dict(of_money.annotate(net=net).values_list("export", "net"))
    base = LedgerEntry.objects.filter(pk=OuterRef("row")).values("base_amount")
    exported = ExportedEntry.objects.filter(source="ledger").annotate(base=Subquery(base)).order_by().values("export")
    entered = dict(exported.annotate(total=amount_sum("base")).values_list("export", "total"))
    wrong = sorted(pk for pk in said.keys() | entered.keys() if said.get(pk, 0) != entered.get(pk, 0))
    if wrong:
        rows = [f"journal export {pk}" for pk in wrong[:SHOWN]]
        yield Finding("J3 ledger", "The lines of a journal export do not say what its entries say.", rows)


CHECKS = [
    closed_periods_took_nothing,
    exports_balance,
    exports_have_their_movements,
    exports_tie_to_the_ledger,
]
