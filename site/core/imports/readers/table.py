"""The table every reader hands out: columns by position, rows with the numbers a spreadsheet shows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from django.utils.translation import gettext as _

from core.exports import unguard
from core.imports.errors import UnreadableFileError

_SPACES = re.compile(r"[\s_]+")
_APOSTROPHES = str.maketrans({"\N{RIGHT SINGLE QUOTATION MARK}": "'", "\N{LEFT SINGLE QUOTATION MARK}": "'", "`": "'"})


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is read at all; more is refused before it is parsed."""

    bytes: int = 100 * 1024 * 1024
    expanded_bytes: int = 400 * 1024 * 1024
    rows: int = 1_000_000
    columns: int = 500
    cell: int = 32_767


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where it stands, and what its header says (made unique when two say the same or one says nothing)."""

    index: int
    name: str

    @property
    def key(self) -> str:
        """The header as formats compare it: lower case, plain apostrophes, single spaces."""
        return header_key(self.name)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file, and one text a column."""

    number: int
    cells: list[str]
    surplus: bool = False
    """Whether it has more cells than the table has columns."""


@dataclass(slots=True)
class Table:
    """A file read as a table. Iterating reads it from the first row under the header; once."""

    encoding: str
    separator: str
    header_row: int
    columns: list[Column]
    rows: Iterator[tuple[int, list[str]]]
    sheet: str = ""
    notes: list[str] = field(default_factory=list)
    limits: Limits = field(default_factory=Limits)

    def __iter__(self) -> Iterator[Row]:
        width = len(self.columns)
        for number, cells in self.rows:
            if number > self.limits.rows:
                raise UnreadableFileError(
                    _("The file has more than %(rows)s rows. Split it.") % {"rows": self.limits.rows}
                )
            # Our own exports put an apostrophe before what a spreadsheet would run.
            stripped = [unguard(cell.strip()) for cell in cells]
            if not any(stripped):
                continue
            surplus = any(stripped[width:])
            padded = stripped[:width] + [""] * (width - len(stripped))
            yield Row(number, padded, surplus)


def header_key(text: str) -> str:
    """Return a header as formats compare it."""
    plain = text.translate(_APOSTROPHES).replace("\N{ZERO WIDTH NO-BREAK SPACE}", "")
    return _SPACES.sub(" ", plain).strip().lower().rstrip(":*")


def named_columns(header: Sequence[str]) -> list[Column]:
    """Name each column by its header; a blank one by its position, a repeated one with a number behind it.

    Blank headers at the end are dropped: they come from separators at the end of every line.
    """
    texts = [_SPACES.sub(" ", text.replace("\N{ZERO WIDTH NO-BREAK SPACE}", "")).strip() for text in header]
    originals = [" ".join(text.split()) for text in header]
    while texts and not texts[-1]:
        texts.pop()
    seen: Counter[str] = Counter()
    columns = []
    for index, text in enumerate(texts):
        name = originals[index].strip("\N{ZERO WIDTH NO-BREAK SPACE}") or _("Column %(number)s") % {"number": index + 1}
        key = header_key(text) or name
        seen[key] += 1
        columns.append(Column(index, f"{name} ({seen[key]})" if seen[key] > 1 else name))
    return columns


def with_header(
    rows: Iterator[tuple[int, list[str]]], known: Iterable[frozenset[str]], *, look_at: int = 40
) -> tuple[int, list[str], Iterator[tuple[int, list[str]]]]:
    """Find the header among the first rows; return its number, its cells and the rows under it.

    The row that holds most headers of a known format wins. Without one it is the first row that is about as wide as the
    rows usually are and reads like names rather than values.
    """
    first = []
    for numbered in rows:
        first.append(numbered)
        if len(first) >= look_at:
            break
    filled = [(at, cells) for at, (_number, cells) in enumerate(first) if any(cell.strip() for cell in cells)]
    if not filled:
        raise UnreadableFileError(_("There is nothing in this file."))
    at = _best_known(filled, list(known))
    if at is None:
        at = _first_wide(filled)
    number, header = first[at]
    return number, header, chain(first[at + 1 :], rows)


def _best_known(filled: Sequence[tuple[int, list[str]]], known: Sequence[frozenset[str]]) -> int | None:
    best, best_score = None, 1
    for at, cells in filled:
        keys = {header_key(cell) for cell in cells if cell.strip()}
        score = max((len(keys & headers) for headers in known), default=0)
        if score > best_score and score * 3 >= len(keys):
            best, best_score = at, score
    return best


def _first_wide(filled: Sequence[tuple[int, list[str]]]) -> int:
    widths = Counter(sum(1 for cell in cells if cell.strip()) for _at, cells in filled)
    usual = max(widths, key=lambda width: (widths[width] * min(width, 20), width))
    for at, cells in filled:
        texts = [cell.strip() for cell in cells if cell.strip()]
        names = [text for text in texts if not re.fullmatch(r"[\d.,:/\-+ ]+", text) and "@" not in text]
        if len(texts) * 2 > usual and len(names) * 2 > len(texts):
            return at
    return filled[0][0]
