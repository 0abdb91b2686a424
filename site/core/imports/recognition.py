"""Recognising a file: what it is written in, its kind, what its columns hold; all of it to be shown and corrected."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core.imports.cleaning.profile import (
    DAY_FIRST,
    MONTH_FIRST,
    ColumnProfile,
    Style,
    date_order,
    figures_order,
    missing_marks,
)
from core.imports.columns import NEW, Fields, guessed, proposals, settled
from core.imports.errors import BadMappingError, QuestionOpenError
from core.imports.formats import Format, Guess, format_named, formats, recognise
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
    chosen = run.options.get("columns") or {}
    with table_of(run) as table:
        file_format = _format_of(run, table, chosen)
        known = Fields(run, file_format)
        guesses, by_hand = guessed(known, table.columns, chosen)
        profiles = [ColumnProfile() for _column in table.columns]
        expected = _watchers(known, guesses, by_hand, table.columns)
        rows = _watch(table, profiles, expected)
        _settle_blanks(profiles, expected, lenient=file_format.keeper is not None)
        run.kind = file_format.name
        run.system = run.system or file_format.system or _system_name(run.file_name)
        fields = settled(file_format, guesses, by_hand, profiles)
        ignored = {header_key(header): str(reason) for header, reason in file_format.ignored.items()}
        left_out = {table.columns[index].key for index, path in by_hand.items() if not path}
        made = proposals(file_format, table.columns, fields, profiles, taken=known.kept, ignored={*ignored, *left_out})
        fields |= {index: proposal["path"] for index, proposal in made.items()}
        every = Fields(run, file_format, list(made.values()))
        kinds = {index: every.get(path).kind for index, path in fields.items()}
        run.recognised = _findings(table, profiles, kinds, rows, lenient=file_format.keeper is not None) | {
            "columns": [
                {
                    "index": column.index,
                    "name": column.name,
                    "field": fields.get(column.index, ""),
                    "label": str(every.get(fields[column.index]).label) if column.index in fields else "",
                    "reason": "" if column.index in fields else ignored.get(column.key, ""),
                    "filled": profiles[column.index].filled,
                    "examples": profiles[column.index].examples,
                    "missing": profiles[column.index].missing,
                    **({"new": made[column.index]} if column.index in made else {}),
                }
                for column in table.columns
            ]
        }
    run.save()


def _format_of(run: ImportRun, table: Table, chosen: dict[str, str]) -> Format:
    if run.kind and run.kind != "auto":
        return format_named(run.kind)
    return recognise(
        table.columns, [path for path in chosen.values() if path and path != NEW and "custom." not in path]
    )


def _watchers(
    known: Fields, guesses: dict[int, Guess], by_hand: dict[int, str], columns: list[Column]
) -> dict[int, str]:
    """Return the kind of values to expect in each column; nothing for one that nobody knows."""
    paths = {index: guess.path for index, guess in guesses.items()} | by_hand
    return {
        column.index: known.get(path).kind if (path := paths.get(column.index)) and path != NEW else ""
        for column in columns
    }


def _watch(table: Table, profiles: list[ColumnProfile], kinds: dict[int, str]) -> int:
    """Let every column's profile see its values; return how many rows there are."""
    for index, kind in kinds.items():
        profiles[index].watches_repeats = kind == "id"
    rows = 0
    for row in table:
        rows += 1
        for index, text in enumerate(row.cells):
            if not text:
                continue
            profile = profiles[index]
            if not profile.see(text):
                continue
            match kinds[index]:
                case "":
                    profile.see_type(text)
                case "date" | "birthday":
                    profile.see_date(text)
                case "amount" | "number":
                    profile.see_amount(text)
    return rows


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
        figures=run.recognised.get("figures") or "",
        country=str(organisation.country),
        currency=organisation.base_currency,
    )


def needs_date_order(run: ImportRun) -> bool:
    """Whether somebody has to say if days or months come first."""
    return "date_order" in run.recognised.get("questions", [])


def _findings(
    table: Table, profiles: list[ColumnProfile], kinds: dict[int, str], rows: int, *, lenient: bool
) -> dict[str, Any]:
    dates = [profiles[index] for index, kind in kinds.items() if kind in ("date", "birthday")]
    amounts = [profiles[index] for index, kind in kinds.items() if kind in ("amount", "number")]
    order, ask = date_order(dates, most_will_do=lenient)
    marks = {profile.decimal_mark for profile in amounts} - {""}
    return {
        "encoding": table.encoding,
        "separator": table.separator,
        "sheet": table.sheet,
        "header_row": table.header_row,
        "rows": rows,
        "notes": [*table.notes, *_blanks_in_words(table, profiles)],
        "date_order": order,
        "figures": figures_order(dates),
        "date_examples": [example for profile in dates for example in profile.examples][:3],
        "decimal_mark": marks.pop() if len(marks) == 1 else "",
        "questions": ["date_order"] if ask else [],
    }


def _settle_blanks(profiles: list[ColumnProfile], kinds: dict[int, str], *, lenient: bool) -> None:
    """Decide for each column which spellings stand for nothing; the others are values after all."""

    def is_words(index: int) -> bool:
        unknown = kinds[index] == "" and not (profiles[index].types and profiles[index].filled)
        return unknown or kinds[index] == "text"

    proven = {mark for index in kinds if not is_words(index) for mark in profiles[index].marks}
    proven |= {mark for profile in profiles for mark in profile.frequent_marks}
    for index, profile in enumerate(profiles):
        if lenient:
            profile.missing = missing_marks(profile, proven, is_words=is_words(index))
        values = [mark for mark in profile.marks if mark not in profile.missing]
        profile.filled += sum(profile.marks[mark] for mark in values)
        profile.examples = [*profile.examples, *values][:3]


def _blanks_in_words(table: Table, profiles: list[ColumnProfile]) -> list[str]:
    where: dict[str, list[str]] = {}
    for column in table.columns:
        for mark in profiles[column.index].missing:
            where.setdefault(mark, []).append(column.name)
    return [
        _("“%(mark)s” counts as blank in: %(columns)s.") % {"mark": mark, "columns": ", ".join(names)}
        for mark, names in where.items()
    ]


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
