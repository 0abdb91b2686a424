"""Charts: plain, labelled where the eye already is, in the organisation's colour; each is one tagged figure.

A chart says nothing that its table does not say: the document prints the numbers underneath, and the figure's
alternative text names them for those who hear it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor

from core.documents import look
from core.documents.blocks import draw_lines
from core.documents.lines import Style, natural_width, set_lines
from core.documents.tags import TaggedCanvas
from core.documents.words import text

_LABEL = Style(look.SANS, 8.5, 11, look.INK)
_AXIS = Style(look.SANS, 7.5, 10, look.SOFT)
_BAR, _BAR_GAP = 13.0, 8.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a bar chart; `goal` marks where it should get to."""

    label: Any
    value: Decimal | int
    goal: Decimal | int | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """One line or set of columns: its name, and a value for each place on the axis (None: not yet known)."""

    name: Any
    values: Sequence[Decimal | int | None]


Said = Callable[[Any], str]


def _ceiling(highest: float) -> tuple[float, float]:
    """Return a round top of the scale above the highest value, and the step between its lines."""
    if highest <= 0:
        return 1.0, 1.0
    size = 10 ** (len(str(int(highest))) - 1) if highest >= 1 else 0.1
    step = next(size * part for part in (0.2, 0.25, 0.5, 1.0, 2.0, 2.5) if highest / (size * part) <= 5)
    steps = -(-highest // step)
    return steps * step, step


def _words(canvas: TaggedCanvas, value: Any, style: Style, x: float, top: float, width: float, language: str) -> None:
    draw_lines(canvas, set_lines(text(value), style, max(width, 1), language)[:2], style, x, top, width)


def _aligned(style: Style, align: str, colour: str | None = None, *, strong: bool = False) -> Style:
    return Style(style.family, style.size, style.leading, colour or style.colour, strong=strong, align=align)


def bars_height(bars: Sequence[Bar]) -> float:
    """Return the height a bar chart needs."""
    return len(bars) * (_BAR + _BAR_GAP) + 4


def _measured(bar: Bar, said: Said) -> str:
    if not bar.goal:
        return said(bar.value)
    return _("%(value)s of %(goal)s") % {"value": said(bar.value), "goal": said(bar.goal)}


def draw_bars(
    canvas: TaggedCanvas, bars: Sequence[Bar], width: float, height: float, accent: str, said: Said, language: str
) -> None:
    """Draw one bar under the other: label, bar, value at its end, and a tick at the goal."""
    labels = max((natural_width(text(bar.label), _LABEL, language) for bar in bars), default=0.0)
    labels = min(labels, width * 0.34)
    values = [_measured(bar, said) for bar in bars]
    room = width - labels - 10 - max((natural_width(text(value), _LABEL, language) for value in values), default=0) - 8
    top_value = max((float(max(bar.value, bar.goal or 0)) for bar in bars), default=0) or 1.0
    top = height
    for bar, value in zip(bars, values, strict=True):
        style = _aligned(_LABEL, "left")
        words = set_lines(text(bar.label), style, labels + 0.5, language)[:2]
        draw_lines(canvas, words, style, 0, top - (_BAR - len(words) * _LABEL.leading) / 2, labels)
        length = max(float(bar.value), 0) / top_value * room
        x = labels + 10
        if bar.goal:
            canvas.setFillColor(HexColor(look.SUNK))
            canvas.rect(x, top - _BAR, float(bar.goal) / top_value * room, _BAR, stroke=0, fill=1)
        canvas.setFillColor(HexColor(accent))
        canvas.rect(x, top - _BAR, max(length, 0.6), _BAR, stroke=0, fill=1)
        end = length
        if bar.goal:
            goal = float(bar.goal) / top_value * room
            canvas.setStrokeColor(HexColor(look.INK))
            canvas.setLineWidth(1)
            canvas.line(x + goal, top - _BAR - 2, x + goal, top + 2)
            end = max(length, goal)
        _words(canvas, value, _aligned(_LABEL, "left"), x + end + 6, top - (_BAR - _LABEL.leading) / 2, 200, language)
        top -= _BAR + _BAR_GAP


def _axes(
    canvas: TaggedCanvas, places: Sequence[Any], top_value: float, step: float, box: tuple[float, float, float, float],
    said: Said, language: str, *, centred: bool,
) -> None:  # fmt: skip
    """Draw the lines of the scale with their values, and the places below."""
    left, bottom, width, height = box
    canvas.setLineWidth(0.4)
    for index in range(round(top_value / step) + 1):
        y = bottom + height * index * step / top_value
        canvas.setStrokeColor(HexColor(look.RULE if index else look.RULE_STRONG))
        canvas.line(left, y, left + width, y)
        value = step * index
        _words(
            canvas, said(int(value) if value == int(value) else Decimal(str(value))), _aligned(_AXIS, "right"),
            0, y + 5, left - 6, language,
        )  # fmt: skip
    slot = width / len(places) if centred else width / max(len(places) - 1, 1)
    widest = max(natural_width(text(place), _AXIS, language) for place in places)
    every = max(1, round((widest + 6) / slot + 0.49))
    for index, place in enumerate(places):
        if index % every:
            continue
        middle = left + slot * (index + (0.5 if centred else 0))
        _words(canvas, place, _aligned(_AXIS, "center"), middle - 40, bottom - 4, 80, language)


def draw_columns(
    canvas: TaggedCanvas, places: Sequence[Any], series: Sequence[Series], width: float, height: float, accent: str,
    said: Said, language: str,
) -> None:  # fmt: skip
    """Draw columns side by side for each place; the first series is the one that matters, the rest stand back."""
    highest = max((float(value) for one in series for value in one.values if value is not None), default=0)
    top_value, step = _ceiling(highest)
    left, box = _box(top_value, width, height - (14 if len(series) > 1 else 0), said, language)
    _axes(canvas, places, top_value, step, box, said, language, centred=True)
    _left, bottom, inner, tall = box
    slot = inner / len(places)
    each = min(slot * 0.72 / len(series), 26)
    shades = [accent, look.tint(accent, 0.32), look.tint(accent, 0.16)]
    for order, one in enumerate(series):
        canvas.setFillColor(HexColor(shades[min(order, 2)]))
        for index, value in enumerate(one.values):
            if value and value > 0:
                x = left + slot * (index + 0.5) - each * len(series) / 2 + each * (len(series) - 1 - order)
                canvas.rect(x, bottom, each - 1, float(value) / top_value * tall, stroke=0, fill=1)
    if len(series) > 1:
        x = left
        for order, one in enumerate(series):
            canvas.setFillColor(HexColor(shades[min(order, 2)]))
            canvas.rect(x, height - 9, 8, 8, stroke=0, fill=1)
            _words(canvas, one.name, _aligned(_LABEL, "left"), x + 12, height + 1, 200, language)
            x += 30 + natural_width(text(one.name), _LABEL, language)


def draw_curves(
    canvas: TaggedCanvas, places: Sequence[Any], series: Sequence[Series], width: float, height: float, accent: str,
    said: Said, language: str,
) -> None:  # fmt: skip
    """Draw a line for each series, named at its end; the first is the one that matters."""
    highest = max((float(value) for one in series for value in one.values if value is not None), default=0)
    top_value, step = _ceiling(highest)
    names = max(natural_width(text(one.name), _aligned(_LABEL, "left", strong=True), language) for one in series)
    names = min(names, width * 0.28)
    left, box = _box(top_value, width - names - 8, height, said, language)
    _axes(canvas, places, top_value, step, box, said, language, centred=False)
    _left, bottom, inner, tall = box
    slot = inner / max(len(places) - 1, 1)
    shades = [accent, look.RULE_STRONG, look.RULE_STRONG]
    ends: list[tuple[float, float, int]] = []
    for order in reversed(range(len(series))):
        points = [
            (left + slot * index, bottom + float(value) / top_value * tall)
            for index, value in enumerate(series[order].values)
            if value is not None
        ]
        if not points:
            continue
        canvas.setStrokeColor(HexColor(shades[min(order, 2)]))
        canvas.setLineWidth(2.2 if order == 0 else 1.2)
        canvas.setLineJoin(1)
        canvas.setDash(*([[2, 2]] if order > 1 else [[]]))
        path = canvas.beginPath()
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)
        canvas.drawPath(path)
        canvas.setDash([])
        canvas.setFillColor(HexColor(shades[min(order, 2)]))
        canvas.circle(*points[-1], 2.6 if order == 0 else 1.8, stroke=0, fill=1)
        ends.append((points[-1][1], points[-1][0], order))
    lowest = 1e9
    for y, x, order in sorted(ends, reverse=True):
        y = min(y, lowest - _LABEL.leading)
        lowest = y
        colour = accent if order == 0 else look.SOFT
        style = _aligned(_LABEL, "left", colour, strong=order == 0)
        _words(canvas, series[order].name, style, x + 7, y + 5.5, max(names, left + inner + names - x) + 2, language)


def _box(
    top_value: float, width: float, height: float, said: Said, language: str
) -> tuple[float, tuple[float, float, float, float]]:
    """Return the left edge of the drawing area, and the area, leaving room for the words of both axes."""
    _top, step = _ceiling(top_value)
    left = 8 + max(
        natural_width(text(said(int(step * index))), _AXIS, language) for index in range(round(top_value / step) + 1)
    )
    return left, (left, 16, width - left, height - 22)
