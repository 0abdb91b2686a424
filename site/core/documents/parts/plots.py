"""Charts: bars, columns and lines, each said in words as well."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from reportlab.platypus import KeepTogether

from core.documents import charts, look
from core.documents.blocks import Drawn
from core.documents.charts import Bar, Series
from core.documents.parts.story import Story, in_its_language
from core.documents.structure import Element
from core.documents.tables import Column, formatted
from core.documents.tags import TaggedCanvas
from core.documents.words import text


class Plots(Story):
    """Bars, columns, lines; each has its values as a text for those who hear it."""

    @in_its_language
    def bar_chart(self, title: Any, bars: Sequence[Bar], *, currency: str = "") -> None:
        """Add bars, one under the other, each with its value at its end and a tick at its goal."""
        if not bars:
            self._nothing(title)
            return
        said = self._sayer(currency)
        alt = "; ".join(f"{bar.label}: {said(bar.value)}" for bar in bars)

        def draw(canvas: TaggedCanvas, width: float, height: float) -> None:
            charts.draw_bars(canvas, bars, width, height, self.accent, said, self.language)

        self._chart(title, alt, charts.bars_height(bars), draw)

    @in_its_language
    def column_chart(
        self, title: Any, places: Sequence[Any], series: Sequence[Series], *, currency: str = "", height: float = 150
    ) -> None:
        """Add columns side by side for each place (month, year); the first series stands in front."""
        self._plot(title, places, series, currency, height, charts.draw_columns)

    @in_its_language
    def line_chart(
        self, title: Any, places: Sequence[Any], series: Sequence[Series], *, currency: str = "", height: float = 150
    ) -> None:
        """Add lines over the places, each named at its end; the first is the one that matters."""
        self._plot(title, places, series, currency, height, charts.draw_curves)

    def _plot(
        self, title: Any, places: Sequence[Any], series: Sequence[Series], currency: str, height: float,
        drawing: Callable[..., None],
    ) -> None:  # fmt: skip
        if not places or not series:
            self._nothing(title)
            return
        said = self._sayer(currency)
        alt = ". ".join(
            f"{one.name}: "
            + "; ".join(f"{place} {said(v)}" for place, v in zip(places, one.values, strict=False) if v is not None)
            for one in series
        )

        def draw(canvas: TaggedCanvas, width: float, total: float) -> None:
            drawing(canvas, places, series, width, total, self.accent, said, self.language)

        self._chart(title, alt, height, draw)

    def _nothing(self, title: Any) -> None:
        self.heading(title, level=3)
        self.note(_("There is nothing to show yet."))

    def _chart(self, title: Any, alt: str, height: float, draw: Callable[[TaggedCanvas, float, float], None]) -> None:
        element = Element("Figure", self._root, alt=f"{text(title)}. {alt}")
        heading = self._words(text(title), look.HEADINGS[3], "Caption", after=6, parent=element)

        def tagged(canvas: TaggedCanvas, width: float, total: float) -> None:
            with canvas.tagged(element):
                draw(canvas, width, total)

        self._story.append(KeepTogether([heading, Drawn(height, tagged, after=12)]))

    def _sayer(self, currency: str) -> Callable[[Any], str]:
        column = Column("", currency=currency, numeric=True)

        def said(value: Any) -> str:
            whole = value == int(value)
            return str(formatted(int(value) if whole else Decimal(value), Column("") if whole else column, self.locale))

        return said
