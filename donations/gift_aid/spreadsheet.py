"""The schedule as files: the spreadsheet HMRC's Charities Online takes, and the same rows as a plain table.

The cells stand where HMRC's reader looks for them (hmrc/charities-claims-validation, `GiftAidDonationRow.layout`): one
sheet of a fixed name, the earliest date in D13, what was over-claimed before in D17, headings in row 23, the first gift
in row 25, columns B to K. Rows and cells are written one by one, never as “repeated”: the reader counts elements.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from odfdo import Cell, Column, Document, Element, Row, Table

from core.exports.cells import guard
from core.money import quantize
from donations.gift_aid.schedule import ScheduleRow
from donations.models.hmrc_claim import CURRENCY

SHEET = "R68GAD_V1_00_0_EN"
COLUMNS = (
    "Item",
    "Title",
    "First name",
    "Last name",
    "House name or number",
    "Postcode",
    "Aggregated donations",
    "Sponsored event",
    "Donation date",
    "Amount",
)
# As a person reads them: column letter and row number.
EARLIEST_DATE = ("D", 13)
OVER_CLAIMED = ("D", 17)
TOTAL = ("D", 20)
HEADINGS = ("B", 23)
FIRST_ROW = ("B", 25)
_WIDTH = 11  # columns A to K
_WIDTHS = ("1cm", "1.4cm", "1.4cm", "4cm", "4.6cm", "5cm", "2.6cm", "4.6cm", "3cm", "3cm", "3cm")
_STYLES = """
<number:date-style style:name="N-date"><number:day number:style="long"/><number:text>/</number:text>
<number:month number:style="long"/><number:text>/</number:text><number:year/></number:date-style>
<number:number-style style:name="N-amount"><number:number number:decimal-places="2"
 number:min-decimal-places="2" number:min-integer-digits="1"/></number:number-style>
<style:style style:name="date" style:family="table-cell" style:data-style-name="N-date"/>
<style:style style:name="amount" style:family="table-cell" style:data-style-name="N-amount"/>
<style:style style:name="heading" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style>
"""


def written_date(day: dt.date) -> str:
    """Return the date as HMRC wants it: `02/01/26`."""
    return day.strftime("%d/%m/%y")


def written_amount(amount: Decimal) -> str:
    """Return the amount with two decimals and no sign: `200.00`."""
    return f"{amount:.2f}"


def cells_of(row: ScheduleRow) -> list[Any]:
    """Return what stands in a row's ten cells; empty text where it does not apply."""
    return [
        row.item,
        row.title,
        row.first_name,
        row.last_name,
        row.house,
        row.postcode,
        row.aggregated,
        "",  # sponsored events are not kept apart here
        row.donated_on,
        row.amount,
    ]


def as_csv(rows: Sequence[ScheduleRow]) -> bytes:
    """Return the rows as a table with HMRC's headings, to paste into its spreadsheet or another program.

    Names come from people: a cell that a spreadsheet would take for a formula gets an apostrophe, as everywhere.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_plain(value) for value in cells_of(row)])
    return text.getvalue().encode("utf-8-sig")


def _plain(value: Any) -> str:
    if isinstance(value, dt.date):
        return written_date(value)
    if isinstance(value, Decimal):
        return written_amount(value)
    return guard(str(value))


def as_spreadsheet(rows: Sequence[ScheduleRow], *, earliest_on: dt.date, over_claimed: Decimal) -> bytes:
    """Return the rows as an OpenDocument spreadsheet in the shape of HMRC's own.

    `over_claimed` is the tax of earlier claims to be given back, in pounds; its cell stays empty when there is none.
    """
    document = dressed(Document("spreadsheet"), _column_styles())
    table = Table(SHEET)
    sheet: dict[tuple[str, int], Cell] = {
        ("A", 1): cell("Gift Aid schedule"),
        ("D", EARLIEST_DATE[1] - 1): cell("Earliest donation date in the period of claim. (DD/MM/YY)"),
        EARLIEST_DATE: cell(earliest_on),
        ("D", OVER_CLAIMED[1] - 1): cell("Amount over-claimed in an earlier claim"),
        ("D", TOTAL[1] - 1): cell("Total of all donations"),
        TOTAL: cell(sum((row.amount for row in rows), Decimal(0))),
    }
    if over_claimed:
        sheet[OVER_CLAIMED] = cell(over_claimed)
    for place, heading in enumerate(COLUMNS):
        sheet[chr(ord(HEADINGS[0]) + place), HEADINGS[1]] = Cell(heading, style="heading")
    for number in range(1, FIRST_ROW[1]):
        table.append_row(line_of([sheet.get((chr(ord("A") + place), number)) for place in range(_WIDTH)]), clone=False)
    for row in rows:
        table.append_row(line_of([None, *map(cell, cells_of(row))]), clone=False)
    _widen(table)
    document.body.append(table)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def dressed(document: Document, more: str = "") -> Document:
    """Return an empty spreadsheet that knows how dates and amounts are written; `more` are further styles."""
    document.body.clear()
    for style in Element.from_tag(f"<office:automatic-styles>{_STYLES}{more}</office:automatic-styles>").children:
        document.insert_style(style, automatic=True)  # type: ignore[arg-type]
    return document


def _column_styles() -> str:
    return "".join(
        f'<style:style style:name="w{place}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width}"/></style:style>'
        for place, width in enumerate(_WIDTHS)
    )


def _widen(table: Table) -> None:
    """Give each column its width, in place of the one definition that the rows brought along."""
    for element in table.get_elements("table:table-column"):
        table.delete(element)
    for place in range(_WIDTH):
        table.insert(Column(style=f"w{place}"), position=place)


def line_of(cells: Sequence[Cell | None]) -> Row:
    """Return a row of these cells; None is an empty one."""
    row = Row()
    for cell in cells:
        row.append_cell(cell if cell is not None else Cell(), clone=False)
    return row


def cell(value: Any) -> Cell:
    """Return a cell whose written text is right too: the reader takes texts for dates, values for amounts."""
    if isinstance(value, dt.date):
        return Cell(value, text=written_date(value), style="date")
    if isinstance(value, Decimal):
        return Cell(quantize(value, CURRENCY), text=written_amount(value), style="amount")
    if isinstance(value, int):
        return Cell(value, text=str(value))
    return Cell(value) if value else Cell()
