"""A canvas that marks what it draws with what it means, and draws words as shaped glyphs.

A screen reader then hears headings as headings and table cells with their column; page furniture is marked as such and
skipped. ReportLab has no tagging of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from core.documents.lines import Line, Style
from core.documents.operators import colour, number, operators, shown_alike
from core.documents.structure import Element, write_structure
from core.documents.typefaces import own_face, shaped, typeface

# Streams as they are: writing them as letters (ASCII85) costs a quarter more size and time, for no reader of today.
rl_config.useA85 = 0


class TaggedCanvas(Canvas):
    """A canvas that marks what it draws.

    For each page, once their number is known, `furniture` draws above what is there, and `ground` below it.
    """

    # ReportLab's page under way: the operators so far.
    _code: list[str]

    def __init__(
        self,
        filename: Any,
        *,
        root: Element,
        furniture: Callable[[TaggedCanvas, int, int], None],
        ground: Callable[[TaggedCanvas], None],
        **options: Any,
    ) -> None:
        super().__init__(filename, initialFontName=typeface("StewardSans-Regular").fontName, **options)
        self.root = root
        self._furniture, self._ground = furniture, ground
        self._marks: list[list[Element]] = [[]]
        # The operators that show a word; its codes never change within one file.
        self._words: dict[tuple[str, str, bool, float], list[str]] = {}

    # Marking

    @contextmanager
    def tagged(self, element: Element) -> Iterator[None]:
        """Mark everything drawn inside as the content of the element."""
        marks = self._marks[-1]
        place = len(marks)
        marks.append(element)
        element.parts.append((len(self._marks) - 1, place))
        self._code.append(f"/{element.tag} <</MCID {place}>> BDC")
        yield
        self._code.append("EMC")

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """Mark everything drawn inside as decoration that a reader may skip."""
        self._code.append("/Artifact BMC")
        yield
        self._code.append("EMC")

    # Pages

    def date(self, day: dt.date) -> None:
        """Say in the file's properties on which day it was made."""
        self._doc._timeStamp.YMDhms = (day.year, day.month, day.day, 0, 0, 0)

    def showPage(self) -> None:  # noqa: N802 - ReportLab's name
        """End the page."""
        super().showPage()
        self._marks.append([])

    def save(self) -> None:
        """Add the furniture of every page, then the structure, then write the file."""
        if self._code:
            self.showPage()
        pages = self._doc.Pages.pages
        for place, page in enumerate(pages):
            self._furniture(self._fresh(), place + 1, len(pages))
            above = self._code
            self._ground(self._fresh())
            page.stream = "\n".join([*self._code, page.stream, *above, ""])
        self._code = []
        write_structure(self._doc, self.root, self._marks)
        self._doc.SaveToFile(self._filename, self)

    # Words

    def line_of_words(self, line: Line, style: Style, x: float, y: float) -> None:
        """Draw a set line with its left end at x and its baseline at y, in points."""
        if not line.pieces:
            return
        alike = shown_alike(line, style)
        if alike is not None:
            for face, letters in alike.letters:
                face.take(self._doc, letters)
        words = alike.operators if alike is not None else " ".join(self._operators(line, style))
        self._code.append(f"{colour(style.colour)} rg BT 1 0 0 1 {number(x)} {number(y)} Tm {words} ET")

    def _operators(self, line: Line, style: Style) -> Iterator[str]:
        """Yield what shows a line of words in any script."""
        for piece in line.visual():
            face, run = typeface(piece.face), shaped(piece.face, piece.string, bool(piece.level % 2))
            # Readers put right-to-left glyphs in order by themselves, and would turn a given order around once more.
            told = not run.literal and not piece.level % 2
            if told:
                yield f"/Span <</ActualText <FEFF{piece.string.encode('utf-16-be').hex().upper()}>>> BDC"
            if piece.faux:
                yield f"{colour(style.colour)} RG {number(style.size * 0.03)} w 2 Tr"
            key = (piece.face, piece.string, bool(piece.level % 2), style.size)
            if key not in self._words:
                self._words[key] = list(operators(self._doc, face, run, style.size))
            yield from self._words[key]
            if piece.faux:
                yield "0 Tr"
            if told:
                yield "EMC"
        if line.spaced:
            own = own_face(style.family, strong=style.strong, slanted=False)
            yield from operators(self._doc, typeface(own), shaped(own, " ", False), style.size)

    def _fresh(self) -> TaggedCanvas:
        self._code = []
        self.init_graphics_state()
        return self
