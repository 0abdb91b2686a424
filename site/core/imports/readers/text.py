"""Reading CSV and its cousins: the separator is the one that makes the rows alike."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from core.imports.errors import UnreadableFileError
from core.imports.readers.encoding import detect_encoding
from core.imports.readers.table import Limits, Table, named_columns, with_header

SEPARATORS = (",", ";", "\t", "|")
_LOOK_AT = 200


class _Lines:
    """The file's lines, remembering the last one and how many quotation marks have gone by."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = lines
        self.quotes = 0

    def __iter__(self) -> Iterator[str]:
        for line in self.lines:
            self.quotes += line.count('"')
            yield line.replace("\0", "\N{REPLACEMENT CHARACTER}")


def read_text(path: Path, known: Iterable[frozenset[str]], limits: Limits, open_files: ExitStack) -> Table:
    """Read a text file as a table; it stays open until `open_files` closes."""
    encoding = detect_encoding(path)
    file = open_files.enter_context(path.open(encoding=encoding.codec, errors="replace", newline=""))
    separator = sniff_separator(list(islice(file, _LOOK_AT)))
    file.seek(0)
    number, header, rows = with_header(_records(file, separator, limits), known)
    columns = named_columns(header)
    if len(columns) > limits.columns:
        raise UnreadableFileError(
            _("The file has %(found)s columns; %(limit)s are the most.")
            % {"found": len(columns), "limit": limits.columns},
            line=number,
        )
    notes = [encoding.note] if encoding.note else []
    return Table(encoding.label, separator, number, columns, rows, notes=notes, limits=limits)


def sniff_separator(lines: list[str]) -> str:
    """Return the separator under which most rows have the same number of cells, more cells winning."""

    def fitness(separator: str) -> tuple[int, int]:
        try:
            widths = Counter(len(cells) for cells in csv.reader(lines, delimiter=separator) if len(cells) > 1)
        except csv.Error:
            return (0, 0)
        if not widths:
            return (0, 0)
        width, alike = max(widths.items(), key=lambda item: (item[1] * item[0], item[0]))
        return (alike * (width - 1), width)

    return max(SEPARATORS, key=fitness)


def _records(lines: Iterable[str], separator: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with its number in a spreadsheet; raise UnreadableFileError with the line it starts on."""
    counted = _Lines(lines)
    reader = csv.reader(counted, delimiter=separator)
    csv.field_size_limit(max(csv.field_size_limit(), limits.cell + 1))
    number, starts = 0, 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableFileError(
                _unclosed() if "field larger" in str(error) else str(error), line=starts
            ) from None
        number += 1
        if any(len(cell) > limits.cell for cell in cells):
            raise UnreadableFileError(_unclosed(), line=starts)
        if reader.line_num > starts and counted.quotes % 2:
            raise UnreadableFileError(_unclosed(), line=starts)
        counted.quotes = 0
        starts = reader.line_num + 1
        yield number, cells


def _unclosed() -> str:
    return _("a quotation mark opens a cell here and never closes it. Add the missing one and try again.")
