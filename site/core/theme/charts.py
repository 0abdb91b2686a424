"""Charts, worked out on the server: percentages for the drawing, words for the labels, and the same numbers as a table.

Positions are percentages of the drawing, so that it fills any width while its words keep their size.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from babel.numbers import format_decimal

from core.money import Money
from core.theme.figures import babel_locale, format_whole


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is, how much as text, and its length in per cent of the longest."""

    label: str
    text: str
    length: str


@dataclass(frozen=True, slots=True)
class BarChart:
    """Amounts side by side. The table is the chart: each row carries its bar."""

    title: str
    items: Sequence[tuple[str, Decimal | int]]
    currency: str = ""

    @property
    def bars(self) -> list[Bar]:
        """The rows in the order given; a negative amount draws no bar, its number says it."""
        longest = max((value for _label, value in self.items), default=0)
        return [
            Bar(label, written(value, self.currency), _percent(max(value, 0), longest)) for label, value in self.items
        ]


@dataclass(frozen=True, slots=True)
class Series:
    """One line: its name stands at its end, so it is short. None leaves out what is not known yet."""

    name: str
    values: Sequence[Decimal | int | None]
    #: A mark to be reached, such as a goal, and not something that went up and down.
    is_mark: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of a line, as percentages of the drawing."""

    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line ready to draw: its pieces from dot to dot, its last dot, and where its name stands."""

    name: str
    pieces: list[tuple[Dot, Dot]]
    last: Dot
    name_y: str
    is_first: bool
    is_mark: bool = False

    @property
    def falls(self) -> bool:
        """Whether it came down to its last dot: then there is room for its name below, otherwise above."""
        return bool(self.pieces) and _height(self.pieces[-1][0]) < _height(self.last)


@dataclass(frozen=True, slots=True)
class Tick:
    """A ruled line behind the chart, or a label under it."""

    text: str
    at: str
    minor: bool = False


# What of the drawing the lines use; the rest is for words.
_LEFT, _RIGHT, _TOP, _BOTTOM = 2.5, 88.0, 8.0, 90.0
# Two names closer than this (per cent of the height) would be written over each other.
_NAME_HEIGHT = 9.0


@dataclass(frozen=True, slots=True)
class LineChart:
    """How amounts went, one value for each label and series; the first series is the one the chart is about."""

    title: str
    labels: Sequence[str]
    series: Sequence[Series]
    currency: str = ""
    #: How many labels there is room for under the chart; the table under it says them all.
    most_labels: int = 12

    @property
    def _values(self) -> list[Decimal | int]:
        return [value for series in self.series for value in series.values if value is not None]

    @property
    def top(self) -> int:
        """The value at the upper end: the next round number."""
        return round_up(max([*self._values, 0]))

    def _dot(self, position: int, value: Decimal | float) -> Dot:
        x = _LEFT + (_RIGHT - _LEFT) * position / max(len(self.labels) - 1, 1)
        y = _BOTTOM - (_BOTTOM - _TOP) * float(value) / self.top
        return Dot(f"{x:.2f}%", f"{y:.2f}%")

    @property
    def lines(self) -> list[Line]:
        """Every series that has a value, names kept apart; later ones are drawn first, so the first lies on top."""
        drawn = []
        for series in self.series:
            dots = [self._dot(at, value) for at, value in enumerate(series.values) if value is not None]
            if dots:
                drawn.append((series, dots))
        name_at = _names_apart([float(dots[-1].y.rstrip("%")) for _series, dots in drawn])
        lines = [
            Line(
                series.name,
                list(pairwise(dots)),
                dots[-1],
                f"{y:.2f}%",
                is_first=series is self.series[0],
                is_mark=series.is_mark,
            )
            for (series, dots), y in zip(drawn, name_at, strict=True)
        ]
        return lines[::-1]

    @property
    def ruled(self) -> list[Tick]:
        """The horizontal lines: nothing, half, and the top."""
        return [Tick(written(value, self.currency), self._dot(0, value).y) for value in (0, self.top / 2, self.top)]

    @property
    def below(self) -> list[Tick]:
        """The labels under the chart, as many as have room; on a phone only every third of them is shown."""
        apart = -(-len(self.labels) // self.most_labels)
        shown = range(0, len(self.labels), max(apart, 1))
        return [Tick(self.labels[at], self._dot(at, 0).x, minor=place % 3 != 0) for place, at in enumerate(shown)]

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        """The numbers as a table: each label with the value of every series."""
        return [
            (
                label,
                [
                    "\N{EN DASH}" if series.values[at] is None else written(series.values[at], self.currency)  # type: ignore[arg-type]
                    for series in self.series
                ],
            )
            for at, label in enumerate(self.labels)
        ]


def written(value: Decimal | int | float, currency: str = "") -> str:
    """Write a value for a chart: whole units of a currency, or a plain number."""
    if currency:
        return format_whole(Money(Decimal(value), currency))
    return format_decimal(value, locale=babel_locale()).replace("-", "\N{MINUS SIGN}")


def round_up(value: Decimal | int) -> int:
    """Return the next number people count in at or above the value: 10, 20, 40, 50, 100 ..., at least 2."""
    if value <= 2:
        return 2
    magnitude = 10 ** math.floor(math.log10(float(value)))
    return next(int(step * magnitude) for step in (1, 2, 4, 5, 6, 8, 10) if value <= step * magnitude)


def _height(dot: Dot) -> float:
    return float(dot.y.rstrip("%"))


def _names_apart(heights: list[float]) -> list[float]:
    """Move names down until none is written over the one above it; the order from top to bottom stays."""
    moved = dict.fromkeys(range(len(heights)), 0.0)
    least = 0.0
    for at in sorted(moved, key=heights.__getitem__):
        moved[at] = max(heights[at], least)
        least = moved[at] + _NAME_HEIGHT
    return list(moved.values())


def _percent(part: Decimal | int, whole: Decimal | int) -> str:
    return f"{float(part) / float(whole) * 100:.2f}%" if whole > 0 else "0%"
