"""CSV and XLSX from a bank: every bank has headings of its own, so that they are looked for, or said.

`columns` maps what we need (`date`, `amount`, `credit`, `debit`, `payer`, `account`, `reference`, `text`, `id`) to a
heading of the file; what it leaves out is found by the words banks use.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext as _

from core.imports.cleaning.cells import clean_amount, clean_date
from core.imports.cleaning.profile import DAY_FIRST, ColumnProfile, Style, date_order
from core.imports.errors import CellError, UnreadableFileError
from core.imports.readers import Row, Table, open_table
from core.imports.readers.table import header_key
from core.money import Money
from donations.bank.readers.lines import Entry, StatementError

#: The words banks put above their columns, the likeliest first; compared in lower case.
HEADINGS: dict[str, tuple[str, ...]] = {
    "date": ("booking date", "posting date", "buchungstag", "transaction date", "date posted", "value date", "date"),
    "amount": ("amount", "betrag", "montant", "transaction amount", "betrag (eur)", "value"),
    "credit": ("credit", "credit amount", "paid in", "money in", "deposit", "deposits", "haben", "crédit"),
    "debit": ("debit", "debit amount", "paid out", "money out", "withdrawal", "withdrawals", "soll", "débit"),
    "payer": (
        "payer",
        "name",
        "counterparty",
        "counterparty name",
        "beguenstigter/zahlungspflichtiger",
        "auftraggeber/empfänger",
        "name zahlungsbeteiligter",
        "payee",
        "donneur d'ordre",
    ),
    "account": ("iban", "account number", "kontonummer/iban", "counterparty account", "iban zahlungsbeteiligter"),
    "reference": ("reference", "payment reference", "kundenreferenz (end-to-end)", "end-to-end id", "référence"),
    "text": ("description", "memo", "details", "verwendungszweck", "narrative", "transaction description", "libellé"),
    "id": ("transaction id", "fitid", "id", "bank reference"),
}


def read_columns(
    path: Path, currency: str, columns: Mapping[str, str], remembered: Mapping[str, str]
) -> tuple[list[Entry], dict[str, str]]:
    """Return the entries, amounts in the account's currency, and which heading was taken for what.

    `columns` must be there; what is `remembered` of an earlier file is looked for first.

    Raises StatementError naming the heading that is missing, or the row that cannot be read.
    """
    known = [frozenset({date, amount}) for date in HEADINGS["date"] for amount in HEADINGS["amount"]]
    try:
        with open_table(path, known=known) as table:
            places, used = _places(table, columns, remembered)
            rows = [row for row in table if any(cell.strip() for cell in row.cells)]
    except UnreadableFileError as error:
        raise StatementError(str(error)) from error
    style = _style(rows, places)
    return [entry for row in rows for entry in _entries(row, places, style, currency)], used


def _places(
    table: Table, columns: Mapping[str, str], remembered: Mapping[str, str]
) -> tuple[dict[str, int], dict[str, str]]:
    by_key = {column.key: column for column in reversed(table.columns)}
    found = {}
    for what, headings in HEADINGS.items():
        wanted = [header_key(columns[what])] if columns.get(what) else [header_key(remembered.get(what, "")), *headings]
        column = next((by_key[key] for key in wanted if key in by_key), None)
        if column is None and columns.get(what):
            words = {"heading": columns[what], "found": ", ".join(each.name for each in table.columns)}
            raise StatementError(_("There is no column “%(heading)s”. The file has: %(found)s.") % words)
        if column is not None:
            found[what] = column
    if "date" not in found or not {"amount", "credit"} & found.keys():
        missing = _("the day") if "date" not in found else _("the amount")
        words = {"missing": missing, "found": ", ".join(each.name for each in table.columns)}
        raise StatementError(_("Say which column holds %(missing)s. The file has: %(found)s.") % words)
    return {what: each.index for what, each in found.items()}, {what: each.name for what, each in found.items()}


def _style(rows: list[Row], places: Mapping[str, int]) -> Style:
    """How the file writes days and amounts; an order no day shows is the day's first, as most of the world writes."""
    days, amounts = ColumnProfile(), ColumnProfile()
    for row in rows:
        days.see_date(_cell(row, places, "date"))
        for what in ("amount", "credit", "debit"):
            amounts.see_amount(_cell(row, places, what))
    order, _is_open = date_order([days])
    return Style(date_order=order or DAY_FIRST, decimal_mark=amounts.decimal_mark)


def _cell(row: Row, places: Mapping[str, int], what: str) -> str:
    at = places.get(what)
    return row.cells[at].strip() if at is not None and at < len(row.cells) else ""


def _entries(row: Row, places: Mapping[str, int], style: Style, currency: str) -> Iterator[Entry]:
    try:
        booked_on = clean_date(_cell(row, places, "date"), style)
        amount = _amount(row, places, style)
    except CellError as error:
        raise StatementError(_("Row %(row)d: %(error)s") % {"row": row.number, "error": error}) from error
    if amount:
        yield Entry(
            booked_on=booked_on,
            money=Money(amount, currency),
            payer=_cell(row, places, "payer"),
            payer_account=_cell(row, places, "account"),
            reference=_cell(row, places, "reference"),
            text=_cell(row, places, "text"),
            bank_id=_cell(row, places, "id"),
        )


def _amount(row: Row, places: Mapping[str, int], style: Style) -> Decimal:
    """The amount with its sign, from one column, or from one for each direction."""
    if written := _cell(row, places, "amount"):
        return clean_amount(written, style)
    if written := _cell(row, places, "credit"):
        return abs(clean_amount(written, style))
    if written := _cell(row, places, "debit"):
        return -abs(clean_amount(written, style))
    return Decimal(0)
