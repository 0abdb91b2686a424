"""The writers: rows in, one file out, one row in memory at a time. Each returns how many rows it wrote."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from core.exports.cells import csv_cell, guard, json_cell, xlsx_cell

# The limits of a sheet, header included.
_SHEET_ROWS, _SHEET_WORDS = 1_048_576, 32_767
_DATES = {dt.datetime: "yyyy-mm-dd hh:mm:ss", dt.date: "yyyy-mm-dd", dt.time: "hh:mm:ss"}


class ExportError(Exception):
    """The rows do not fit the format; the message is meant for staff."""


def write_csv(rows: Iterable[Sequence[Any]], columns: Sequence[Any], out: BinaryIO, *, bom: bool = False) -> int:
    """Write UTF-8 CSV; with `bom`, Excel recognises the encoding by itself."""
    stream = io.TextIOWrapper(out, encoding="utf-8-sig" if bom else "utf-8", newline="", write_through=False)
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([csv_cell(column) for column in columns])
    count = 0
    for row in rows:
        cells = [csv_cell(value) for value in row]
        # A row of one empty cell would be a blank line, which readers skip.
        stream.write('""\r\n') if cells == [""] else writer.writerow(cells)
        count += 1
    stream.flush()
    stream.detach()
    return count


def write_json(rows: Iterable[Sequence[Any]], columns: Sequence[Any], out: BinaryIO) -> int:
    """Write one list of objects, a row a line; amounts are strings, dates ISO."""
    names = [str(column) for column in columns]
    count = 0
    out.write(b"[")
    for row in rows:
        entry = dict(zip(names, (json_cell(value) for value in row), strict=True))
        out.write(b",\n" if count else b"\n")
        out.write(json.dumps(entry, ensure_ascii=False).encode())
        count += 1
    out.write(b"\n]\n")
    return count


def write_xlsx(rows: Iterable[Sequence[Any]], columns: Sequence[Any], out: BinaryIO) -> int:
    """Write a workbook of one sheet: real numbers and dates, words that no edit turns into a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Export")
    sheet.freeze_panes = "A2"
    try:
        count = _fill(sheet, rows, columns)
    except BaseException:
        # openpyxl holds the rows in a temporary file, and lets go of it only when a workbook is saved.
        sheet.close()
        sheet._writer.cleanup()
        raise
    book.save(out)
    return count


def _fill(sheet: Worksheet, rows: Iterable[Sequence[Any]], columns: Sequence[Any]) -> int:
    header = [_sheet_cell(sheet, str(column)) for column in columns]
    for cell in header:
        cell.font = Font(bold=True)
    sheet.append(header)
    count = 0
    for row in rows:
        count += 1
        if count >= _SHEET_ROWS:
            raise ExportError(_("A sheet holds %(limit)s rows: use CSV.") % {"limit": _SHEET_ROWS - 1})
        sheet.append([_sheet_cell(sheet, value, count, index, columns) for index, value in enumerate(row)])
    return count


def _sheet_cell(sheet: Worksheet, value: Any, row: int = 0, index: int = 0, columns: Sequence[Any] = ()) -> Any:
    value = xlsx_cell(value)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        if type(value) not in _DATES:
            return value
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = _DATES[type(value)]
        return cell
    if len(value) > _SHEET_WORDS:
        raise ExportError(
            _("Row %(row)s, %(column)s: too long for a sheet (%(length)s characters): use CSV.")
            % {"row": row, "column": columns[index], "length": len(value)}
        )
    if value[0].isalnum() and row:
        return value
    cell = WriteOnlyCell(sheet, value)
    # openpyxl makes a formula of anything behind "=". This says words, and that they stay words when edited.
    cell.data_type = "s"
    cell.quotePrefix = guard(value) != value
    return cell


FORMATS: dict[str, tuple[Callable[..., int], str]] = {
    "csv": (write_csv, "text/csv; charset=utf-8"),
    "xlsx": (write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": (write_json, "application/json"),
}


def write(fmt: str, rows: Iterable[Sequence[Any]], columns: Sequence[Any], out: BinaryIO, **options: Any) -> int:
    """Write in the named format. Raises ExportError for one we do not have."""
    try:
        writer, _content_type = FORMATS[fmt]
    except KeyError:
        known = ", ".join(FORMATS)
        raise ExportError(_("“%(format)s” is not one of %(known)s.") % {"format": fmt, "known": known}) from None
    return writer(rows, columns, out, **options)
