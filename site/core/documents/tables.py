"""Tables: rows are set as pages need them, so a table may be as long as it likes; the header is on every page."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain, islice
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal
from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable

from core.documents.blocks import draw_lines
from core.documents.lines import Line, Style, natural_width, set_lines
from core.documents.look import INK, LABEL, PLAIN, RULE, RULE_STRONG
from core.documents.structure import Element
from core.documents.tags import TaggedCanvas
from core.documents.words import Text, text
from core.money import Money, currency_places, quantize

# How many rows tell how wide the columns should be.
_SAMPLE = 200
_GAP = 12.0
_ROW_PAD = 3.2
# A longer word may be broken rather than make its column that wide.
_LONG_WORD = 24
# What surely fits a page, in points; a higher row goes on on the next.
_TALLEST = 480.0


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its label, on which side its words stand, and its width in points (None: what its words need).

    `currency` makes it a column of amounts: to the right, with the decimals of the currency, which its label names.
    """

    label: Any
    align: str = "left"
    width: float | None = None
    currency: str = ""
    numeric: bool = False

    @property
    def side(self) -> str:
        """The side its words stand on."""
        return "right" if self.currency or self.numeric else self.align


@dataclass(frozen=True, slots=True)
class Carried:
    """What a page of a long table says below its last row and above its first: the amounts so far, under these words.

    The words stand in the column `at`; each column of amounts shows its sum.
    """

    forward: Any
    brought: Any
    at: int = 0


def formatted(value: Any, column: Column, locale: str) -> Any:
    """Return the value as it is read in the language: dates, numbers and amounts; everything else as it is."""
    if isinstance(value, Money) and column.currency:
        if value.currency != column.currency:
            return str(value)
        value = value.amount
    if isinstance(value, Decimal) and column.currency:
        places = currency_places(column.currency)
        pattern = "#,##0" + ("." + "0" * places if places else "")
        return format_decimal(quantize(value, column.currency), format=pattern, locale=locale).replace(
            "-", "\N{MINUS SIGN}"
        )
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return format_decimal(value, locale=locale).replace("-", "\N{MINUS SIGN}")
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return format_date(value, format="medium", locale=locale).replace(" ", "\u00a0")
    return value


@dataclass(slots=True)
class _Row:
    """A row set to lines of one leading. A group is a row and what must stay on its page (the total)."""

    cells: list[Sequence[Line]]
    leading: float
    kind: str = "body"

    @property
    def height(self) -> float:
        """The height of its tallest cell, in points."""
        return max((len(lines) for lines in self.cells), default=0) * self.leading + 2 * _ROW_PAD

    def within(self, height: float) -> list[_Row]:
        """Return the row, cut into rows no higher than that when a cell holds half a book."""
        if self.height <= height:
            return [self]
        fit = int((height - 2 * _ROW_PAD) / self.leading)
        longest = max(len(lines) for lines in self.cells)
        return [
            _Row([lines[start : start + fit] for lines in self.cells], self.leading, self.kind)
            for start in range(0, longest, fit)
        ]


class _Rows:
    """The rows still to come, set one by one; shared by the parts of a table on successive pages."""

    def __init__(
        self, rows: Iterator[Sequence[Any]], setter: Callable[[Sequence[Any], str], _Row], total: Any, *, adds: bool
    ) -> None:
        self._rows, self._set, self._total, self._adds = rows, setter, total, adds
        self._ready: deque[list[_Row]] = deque()
        # The sums of all columns of figures up to each group that is ready, and up to the last that was taken.
        self._sums: deque[list[Decimal]] = deque()
        self._so_far: list[Decimal] = []
        self.taken: list[Decimal] = []
        self._next = next(rows, None)
        if self._next is None and total is not None:
            self._ready.append([setter(total, "total")])
            self._sums.append([])

    def peek(self, index: int) -> list[_Row] | None:
        """Return the group at the index from here, or None after the last."""
        while len(self._ready) <= index and self._next is not None:
            *parts, last = self._set(self._next, "body").within(_TALLEST)
            if self._adds:
                self._add(self._next)
            self._next = next(self._rows, None)
            group = [last]
            if self._next is None and self._total is not None:
                group.append(self._set(self._total, "total"))
            self._ready.extend([[part] for part in parts] + [group])
            self._sums.extend([list(self._so_far)] * (len(parts) + 1))
        return self._ready[index] if index < len(self._ready) else None

    def take(self, count: int) -> list[_Row]:
        """Take that many groups away, as rows."""
        for _ in range(count):
            self.taken = self._sums.popleft()
        return [row for _ in range(count) for row in self._ready.popleft()]

    def put_back(self, row: _Row) -> None:
        """Let a row be the next to be taken."""
        self._ready.appendleft([row])
        self._sums.appendleft(self.taken)

    def _add(self, values: Sequence[Any]) -> None:
        figures = [value.amount if isinstance(value, Money) else value for value in values]
        figures = [value if isinstance(value, Decimal) else Decimal(0) for value in figures]
        before = self._so_far or [Decimal(0)] * len(figures)
        self._so_far = [sum(pair, Decimal(0)) for pair in zip(before, figures, strict=True)]


class _Sheet:
    """What all parts of one table share: columns, widths and styles, and how a row is set and drawn."""

    def __init__(
        self,
        columns: Sequence[Column],
        sample: Sequence[Sequence[Any]],
        element: Element,
        *,
        width: float,
        language: str,
        locale: str,
        header: bool,
        row_headers: bool,
        style: Style,
    ) -> None:
        self.columns, self.element, self.width = columns, element, width
        self.language, self.locale = language, locale
        self.row_headers = row_headers
        self._styles = {
            (index, kind): self._styled(style, index, kind)
            for index in range(len(columns))
            for kind in ("header", "body", "total")
        }
        self.widths = self._measured(sample, header)
        self.head = self.set([column.label for column in columns], "header") if header else None

    def set(self, values: Sequence[Any], kind: str) -> _Row:
        """Set one row to lines."""
        cells = [
            set_lines(self._text(value, index), self._styles[index, kind], width, self.language)
            for index, (value, width) in enumerate(zip(values, self.widths, strict=True))
        ]
        return _Row(cells, self._styles[0, kind].leading, kind)

    def draw(self, canvas: TaggedCanvas, rows: Sequence[_Row], top: float, *, first: bool) -> None:
        """Draw rows below the header, which is part of the table once and decoration on the pages after."""
        if self.head:
            if first:
                self._draw_row(canvas, self.head, top, Element("TR", self.element))
            else:
                with canvas.artifact():
                    self._draw_row(canvas, self.head, top, None)
            top -= self.head.height
            self._rule(canvas, top, RULE_STRONG, 0.8)
        last = len(rows) - 1
        for index, row in enumerate(rows):
            if row.kind == "total":
                self._rule(canvas, top, RULE_STRONG, 0.8)
            self._draw_row(canvas, row, top, Element("TR", self.element))
            top -= row.height
            if index < last and rows[index + 1].kind == "body":
                self._rule(canvas, top, RULE, 0.4)
        self._rule(canvas, top, RULE_STRONG if rows and rows[-1].kind == "total" else RULE, 0.4)

    def _styled(self, style: Style, index: int, kind: str) -> Style:
        side = self.columns[index].side
        if kind == "header":
            return replace(LABEL, strong=True, align=side)
        heads = self.row_headers and index == 0 and kind == "body"
        return replace(style, colour=LABEL.colour if heads else INK, strong=kind == "total", align=side)

    def _text(self, value: Any, index: int) -> Text:
        return text(formatted(value, self.columns[index], self.locale))

    def _measured(self, sample: Sequence[Sequence[Any]], header: bool) -> list[float]:
        """Return the widths of the columns, from their labels and some rows."""
        room = self.width - _GAP * (len(self.columns) - 1)
        cells = [[self._text(row[index], index) for row in sample] for index in range(len(self.columns))]
        labels = [text(column.label) if header else text("") for column in self.columns]
        wanted = [
            column.width
            or max(self._wide_label(label, index), *(self._wide(words, index) for words in cells[index]), 0)
            for index, (column, label) in enumerate(zip(self.columns, labels, strict=True))
        ]
        if sum(wanted) <= room:
            return _with_spare(wanted, room - sum(wanted), self.columns)
        least = [self._least(index, wanted[index], labels[index], cells[index]) for index in range(len(self.columns))]
        return _shared(wanted, least, room)

    def _least(self, index: int, wanted: float, label: Text, cells: Sequence[Text]) -> float:
        """Return how narrow a column may get: to its longest word, and figures not at all."""
        column = self.columns[index]
        if column.width or column.side == "right":
            return wanted
        parts = {part for words in cells for part in str(words).split(" ") if len(part) <= _LONG_WORD}
        longest = max((self._wide(text(part), index) for part in parts), default=0.0)
        return min(max(longest, min(self._wide_label(label, index), wanted)), wanted)

    def _wide(self, words: Text, index: int) -> float:
        return natural_width(words, self._styles[index, "total"], self.language)

    def _wide_label(self, label: Text, index: int) -> float:
        return natural_width(label, self._styles[index, "header"], self.language)

    def _draw_row(self, canvas: TaggedCanvas, row: _Row, top: float, parent: Element | None) -> None:
        x = 0.0
        for index, (lines, width) in enumerate(zip(row.cells, self.widths, strict=True)):
            style = self._styles[index, row.kind]
            if parent is None:
                draw_lines(canvas, lines, style, x, top - _ROW_PAD, width)
            else:
                with canvas.tagged(self._cell(parent, index, row.kind)):
                    draw_lines(canvas, lines, style, x, top - _ROW_PAD, width)
            x += width + _GAP

    def _cell(self, parent: Element, index: int, kind: str) -> Element:
        if kind == "header":
            return Element("TH", parent, scope="Column")
        if self.row_headers and index == 0:
            return Element("TH", parent, scope="Row")
        return Element("TD", parent)

    def _rule(self, canvas: TaggedCanvas, y: float, colour: str, thickness: float) -> None:
        with canvas.artifact():
            canvas.setStrokeColor(HexColor(colour))
            canvas.setLineWidth(thickness)
            canvas.line(0, y, self.width, y)


class _Part(Flowable):
    """The rows of a table on one page."""

    def __init__(self, sheet: _Sheet, rows: list[_Row], *, first: bool) -> None:
        super().__init__()
        self._sheet, self._rows, self._first = sheet, rows, first
        self.width = sheet.width
        self.height = (sheet.head.height if sheet.head else 0.0) + sum(row.height for row in rows)

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return the size, which is settled."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw header and rows."""
        self._sheet.draw(self.canv, self._rows, self.height, first=self._first)


class Table(Flowable):
    """The rows of a table still to come. Each page takes those that fit it as a part of its own."""

    def __init__(
        self, sheet: _Sheet, rows: _Rows, *, after: float, first: bool = True, carried: Carried | None = None
    ) -> None:
        super().__init__()
        self._sheet, self._rows, self._first, self.spaceAfter = sheet, rows, first, after
        self._carried = carried

    def wrap(self, _width: float, height: float) -> tuple[float, float]:
        """Return the size; when not all rows fit, that of one row too many, so that no more are set than needed."""
        count, used = self._fitting(height)
        self.width, self.height = self._sheet.width, used + _height(self._rows.peek(count))
        return self.width, self.height

    def split(self, _width: float, height: float) -> list[Flowable]:
        """Cut after the last row that fits; header and first row stay together, and the total with the last row."""
        count, _used = self._fitting(height)
        if self._carried and self._rows.peek(count) is not None:
            count, _used = self._fitting(height - self._carry(self._carried.forward, "total").height)
        if count == 0:
            return []
        rows = self._rows.take(count)
        if self._rows.peek(0) is None:
            part = _Part(self._sheet, rows, first=self._first)
            part.spaceAfter = self.spaceAfter
            return [part]
        if self._carried:
            rows.append(self._carry(self._carried.forward, "total"))
            self._rows.put_back(self._carry(self._carried.brought, "body"))
        rest = Table(self._sheet, self._rows, after=self.spaceAfter, first=False, carried=self._carried)
        return [_Part(self._sheet, rows, first=self._first), rest]

    def _carry(self, words: Any, kind: str) -> _Row:
        """Set the row that says what the amounts so far come to."""
        assert self._carried is not None  # noqa: S101 - only asked of a table that carries
        values: list[Any] = [""] * len(self._sheet.columns)
        for index, column in enumerate(self._sheet.columns):
            if column.currency and self._rows.taken:
                values[index] = self._rows.taken[index]
        values[self._carried.at] = words
        return self._sheet.set(values, kind)

    def draw(self) -> None:
        """Draw all that is left."""
        rows = self._rows.take(self._fitting(self.height)[0])
        self._sheet.draw(self.canv, rows, self.height, first=self._first)

    def _fitting(self, height: float) -> tuple[int, float]:
        """Return how many groups of rows fit into the height below the header, and the height of all that."""
        used, count = self._sheet.head.height if self._sheet.head else 0.0, 0
        while (group := self._rows.peek(count)) is not None and used + _height(group) <= height:
            used += _height(group)
            count += 1
        return count, used


def _height(group: list[_Row] | None) -> float:
    return sum(row.height for row in group or ())


def table(
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    element: Element,
    *,
    width: float,
    language: str,
    locale: str,
    total: Sequence[Any] | None = None,
    carried: Carried | None = None,
    header: bool = True,
    row_headers: bool = False,
    style: Style = PLAIN,
    after: float = 12,
) -> Table:
    """Return a table of rows from any iterable; the first few hundred tell how wide its columns are."""
    source = iter(rows)
    sample = list(islice(source, _SAMPLE))
    measured = [*sample, total] if total is not None else sample
    sheet = _Sheet(
        columns, measured, element, width=width, language=language, locale=locale, header=header,
        row_headers=row_headers, style=style,
    )  # fmt: skip
    return Table(
        sheet, _Rows(chain(sample, source), sheet.set, total, adds=carried is not None), after=after, carried=carried
    )


def _with_spare(wanted: Sequence[float], spare: float, columns: Sequence[Column]) -> list[float]:
    """Give what is left of the room to the columns of words, so that figures stay together on the right."""
    open_columns = [i for i, column in enumerate(columns) if column.width is None and column.side != "right"]
    weight = sum(wanted[i] for i in open_columns)
    return [width + (spare * width / weight if weight and i in open_columns else 0) for i, width in enumerate(wanted)]


def _shared(wanted: Sequence[float], least: Sequence[float], room: float) -> list[float]:
    """Share too little room: the modest get what they want, the widest give way, down to their longest word."""
    if sum(least) >= room:
        return [width * room / sum(least) for width in least]
    low, high = 0.0, max(wanted)
    for _ in range(40):
        limit = (low + high) / 2
        total = sum(max(small, min(want, limit)) for want, small in zip(wanted, least, strict=True))
        low, high = (limit, high) if total <= room else (low, limit)
    return [max(small, min(want, low)) for want, small in zip(wanted, least, strict=True)]


def say(value: Any, locale: str) -> Any:
    """Return a date in full, as a letter writes it, and numbers in the language's way; everything else as it is."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return format_date(value, format="long", locale=locale)
    return formatted(value, Column(""), locale)
