"""Bundle: many documents drawn into one file, so that each typeface and picture is embedded once, not once a letter.

    bundle = Bundle(_("Letters of thanks"))
    for letter in letters:
        bundle.add(draw(letter))     # a Document that was not rendered
    pdf = bundle.render()

Each document keeps its language, its footer and its own count of pages. Some hundreds at a time keep memory small; the
files of many bundles are put together with `bind`, which `bind_letters` does by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any, BinaryIO

from django.utils import translation

from core.documents.document import Document
from core.documents.finished import bind
from core.documents.structure import Element
from core.documents.tags import TaggedCanvas
from core.documents.words import text
from core.spreading import batched

#: Letters in memory at a time.
_STEP = 100


class Bundle:
    """One file of many documents, in the order they are added."""

    def __init__(self, title: Any, *, language: str = "en") -> None:
        self.title, self.language = str(text(title)), language
        self._out, self._root = BytesIO(), Element("Document")
        self._canvas: TaggedCanvas | None = None
        # For each page: whose it is, the how manyeth, of how many.
        self._pages: list[tuple[Document, int, int]] = []

    def add(self, document: Document) -> int:
        """Draw a document behind those before it; return how many pages it has. It is used up."""
        if self._canvas is None:
            self._canvas = self._started(document)
        count = document.draw_onto(self._canvas, self._root)
        self._pages += [(document, number + 1, count) for number in range(count)]
        return count

    def render(self) -> bytes:
        """Return the file; nothing was added makes an empty one."""
        if self._canvas is None:
            return b""
        self._canvas.setTitle(self.title)
        self._canvas.setSubject("")
        with Document.rendering:
            self._canvas.save()
        return self._out.getvalue()

    def _started(self, document: Document) -> TaggedCanvas:
        canvas = TaggedCanvas(
            self._out, root=self._root, furniture=self._foot, ground=self._ground, pagesize=document.page_size,
            pageCompression=1, invariant=1, lang=self.language, pdfVersion=(1, 7),
        )  # fmt: skip
        canvas.setViewerPreference("DisplayDocTitle", "true")
        return canvas

    def _foot(self, canvas: TaggedCanvas, page: int, _pages: int) -> None:
        document, number, count = self._pages[page - 1]
        self._next = document
        with translation.override(document.language):
            document.foot(canvas, number, count)

    def _ground(self, canvas: TaggedCanvas) -> None:
        # Asked for right after the foot of the same page.
        self._next.ground(canvas)


def bind_letters(letters: Iterable[Document], out: BinaryIO, *, title: Any) -> None:
    """Write letters as one file for the printer, drawn some at a time. They are used up."""
    bind((_drawn(some, title) for some in batched(letters, _STEP)), out)


def _drawn(letters: Iterable[Document], title: Any) -> bytes:
    bundle = Bundle(title)
    for letter in letters:
        bundle.add(letter)
    return bundle.render()
