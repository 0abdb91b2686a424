"""Recognising a file: what it is written in, its kind, what its columns hold; all of it to be shown and corrected."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core.imports.cleaning.profile import DAY_FIRST, MONTH_FIRST, ColumnProfile, Style, date_order
from core.imports.errors import BadMappingError, QuestionOpenError
from core.imports.formats import Format, format_named, formats, recognise
from core.imports.models import ImportRun
from core.imports.readers import Column, Table, open_table
from core.imports.readers.table import header_key
from core.organisation import current_organisation


@contextmanager
def table_of(run: ImportRun) -> Iterator[Table]:
    """Open the run's file."""
    known = [each.headers for each in formats()]
    with open_table(Path(run.file.path), known=known) as table:
        yield table


def examine(run: ImportRun) -> None:
    """Read the whole file once and write down what it is; what was answered by hand in `run.options` stands.

    Raises UnreadableFileError, UnknownKindError or BadMappingError. Saves the run.
    """
    with table_of(run) as table:
        file_format = format_named(run.kind) if run.kind and run.kind != "auto" else recognise(table.columns)
        fields = field_by_column(file_format, table.columns, run.options.get("columns") or {})
        profiles = [ColumnProfile() for _column in table.columns]
        kinds = {index: file_format.field(path).kind for index, path in fields.items()}
        rows = 0
        for row in table:
            rows += 1
            for index, text in enumerate(row.cells):
                if text:
                    profile = profiles[index]
                    profile.see(text)
                    kind = kinds.get(index)
                    if kind == "date":
                        profile.see_date(text)
                    elif kind == "amount":
                        profile.see_amount(text)
        run.kind = file_format.name
        run.system = run.system or file_format.system or _system_name(run.file_name)
        fields = _fullest(fields, profiles, run.options.get("columns") or {}, table.columns)
        run.recognised = _findings(table, file_format, fields, profiles, kinds, rows)
    run.save()


def field_by_column(file_format: Format, columns: list[Column], chosen: dict[str, str]) -> dict[int, str]:
    """Return which field each column holds: as guessed, corrected by what was chosen (header to field, "" for none).

    Raises BadMappingError for a header or a field that does not exist.
    """
    fields = file_format.guess(columns)
    by_name = {column.name: column.index for column in columns} | {column.key: column.index for column in columns}
    for header, path in chosen.items():
        index = by_name.get(header, by_name.get(header_key(header)))
        if index is None:
            raise BadMappingError(_("The file has no column “%(header)s”.") % {"header": header})
        if not path:
            fields.pop(index, None)
            continue
        try:
            file_format.field(path)
        except KeyError:
            known = ", ".join(each.path for each in file_format.fields)
            raise BadMappingError(
                _("There is no field “%(field)s”. Known: %(known)s.") % {"field": path, "known": known}
            ) from None
        for other in [at for at, taken in fields.items() if taken == path and at != index]:
            del fields[other]
        fields[index] = path
    return fields


def _fullest(
    fields: dict[int, str], profiles: list[ColumnProfile], chosen: dict[str, str], columns: list[Column]
) -> dict[int, str]:
    """Keep one column a field: the one somebody chose, else the one with most in it, else the first."""
    wanted = {index for index in fields if columns[index].name in chosen or columns[index].key in chosen}
    best: dict[str, int] = {}
    for index in sorted(fields, key=lambda index: (index not in wanted, -profiles[index].filled, index)):
        best.setdefault(fields[index], index)
    return {index: path for index, path in fields.items() if best[path] == index}


def style_of(run: ImportRun) -> Style:
    """Return how the file writes dates and amounts. Raises QuestionOpenError while that is open."""
    if run.recognised.get("questions"):
        raise QuestionOpenError(
            _("The dates could be day first or month first (%(examples)s). Say which.")
            % {"examples": ", ".join(run.recognised.get("date_examples", []))}
        )
    organisation = current_organisation()
    return Style(
        date_order=run.options.get("date_order") or run.recognised.get("date_order") or MONTH_FIRST,
        decimal_mark=run.options.get("decimal_mark") or run.recognised.get("decimal_mark") or "",
        country=str(organisation.country),
        currency=organisation.base_currency,
    )


def needs_date_order(run: ImportRun) -> bool:
    """Whether somebody has to say if days or months come first."""
    return "date_order" in run.recognised.get("questions", [])


def _findings(
    table: Table,
    file_format: Format,
    fields: dict[int, str],
    profiles: list[ColumnProfile],
    kinds: dict[int, str],
    rows: int,
) -> dict[str, Any]:
    dates = [profiles[index] for index, kind in kinds.items() if kind == "date"]
    amounts = [profiles[index] for index, kind in kinds.items() if kind == "amount"]
    order, ask = date_order(dates)
    marks = {profile.decimal_mark for profile in amounts} - {""}
    ignored = {header_key(header): str(reason) for header, reason in file_format.ignored.items()}
    columns = []
    for column in table.columns:
        path = fields.get(column.index, "")
        columns.append(
            {
                "index": column.index,
                "name": column.name,
                "field": path,
                "label": str(file_format.field(path).label) if path else "",
                "reason": "" if path else ignored.get(column.key, ""),
                "filled": profiles[column.index].filled,
                "examples": profiles[column.index].examples,
            }
        )
    return {
        "encoding": table.encoding,
        "separator": table.separator,
        "sheet": table.sheet,
        "header_row": table.header_row,
        "rows": rows,
        "notes": table.notes,
        "columns": columns,
        "date_order": order,
        "date_examples": [example for profile in dates for example in profile.examples][:3],
        "decimal_mark": marks.pop() if len(marks) == 1 else "",
        "questions": ["date_order"] if ask else [],
    }


def answer_questions(run: ImportRun) -> None:
    """Take the order of dates off the questions once it is given. Raises BadMappingError for a wrong answer."""
    order = run.options.get("date_order", "")
    if order and order not in (DAY_FIRST, MONTH_FIRST, "ymd"):
        raise BadMappingError(_("The order of dates is dmy, mdy or ymd."))
    if order and needs_date_order(run):
        run.recognised["questions"] = []
        run.save(update_fields=["recognised"])


def _system_name(file_name: str) -> str:
    return (Path(file_name).stem or "file")[:60]
