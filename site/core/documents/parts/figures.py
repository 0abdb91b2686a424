"""Facts, tables and large figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from reportlab.platypus import CondPageBreak

from core.documents import look
from core.documents.blocks import Drawn, draw_lines
from core.documents.lines import set_lines
from core.documents.parts.story import FOLLOWED_BY, Story, in_its_language
from core.documents.structure import Element
from core.documents.tables import Carried, Column, table
from core.documents.tags import TaggedCanvas
from core.documents.words import text


class Figures(Story):
    """Labels with their values, tables, a row of large figures."""

    @in_its_language
    def facts(self, pairs: Iterable[tuple[Any, Any]], *, labels: float = 0.34) -> None:
        """Add a block of labels and their values: number, date, amount. `labels` is the share of the width they get."""
        self._story.append(
            table(
                [Column("", width=self.width * labels), Column("")],
                ((label, self.said(value)) for label, value in pairs),
                Element("Table", self._root),
                width=self.width,
                language=self.language,
                locale=self.locale,
                header=False,
                row_headers=True,
                style=look.FACTS,
            )
        )

    @in_its_language
    def table(
        self,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Any]],
        *,
        total: Sequence[Any] | None = None,
        carried: Carried | None = None,
        caption: Any = "",
    ) -> None:
        """Add a table. Dates, numbers and amounts are written for the language; rows may come from a generator.

        With `carried`, a table that goes on on another page says at its foot what it comes to so far, and there again.
        """
        element = Element("Table", self._root)
        if caption:
            self._story.append(CondPageBreak(FOLLOWED_BY))
            self._story.append(self._words(text(caption), look.HEADINGS[3], "Caption", after=2, parent=element))
        self._story.append(
            table(
                columns,
                rows,
                element,
                width=self.width,
                language=self.language,
                locale=self.locale,
                total=total,
                carried=carried,
                after=14,
            )
        )

    @in_its_language
    def key_figures(self, figures: Sequence[tuple[Any, Any, Any]]) -> None:
        """Add a row of large figures: (value, what it is, how it compares); three or four fit."""
        gap = 14.0
        width = (self.width - gap * (len(figures) - 1)) / len(figures)
        big, label = look.BIG, replace(look.LABEL, colour=look.INK)
        parts = []
        for value, name, comparison in figures:
            parts.append(
                (
                    Element("P", self._root),
                    set_lines(text(self.said(value)), big, width, self.language),
                    set_lines(text(name), label, width, self.language),
                    set_lines(text(comparison), look.SMALL, width, self.language) if comparison else [],
                )
            )
        heights = [
            len(value) * big.leading + len(name) * label.leading + len(rest) * look.SMALL.leading
            for _element, value, name, rest in parts
        ]

        def draw(canvas: TaggedCanvas, _width: float, height: float) -> None:
            for index, (element, value, name, rest) in enumerate(parts):
                x, top = index * (width + gap), height - 6
                with canvas.artifact():
                    canvas.setStrokeColor(self.accent)
                    canvas.setLineWidth(1.4)
                    canvas.line(x, height, x + width, height)
                with canvas.tagged(element):
                    draw_lines(canvas, value, big, x, top, width)
                    draw_lines(canvas, name, label, x, top - len(value) * big.leading, width)
                    top -= len(value) * big.leading + len(name) * label.leading
                    draw_lines(canvas, rest, look.SMALL, x, top, width)

        block = Drawn(max(heights) + 8, draw, after=14)
        block.spaceBefore = 14
        self._story.append(block)
