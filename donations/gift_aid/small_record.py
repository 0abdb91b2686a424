"""The record behind a claim on small donations: day by day what came where, as HMRC asks to see it.

HMRC's form takes the tax year and one sum, no schedule (the GASDSClaim of its Charity Repayment Claim: Year, Amount).
What a charity has to keep is the total of each collection, its day and the day it was paid in (gov.uk, Gift Aid Small
Donations Scheme, Keeping records); names of donors are not part of it.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from odfdo import Document, Table

from core.exports.cells import guard
from core.money import Money
from core.organisation import current_organisation
from donations.gift_aid.spreadsheet import cell, dressed, line_of, written_amount, written_date
from donations.gift_aid.years import tax_year_name
from donations.models import GiftAidSettings, SmallClaim
from donations.models.hmrc_claim import CURRENCY


@dataclass(slots=True)
class RecordRow:
    """What came of one collection, or in small cash gifts of one day."""

    on: dt.date
    what: str
    how: str
    amount: Decimal
    banked_on: dt.date | None = None
    gifts: int = 0


def rows_of(claim: SmallClaim) -> list[RecordRow]:
    """Return the rows of a claim by day: its cash gifts day by day, each collection by itself."""
    rows: list[RecordRow] = []
    by_day: dict[dt.date, RecordRow] = {}
    for line in claim.lines.select_related("gift", "collection").order_by("pk"):
        if line.collection is not None:
            found = line.collection
            row = RecordRow(found.collected_on, found.place, str(found.get_how_display()), line.amount, found.banked_on)
            rows.append(row)
        elif line.gift is not None:
            day = line.gift.received_on
            if day not in by_day:
                by_day[day] = RecordRow(day, "", str(line.gift.get_method_display()), Decimal(0))
                rows.append(by_day[day])
            by_day[day].gifts += 1
            by_day[day].amount += line.amount
    for row in by_day.values():
        row.what = ngettext("%(count)d cash gift", "%(count)d cash gifts", row.gifts) % {"count": row.gifts}
    return sorted(rows, key=lambda row: row.on)


def headings() -> list[str]:
    """Return the names of the columns."""
    return [_("Collected on"), _("What"), _("How it came"), _("Paid in on"), _("Amount")]


def as_csv(claim: SmallClaim) -> bytes:
    """Return the rows as a table."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(headings())
    for row in rows_of(claim):
        banked = written_date(row.banked_on) if row.banked_on else ""
        writer.writerow([written_date(row.on), guard(row.what), guard(row.how), banked, written_amount(row.amount)])
    return text.getvalue().encode("utf-8-sig")


def as_spreadsheet(claim: SmallClaim) -> bytes:
    """Return the rows as an OpenDocument spreadsheet, below what is entered in HMRC's form."""
    document = dressed(Document("spreadsheet"))
    table = Table("Small donations")
    for said, value in _facts(claim):
        table.append_row(line_of([cell(said), cell(value)]), clone=False)
    table.append_row(line_of([None]), clone=False)
    table.append_row(line_of([cell(heading) for heading in headings()]), clone=False)
    for row in rows_of(claim):
        cells = [cell(row.on), cell(row.what), cell(row.how), cell(row.banked_on), cell(row.amount)]
        table.append_row(line_of(cells), clone=False)
    document.body.append(table)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _facts(claim: SmallClaim) -> Iterator[tuple[str, str | int | Decimal]]:
    yield current_organisation().legal_name or current_organisation().name, ""
    if reference := GiftAidSettings.load().hmrc_reference:
        yield _("HMRC charities reference"), reference
    yield _("Tax year"), tax_year_name(claim.tax_year)
    yield _("Tax year end, as HMRC’s form asks"), claim.tax_year
    yield _("Amount of donations"), claim.amount
    yield _("Top-up"), claim.top_up
    if claim.owed_back:
        yield _("Over-claimed before"), claim.owed_back
    yield _("Most in a year"), str(Money(claim.most, CURRENCY))
    yield _("Gift Aid claimed on in that year"), str(Money(claim.gift_aided, CURRENCY))
