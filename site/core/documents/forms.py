"""Forms on paper: framed fields with their labels, ticked statements, and a line to sign on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm

from core.documents import look
from core.documents.blocks import Drawn, draw_lines
from core.documents.furniture import picture, stacked
from core.documents.lines import Style, set_lines
from core.documents.sender import Sender
from core.documents.structure import Element
from core.documents.tags import TaggedCanvas
from core.documents.words import Text, text
from core.theme import accent_for

_LABEL = replace(look.LABEL, size=7.5, leading=10)
_VALUE = replace(look.FACTS, size=10, leading=14, align="left")
_PAD, _FRAME = 5.0, 0.6
# A box to tick, ticked or not; both are in our typeface for symbols.
TICKED, UNTICKED = "\N{BALLOT BOX WITH X}", "\N{BALLOT BOX}"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form: what it asks, above what was filled in; a list of values is one below the other.

    `share` is how wide it is beside its neighbours.
    """

    label: Any
    value: Any
    share: float = 1
    strong: bool = False


def fields(rows: Sequence[Sequence[Field]], root: Element, width: float, language: str, *, scale: float = 1) -> Drawn:
    """Return rows of framed fields, the frame of each shared with its neighbours."""
    placed: list[list[tuple[float, float, Sequence[Any], Sequence[Any], Any, Element]]] = []
    heights: list[float] = []
    for row in rows:
        total, x, cells = sum(field.share for field in row), 0.0, []
        for field in row:
            wide = width * field.share / total
            style = replace(look.scaled(_VALUE, scale), strong=field.strong)
            label = set_lines(text(field.label), _LABEL, wide - 2 * _PAD, language)
            value = field.value if isinstance(field.value, Text) else stacked(_listed(field.value))
            lines = set_lines(value, style, wide - 2 * _PAD, language)
            cells.append((x, wide, label, lines, style, Element("P", root)))
            x += wide
        placed.append(cells)
        labels = max(len(label) for _x, _wide, label, *_rest in cells) * _LABEL.leading
        values = max(len(lines) * style.leading for *_place, lines, style, _element in cells)
        heights.append(labels + values + 2 * _PAD)

    def draw(canvas: TaggedCanvas, _width: float, total: float) -> None:
        top = total
        for cells, height in zip(placed, heights, strict=True):
            down = _PAD + max(len(label) for _x, _wide, label, *_rest in cells) * _LABEL.leading
            for x, wide, label, lines, style, element in cells:
                with canvas.artifact():
                    canvas.setStrokeColor(HexColor(look.RULE_STRONG))
                    canvas.setLineWidth(_FRAME)
                    canvas.rect(x, top - height, wide, height, stroke=1, fill=0)
                with canvas.tagged(element):
                    draw_lines(canvas, label, _LABEL, x + _PAD, top - _PAD, wide - 2 * _PAD)
                    draw_lines(canvas, lines, style, x + _PAD, top - down, wide - 2 * _PAD)
            top -= height

    return Drawn(sum(heights), draw, after=8 * scale)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def emblem(organisation: Sender, root: Element, width: float) -> Drawn:
    """Return the head of a form: the logo, when there is one, and a line in the organisation's colour."""
    logo = picture(organisation.logo)
    wide, high = logo.size_within(56 * mm, 15 * mm) if logo else (0.0, 0.0)
    figure = Element("Figure", root, alt=organisation.name) if logo else None
    accent = accent_for(organisation.accent_colour).accent

    def draw(canvas: TaggedCanvas, _width: float, height: float) -> None:
        if logo and figure:
            with canvas.tagged(figure):
                logo.draw(canvas, 0, height - high, wide, high)
        with canvas.artifact():
            canvas.setStrokeColor(HexColor(accent))
            canvas.setLineWidth(1.4)
            canvas.line(0, 0.7, width, 0.7)

    return Drawn(high + (8 if logo else 2), draw, after=12)


def ticked(words: Any, style: Style, root: Element, width: float, language: str, *, after: float) -> Drawn:
    """Return a statement behind a ticked box."""
    indent = 16.0
    box = set_lines(text(TICKED), style, indent, language)
    lines = set_lines(text(words), style, width - indent, language)
    element = Element("P", root)

    def draw(canvas: TaggedCanvas, _width: float, height: float) -> None:
        with canvas.tagged(element):
            draw_lines(canvas, box, style, 0, height, indent)
            draw_lines(canvas, lines, style, indent, height, width - indent)

    return Drawn(len(lines) * style.leading, draw, after=after)


def signature_line(
    caption: Any, above: Any, image: Any, root: Element, width: float, language: str, *, name: Any = ""
) -> Drawn:
    """Return a line to sign on: what stands on it already (place and date, a picture), and below it what it is for."""
    drawn = picture(image)
    image_width, image_height = drawn.size_within(60 * mm, 16 * mm) if drawn else (0.0, 0.0)
    high = max(image_height + 2, 15 * mm)
    on_line = set_lines(text(above), look.PLAIN, width, language)
    below = [set_lines(text(words), look.SMALL, width, language) for words in (name, caption) if words]
    element = Element("P", root)
    figure = Element("Figure", root, alt=str(text(caption))) if drawn else None
    line = width * 0.62

    def draw(canvas: TaggedCanvas, _width: float, height: float) -> None:
        floor = height - high
        if drawn and figure:
            with canvas.tagged(figure):
                drawn.draw(canvas, line - image_width - 4, floor + 1, image_width, image_height)
        with canvas.artifact():
            canvas.setStrokeColor(HexColor(look.INK))
            canvas.setLineWidth(_FRAME)
            canvas.line(0, floor, line, floor)
        with canvas.tagged(element):
            draw_lines(canvas, on_line, look.PLAIN, 0, floor + look.PLAIN.leading + 1, width)
            top = floor - 3
            for lines in below:
                draw_lines(canvas, lines, look.SMALL, 0, top, width)
                top -= len(lines) * look.SMALL.leading

    return Drawn(high + 3 + sum(len(lines) for lines in below) * look.SMALL.leading, draw, after=8)
