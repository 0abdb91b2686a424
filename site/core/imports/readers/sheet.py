"""Reading XLSX: sizes are checked before anything is parsed, cells become the text a person would have typed."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from core.imports.errors import UnreadableFileError
from core.imports.readers.table import Limits, Table, named_columns, with_header

_MOST_BLANK_ROWS = 5_000


def is_workbook(path: Path) -> bool:
    """Whether the file is a zip archive, as every XLSX is, whatever it is called."""
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def read_workbook(path: Path, known: Iterable[frozenset[str]], limits: Limits, open_files: ExitStack) -> Table:
    """Read the first sheet that holds anything; the file stays open until `open_files` closes."""
    _check_archive(path, limits)
    known = list(known)
    try:
        workbook = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl raises whatever a broken part makes it stumble over
        raise UnreadableFileError(_("This is not a workbook Steward can read: %(error)s") % {"error": error}) from error
    open_files.callback(workbook.close)
    sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    notes = []
    for sheet in sheets:
        try:
            number, header, rows = with_header(_records(sheet, limits), known)
        except UnreadableFileError:
            continue
        if len(sheets) > 1:
            notes.append(_("Only the sheet “%(sheet)s” is read.") % {"sheet": sheet.title})
        return Table("XLSX", "", number, named_columns(header), rows, sheet=sheet.title, notes=notes, limits=limits)
    raise UnreadableFileError(_("There is nothing in this file."))


def _check_archive(path: Path, limits: Limits) -> None:
    """Refuse what would burst: the archive says how large its parts become, and cannot give more than it says."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > limits.expanded_bytes or len(parts) > 2_000:
                raise UnreadableFileError(_("Unpacked, this workbook is too large to read. Save it as CSV."))
            if "xl/workbook.xml" not in archive.namelist():
                raise UnreadableFileError(_("This archive is not a workbook. Save the file as XLSX or CSV."))
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as file:
                        if b"<!DOCTYPE" in file.read(2_000).upper():
                            raise UnreadableFileError(_("This workbook holds XML that Steward does not open."))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise UnreadableFileError(_("This workbook is damaged: %(error)s") % {"error": error}) from error


def _records(sheet: Any, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    # The dimension a file claims for itself is often wrong; without it the rows end where they end.
    sheet.reset_dimensions()
    blank = 0
    for number, values in enumerate(sheet.iter_rows(values_only=True, max_col=limits.columns + 1), start=1):
        if len(values) > limits.columns and values[limits.columns] is not None:
            raise UnreadableFileError(
                _("The sheet has more than %(limit)s columns.") % {"limit": limits.columns}, line=number
            )
        cells = ["" if value is None else _as_typed(value) for value in values]
        blank = 0 if any(cells) else blank + 1
        if blank > _MOST_BLANK_ROWS:
            return
        if any(len(cell) > limits.cell for cell in cells):
            raise UnreadableFileError(_("A cell holds more text than Steward takes."), line=number)
        yield number, cells


def _as_typed(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
        case dt.datetime():
            return value.date().isoformat() if value.time() == dt.time.min else value.isoformat(sep=" ")
        case dt.date() | dt.time():
            return value.isoformat()
    return str(value)
