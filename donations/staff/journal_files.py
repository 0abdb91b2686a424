"""The files of a journal export: its lines, and every movement they were summed up from."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import permission_required

from core import clock
from core.exports import FORMATS, download_response
from core.money import currency_places, quantize
from donations.models import JournalExport, LedgerEntry
from donations.staff.journal_lines import method_name

LINE_COLUMNS = [
    _("Export"),
    _("Date"),
    _("Text"),
    _("Account"),
    _("Account name"),
    _("Fund"),
    _("Method"),
    _("Debit"),
    _("Credit"),
    _("Currency"),
    _("Original currency"),
    _("Original amount"),
]

MOVEMENT_COLUMNS = [
    _("Export"),
    _("Dated"),
    _("Recorded on"),
    _("What"),
    _("Gift"),
    _("Donor"),
    _("Fund"),
    _("Method"),
    _("Amount"),
    _("Currency"),
    _("In base currency"),
    _("Reason"),
]


def line_rows(export: JournalExport) -> Iterator[list[Any]]:
    """Return the lines of an export as they go into a file."""
    for line in export.lines.iterator():
        places = currency_places(export.currency)
        yield [
            str(export),
            line.date,
            line.text,
            line.account,
            line.account_name,
            line.fund,
            method_name(line.method),
            round(line.debit, places) if line.debit else None,
            round(line.credit, places) if line.credit else None,
            export.currency,
            line.own_currency,
            quantize(line.own_amount, line.own_currency) if line.own_amount is not None else None,
        ]


def movement_rows(export: JournalExport) -> Iterator[list[Any]]:
    """Return every gift's movement in an export: what its lines were summed up from."""
    entries = (
        LedgerEntry.objects.filter(pk__in=export.entries.filter(source="ledger").values("row"))
        .select_related("gift__donor", "fund")
        .order_by("effective_on", "pk")
    )
    for entry in entries.iterator(chunk_size=2_000):
        yield [
            str(export),
            entry.effective_on,
            clock.local_date(entry.recorded_at),
            str(entry.get_kind_display()),
            str(entry.gift.uuid),
            str(entry.gift.donor),
            entry.fund.code,
            str(entry.gift.get_method_display()),
            quantize(entry.amount, entry.currency),
            entry.currency,
            quantize(entry.base_amount, export.currency),
            entry.reason,
        ]


_FILES = {
    "lines": (_("Journal"), LINE_COLUMNS, line_rows),
    "movements": (_("Movements"), MOVEMENT_COLUMNS, movement_rows),
}


@permission_required("donations.export_journal")
def download(request: HttpRequest, uuid: uuid.UUID, what: str, fmt: str) -> HttpResponseBase:
    """Answer with the lines of an export, or with the movements they were summed up from, as CSV or XLSX."""
    export = get_object_or_404(JournalExport, uuid=uuid)
    if what not in _FILES or fmt not in FORMATS:
        raise Http404
    label, columns, rows = _FILES[what]
    return download_response(
        request,
        name=f"{label} {export}",
        columns=columns,
        rows=rows(export),
        fmt=fmt,
        permission="donations.export_journal",
        filter_description=str(export),
    )
