"""Hand the journal over to the bookkeeping: each movement once, late ones with the next export."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import BigIntegerField, BooleanField, CharField, Max, QuerySet, Sum, Value
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, clock
from core.organisation import current_organisation
from donations.accounting.chart import Chart
from donations.accounting.journal import Frame, Source, all_postings, lines_of, sources
from donations.errors import JournalError
from donations.models import ExportedEntry, JournalExport, JournalGrouping, JournalLine, JournalSettings
from donations.models.journal import journal_settings


@dataclass(frozen=True, slots=True)
class Preview:
    """What an export through a day would hold now."""

    through: dt.date
    grouping: str
    lines: list[JournalLine]
    entries: int
    late: int

    @property
    def debit(self) -> Decimal:
        """The sum of one side."""
        return sum((line.debit for line in self.lines), Decimal(0))

    @property
    def credit(self) -> Decimal:
        """The sum of the other side, which is the same."""
        return sum((line.credit for line in self.lines), Decimal(0))

    @property
    def without_number(self) -> list[str]:
        """The accounts that nobody has given a number yet."""
        return sorted({line.account_name for line in self.lines if not line.account})


def exported_through() -> dt.date | None:
    """Return the last day a live export covers; None before the first one."""
    return JournalExport.objects.live().aggregate(last=Max("through"))["last"]


def preview_journal(*, through: dt.date, grouping: str = "") -> Preview:
    """Return what an export would hold now; writes nothing."""
    settings = journal_settings()
    frame = Frame(through, grouping or settings.grouping, Chart())
    pending = {source.name: source.pending(settings, through) for source in sources()}
    covered = exported_through()
    return Preview(
        through=through,
        grouping=frame.grouping,
        lines=lines_of(all_postings(lambda source: pending[source.name], frame)),
        entries=sum(rows.count() for rows in pending.values()),
        late=sum(_late(source, pending[source.name], covered) for source in sources()),
    )


def _late(source: Source, rows: QuerySet, covered: dt.date | None) -> int:
    return rows.filter(**{f"{source.dated}__lte": covered}).count() if covered else 0


@transaction.atomic
def export_journal(*, through: dt.date, by: User | None, grouping: str = "") -> JournalExport:
    """Hand over everything dated up to a day that no export had yet, in lines of debit and credit.

    Raises JournalError for a day to come, or when there is nothing to hand over.
    """
    if through > clock.today():
        raise JournalError(_("This day is still to come."))
    # Two who export at once follow each other, and the second finds what the first left.
    settings = JournalSettings.objects.select_for_update().get(pk=journal_settings().pk)
    covered = exported_through()
    export = JournalExport.objects.create(
        through=through,
        grouping=JournalGrouping(grouping or settings.grouping),
        currency=current_organisation().base_currency,
        exported_at=clock.now(),
        exported_by=by,
    )
    for source in sources():
        _mark(export, source, source.pending(settings, through))
    count = export.entries.count()
    if not count:
        raise JournalError(_("There is nothing to hand over: everything up to that day was exported."))
    frame = Frame(through, export.grouping, Chart())
    lines = lines_of(all_postings(lambda source: source.of_export(export), frame))
    for line in lines:
        line.export = export
    JournalLine.objects.bulk_create(lines, batch_size=500)
    export.entry_count = count
    export.late_count = sum(_late(source, source.of_export(export), covered) for source in sources())
    export.total = sum((line.debit for line in lines), Decimal(0))
    export.save(update_fields=["entry_count", "late_count", "total"])
    audit.record(
        "journal.exported",
        export,
        by=by,
        new={"through": through, "movements": count, "late": export.late_count, "total": export.total},
    )
    return export


def _mark(export: JournalExport, source: Source, rows: QuerySet) -> None:
    """Write down, in one statement however many they are, that the export has these rows."""
    chosen = (
        rows.order_by()
        .annotate(
            export_pk=Value(export.pk, output_field=BigIntegerField()),
            source_name=Value(source.name, output_field=CharField()),
            live=Value(True, output_field=BooleanField()),
        )
        .values_list("export_pk", "source_name", "pk", "live")
    )
    select, params = chosen.query.get_compiler(connection=connection).as_sql()
    quote = connection.ops.quote_name
    columns = ", ".join(map(quote, ("export_id", "source", "row", "is_live")))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {quote(ExportedEntry._meta.db_table)} ({columns}) {select}", params)


@transaction.atomic
def take_back_export(export: JournalExport, *, by: User | None, reason: str) -> JournalExport:
    """Declare an export as never handed over: what it had comes with the next one. It stays on record.

    Raises JournalError when it was taken back already or no reason is given.
    """
    if not reason.strip():
        raise JournalError(_("Say why the export is taken back."))
    JournalSettings.objects.select_for_update().get(pk=journal_settings().pk)
    locked = JournalExport.objects.select_for_update(of=("self",)).get(pk=export.pk)
    if not locked.is_live:
        raise JournalError(_("This export was taken back already."))
    locked.taken_back_at = clock.now()
    locked.taken_back_by = by
    locked.take_back_reason = reason.strip()
    locked.save(update_fields=["taken_back_at", "taken_back_by", "take_back_reason"])
    locked.entries.update(is_live=False)
    audit.record("journal.taken_back", locked, by=by, old={"through": locked.through}, reason=reason)
    return locked


def balance(export: JournalExport) -> tuple[Decimal, Decimal]:
    """Return the sums of debit and credit of an export's lines."""
    sums = export.lines.aggregate(debit=Sum("debit"), credit=Sum("credit"))
    return sums["debit"] or Decimal(0), sums["credit"] or Decimal(0)
