"""Many documents in one file: each keeps its own count of pages, and typefaces are embedded once."""

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader

from core.documents import Bundle, Document, enclose

pytestmark = pytest.mark.django_db


def letter(name: str, paragraphs: int = 1, language: str = "en") -> Document:
    document = Document("Letter", language=language, counts_one_page=False)
    for _number in range(paragraphs):
        document.paragraph(f"Dear {name}, thank you for everything you have done for us this year.")
    return document


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def test_each_document_counts_its_own_pages_in_its_own_language() -> None:
    bundle = Bundle("Letters")
    counts = [bundle.add(letter("Ann")), bundle.add(letter("Bo", 60)), bundle.add(letter("Cy", 60, "de"))]
    text = pages(bundle.render())
    assert counts == [1, len([page for page in text if "Bo" in page]), len([page for page in text if "Cy" in page])]
    assert "Page" not in text[0]
    assert f"Page 1 of {counts[1]}" in text[1]


def test_typefaces_are_embedded_once_however_many_letters() -> None:
    def size(count: int) -> int:
        bundle = Bundle("Letters")
        for number in range(count):
            bundle.add(letter(f"Ann {number}"))
        return len(bundle.render())

    # What a further letter adds is its words.
    assert size(40) < 40 * size(1) / 6


def test_what_is_enclosed_stands_behind_its_letter() -> None:
    bundle = Bundle("Letters")
    counts = [bundle.add(letter("Ann")), bundle.add(letter("Bo"))]
    receipt = letter("Receipt").render()
    file, added = enclose(bundle.render(), counts, [[receipt], []])
    assert added == 1
    assert [next(name for name in ("Ann", "Bo", "Receipt") if name in page) for page in pages(file)] == [
        "Ann",
        "Receipt",
        "Bo",
    ]
