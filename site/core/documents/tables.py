"""Tables: rows are set as pages need them, so a table may be as long as it likes; the header is on every page."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
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
from core.money import Money, currency_places

# How many rows tell how wide the columns should be.
_SAMPLE = 200
_GAP = 12.0
_ROW_PAD = 3.2


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


def formatted(value: Any, column: Column, locale: str) -> Any:
    """Return the value as it is read in the language: dates, numbers and amounts; everything else as it is."""
    if isinstance(value, Money) and column.currency:
        if value.currency != column.currency:
            return str(value)
        value = value.amount
    if isinstance(value, Decimal) and column.currency:
        places = currency_places(column.currency)
        pattern = "#,##0" + ("." + "0" * places if places else "")
        return format_decimal(value, format=pattern, locale=locale).replace("-", "\N{MINUS SIGN}")
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return format_decimal(value, locale=locale).replace("-", "\N{MINUS SIGN}")
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return format_date(value, format="medium", locale=locale).replace(" ", "\u00a0")
    return value


@dataclass(slots=True)
class _Row:
    """A row set to lines. A group is a row and what must stay on its page (the total)."""

    cells: list[list[Line]]
    height: float
    kind: str = "body"


class Rows:
    """The rows still to come, set one by one; shared by the parts of a table on successive pages."""

    def __init__(self, rows: Iterator[Sequence[Any]], setter: Callable[[Sequence[Any], str], _Row], total: Any) -> None:
        self._rows, self._set, self._total = rows, setter, total
        self._ready: deque[list[_Row]] = deque()
        self._next = next(rows, None)
        if self._next is None and total is not None:
            self._ready.append([setter(total, "total")])

    def peek(self, index: int) -> list[_Row] | None:
        """Return the group at the index from here, or None after the last."""
        while len(self._ready) <= index and self._next is not None:
            group = [self._set(self._next, "body")]
            self._next = next(self._rows, None)
            if self._next is None and self._total is not None:
                group.append(self._set(self._total, "total"))
            self._ready.append(group)
        return self._ready[index] if index < len(self._ready) else None

    def take(self, count: int) -> list[_Row]:
        """Take that many groups away, as rows."""
        return [row for _ in range(count) for row in self._ready.popleft()]


class Table(Flowable):
    """A table, or its part on one page."""

    def __init__(
        self,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Any]],
        element: Element,
        *,
        language: str,
        locale: str,
        total: Sequence[Any] | None = None,
        header: bool = True,
        row_headers: bool = False,
        style: Style = PLAIN,
        after: float = 12,
    ) -> None:
        super().__init__()
        self.columns, self.element, self.language, self.locale = columns, element, language, locale
        self.style, self.spaceAfter = style, after
        self.header, self.row_headers, self.total = header, row_headers, total
        self._source = iter(rows)
        self._rows: Rows | None = None
        self._mine: list[_Row] | None = None
        self._first = True
        self._widths: list[float] = []

    def _label_style(self, column: Column) -> Style:
        return Style(LABEL.family, LABEL.size, LABEL.leading, LABEL.colour, strong=True, align=column.side)

    def _cell_style(self, column: Column, kind: str = "body", index: int = 1) -> Style:
        style = self.style
        strong = kind == "total"
        colour = LABEL.colour if self.row_headers and index == 0 and kind == "body" else INK
        return Style(style.family, style.size, style.leading, colour, strong=strong, align=column.side)

    def _text(self, value: Any, column: Column) -> Text:
        return text(formatted(value, column, self.locale))

    def _prepare(self, width: float) -> None:
        """Find the widths from the labels and the first rows, then start setting."""
        sample = list(islice(self._source, _SAMPLE))
        measured = [*sample, *([self.total] if self.total is not None else [])]
        wanted, longest_word = [], []
        for index, column in enumerate(self.columns):
            style = self._cell_style(column, "total")
            label = natural_width(text(column.label), self._label_style(column), self.language) if self.header else 0
            texts = [self._text(row[index], column) for row in measured]
            widths = [natural_width(words, style, self.language) for words in texts]
            wanted.append(column.width or max([label, *widths], default=label))
            narrow = max(
                (
                    natural_width(text(part), style, self.language)
                    for words in texts
                    for part in str(words).split(" ")
                    if len(part) <= 24
                ),
                default=0.0,
            )
            fixed = column.width or (wanted[-1] if column.side == "right" else max(narrow, min(label, wanted[-1])))
            longest_word.append(min(fixed, wanted[-1]))
        room = width - _GAP * (len(self.columns) - 1)
        self._widths = _shared(wanted, longest_word, room, self.columns)
        self._rows = Rows(chain(sample, self._source), self._set, self.total)
        labels = [column.label for column in self.columns]
        self._head = self._set(labels, "header") if self.header else None

    def _set(self, values: Sequence[Any], kind: str) -> _Row:
        cells = []
        height = 0.0
        for index, (column, value, width) in enumerate(zip(self.columns, values, self._widths, strict=True)):
            style = self._label_style(column) if kind == "header" else self._cell_style(column, kind, index)
            words = text(value) if kind == "header" else self._text(value, column)
            lines = set_lines(words, style, width, self.language)
            cells.append(lines)
            height = max(height, len(lines) * style.leading)
        return _Row(cells, height + 2 * _ROW_PAD, kind)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Return the size, setting no more rows than fill the height."""
        if self._rows is None and self._mine is None:
            self._prepare(width)
        used = self._head.height if self._head else 0.0
        if self._mine is not None:
            used += sum(row.height for row in self._mine)
        else:
            index = 0
            while used <= height and (group := self._rows.peek(index)) is not None:
                used += sum(row.height for row in group)
                index += 1
        self.width, self.height = width, used
        return width, used

    def split(self, width: float, height: float) -> list[Flowable]:
        """Cut after the last row that fits; header and first row stay together, and the total with the last row."""
        if self._mine is not None:
            return []
        if self._rows is None:
            self._prepare(width)
        used = self._head.height if self._head else 0.0
        count = 0
        while (group := self._rows.peek(count)) is not None:
            group_height = sum(row.height for row in group)
            if used + group_height > height:
                break
            used += group_height
            count += 1
        if count == 0:
            return []
        page = self._part()
        page._mine, page._first, page.spaceAfter = self._rows.take(count), self._first, 0
        if self._rows.peek(0) is None:
            page.spaceAfter = self.spaceAfter
            return [page]
        rest = self._part()
        rest._rows, rest._first = self._rows, False
        return [page, rest]

    def _part(self) -> Table:
        part = Table(
            self.columns, (), self.element, language=self.language, locale=self.locale, total=self.total,
            header=self.header, row_headers=self.row_headers, style=self.style, after=self.spaceAfter,
        )  # fmt: skip
        part._widths, part._head = self._widths, self._head
        return part

    def draw(self) -> None:
        """Draw header and rows."""
        rows = self._mine if self._mine is not None else self._rows.take(self._count_left())
        canvas, top = self.canv, self.height
        if self._head:
            if self._first:
                self._draw_row(canvas, self._head, top, Element("TR", self.element))
            else:
                with canvas.artifact():
                    self._draw_row(canvas, self._head, top, None)
            top -= self._head.height
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

    def _count_left(self) -> int:
        count = 0
        while self._rows.peek(count) is not None:
            count += 1
        return count

    def _draw_row(self, canvas: TaggedCanvas, row: _Row, top: float, parent: Element | None) -> None:
        x = 0.0
        for index, (column, lines, width) in enumerate(zip(self.columns, row.cells, self._widths, strict=True)):
            heads = row.kind == "header" or (self.row_headers and index == 0)
            style = self._label_style(column) if row.kind == "header" else self._cell_style(column, row.kind, index)
            if parent is None:
                draw_lines(canvas, lines, style, x, top - _ROW_PAD, width)
            else:
                scope = "Column" if row.kind == "header" else "Row"
                cell = Element("TH" if heads else "TD", parent, scope=scope if heads else "")
                with canvas.tagged(cell):
                    draw_lines(canvas, lines, style, x, top - _ROW_PAD, width)
            x += width + _GAP

    def _rule(self, canvas: TaggedCanvas, y: float, colour: str, thickness: float) -> None:
        with canvas.artifact():
            canvas.setStrokeColor(HexColor(colour))
            canvas.setLineWidth(thickness)
            canvas.line(0, y, self.width, y)


def _shared(wanted: list[float], least: list[float], room: float, columns: Sequence[Column]) -> list[float]:
    """Share the room between columns.

    With enough for all, what is left goes to the columns of words, so that figures stay together on the right. With
    too little, the modest get what they want and only the widest give way, down to their longest word.
    """
    spare = room - sum(wanted)
    if spare >= 0:
        open_columns = [i for i, column in enumerate(columns) if column.width is None and column.side != "right"]
        weight = sum(wanted[i] for i in open_columns)
        return [
            width + (spare * width / weight if weight and i in open_columns else 0) for i, width in enumerate(wanted)
        ]
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
