"""What a document is made of: each block knows its height, how it splits over pages, and draws itself tagged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

from PIL import Image
from reportlab.lib.colors import HexColor
from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable

from core.documents.lines import Line, Style, set_lines
from core.documents.structure import Element
from core.documents.tags import TaggedCanvas
from core.documents.words import Text

# Above this a logo only makes the file heavy: 1,200 pixels are 300 a inch at 10 cm.
_PICTURE_PIXELS = 1200


def draw_lines(canvas: TaggedCanvas, lines: Sequence[Line], style: Style, x: float, top: float, width: float) -> None:
    """Draw lines downwards from `top`, aligned within `width`."""
    baseline = top - (style.leading - style.size) / 2 - style.size * 0.8
    for line in lines:
        free = width - line.width
        align = style.align
        if align == "start":
            align = "right" if line.right_to_left else "left"
        offset = {"left": 0.0, "right": free, "end": free, "center": free / 2}[align]
        canvas.line_of_words(line, style, x + offset, baseline)
        baseline -= style.leading


class Words(Flowable):
    """A paragraph or heading: one element however many pages it runs over."""

    def __init__(
        self, words: Text, style: Style, element: Element | None, *, language: str, after: float = 0, indent: float = 0
    ) -> None:
        super().__init__()
        self.words, self.style, self.element, self.language = words, style, element, language
        self.spaceAfter, self.indent = after, indent
        self._lines: Sequence[Line] | None = None

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Return the size in the given width."""
        if self._lines is None or width != getattr(self, "width", width):
            self._lines = set_lines(self.words, self.style, width - self.indent, self.language)
        self.width, self.height = width, len(self._lines) * self.style.leading
        return width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        """Cut so that neither page gets a single line of it."""
        self.wrap(width, height)
        lines = self._lines or ()
        fit = int(height / self.style.leading)
        if fit >= len(lines):
            return [self]
        fit = min(fit, len(lines) - 2)
        if fit < 2:
            return []
        parts = []
        for part_lines in (lines[:fit], lines[fit:]):
            part = Words(self.words, self.style, self.element, language=self.language, indent=self.indent)
            part._lines, part.width = part_lines, width
            parts.append(part)
        parts[1].spaceAfter = self.spaceAfter
        return list(parts)

    def draw(self) -> None:
        """Draw the lines."""
        marks = self.canv.tagged(self.element) if self.element else self.canv.artifact()
        with marks:
            draw_lines(self.canv, self._lines or (), self.style, self.indent, self.height, self.width - self.indent)


class Rule(Flowable):
    """A thin line across the page."""

    def __init__(self, colour: str, thickness: float = 0.6, before: float = 0, after: float = 0) -> None:
        super().__init__()
        self.colour, self.thickness, self.spaceBefore, self.spaceAfter = colour, thickness, before, after

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Return the size in the given width."""
        self.width, self.height = width, self.thickness
        return width, self.thickness

    def draw(self) -> None:
        """Draw the line as decoration."""
        with self.canv.artifact():
            self.canv.setStrokeColor(HexColor(self.colour))
            self.canv.setLineWidth(self.thickness)
            self.canv.line(0, 0, self.width, 0)


class Drawn(Flowable):
    """A block of fixed height that a function draws; it never splits."""

    def __init__(self, height: float, draw: Callable[[TaggedCanvas, float, float], None], after: float = 0) -> None:
        super().__init__()
        self._height, self._draw, self.spaceAfter = height, draw, after

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Return the size in the given width."""
        self.width, self.height = width, self._height
        return width, self._height

    def draw(self) -> None:
        """Let the function draw, with the origin at the lower left."""
        self._draw(self.canv, self.width, self.height)


class Picture:
    """A logo or signature: read once, cut down to print size, transparent parts kept."""

    def __init__(self, data: bytes) -> None:
        image = Image.open(BytesIO(data))
        image.thumbnail((_PICTURE_PIXELS, _PICTURE_PIXELS))
        self.image = image.convert("RGBA" if "A" in image.getbands() or "transparency" in image.info else "RGB")
        self.reader = ImageReader(self.image)

    def size_within(self, width: float, height: float) -> tuple[float, float]:
        """Return the largest size in points that keeps the proportions."""
        scale = min(width / self.image.width, height / self.image.height)
        return self.image.width * scale, self.image.height * scale

    def draw(self, canvas: Any, x: float, y: float, width: float, height: float) -> None:
        """Draw with the lower left corner at x, y."""
        canvas.drawImage(self.reader, x, y, width, height, mask="auto")
