"""Finished files: marking a stored one without drawing it anew, and binding many into one for the printer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any, BinaryIO

from pypdf import PdfReader, PdfWriter

from core.documents.furniture import overprint
from core.documents.structure import Element
from core.documents.tags import TaggedCanvas
from core.documents.words import text


def stamp(pdf: bytes, mark: Any) -> bytes:
    """Return the file with a word large across every page, under its words: COPY on a reprint, VOID on a spoiled one.

    Everything else stays as it was issued; the same file and word give the same bytes.
    """
    words = str(text(mark))
    reader = PdfReader(BytesIO(pdf))
    writer = PdfWriter(clone_from=reader)
    for page in writer.pages:
        size = (float(page.mediabox.width), float(page.mediabox.height))
        page.merge_page(PdfReader(BytesIO(_mark(words, size))).pages[0], over=False)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def bind(pdfs: Iterable[bytes], out: BinaryIO) -> int:
    """Write the files one after the other as one, for printing; return the number of pages.

    All of it is in memory until written: bind some thousands at a time.
    """
    writer = PdfWriter()
    for pdf in pdfs:
        writer.append(BytesIO(pdf), import_outline=False)
    pages = len(writer.pages)
    writer.write(out)
    return pages


def enclose(letters: bytes, counts: Sequence[int], enclosures: Sequence[Sequence[bytes]]) -> tuple[bytes, int]:
    """Put behind each letter of a file what goes with it, for printing; return the file, and how many pages came to it.

    `counts` are the pages of each letter, in the order of the file.
    """
    source, writer = PdfReader(BytesIO(letters)), PdfWriter()
    page = 0
    for count, files in zip(counts, enclosures, strict=True):
        writer.append(source, pages=(page, page + count), import_outline=False)
        page += count
        for file in files:
            writer.append(BytesIO(file), import_outline=False)
    added = len(writer.pages) - page
    out = BytesIO()
    writer.write(out)
    return out.getvalue(), added


def page_count(pdf: bytes) -> int:
    """Return how many pages a finished file has."""
    return len(PdfReader(BytesIO(pdf)).pages)


def _mark(words: str, size: tuple[float, float]) -> bytes:
    out = BytesIO()

    def ground(canvas: TaggedCanvas) -> None:
        overprint(canvas, words, size, "en")

    canvas = TaggedCanvas(
        out, root=Element("Document"), furniture=lambda *_page: None, ground=ground, pagesize=size, invariant=1
    )
    canvas.showPage()
    canvas.save()
    return out.getvalue()
