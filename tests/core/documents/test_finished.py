"""A stored file can be marked and bound, and stays itself."""

from __future__ import annotations

from io import BytesIO

from pypdf import PdfReader

from core.documents import bind, stamp

from .conftest import words_of


def issued(document, name="Łukasz Żółć"):
    letter = document("Receipt 2026-0001")
    letter.heading("Official receipt")
    letter.paragraph(name)
    return letter.render()


def test_a_copy_says_so_and_keeps_its_words_title_and_structure(document) -> None:
    copy = PdfReader(BytesIO(stamp(issued(document), "COPY")))
    words = copy.pages[0].extract_text()
    assert "COPY" in words
    assert "Łukasz Żółć" in words
    assert copy.metadata.title == "Receipt 2026-0001"
    assert copy.trailer["/Root"]["/StructTreeRoot"]["/K"][0]["/S"] == "/Document"


def test_the_same_copy_is_the_same_bytes(document) -> None:
    pdf = issued(document)
    assert stamp(pdf, "COPY") == stamp(pdf, "COPY")


def test_marking_leaves_the_stored_file_alone(document) -> None:
    pdf = issued(document)
    before = bytes(pdf)
    stamp(pdf, "VOID")
    assert pdf == before


def test_a_mark_can_be_made_while_drawing(document) -> None:
    letter = document(mark="VOID")
    letter.paragraph("Receipt")
    assert "VOID" in words_of(letter)


def test_many_files_become_one_in_their_order(document) -> None:
    out = BytesIO()
    assert bind((issued(document, name) for name in ("Ann", "Żaneta", "Γιώργος")), out) == 3
    pages = [page.extract_text() for page in PdfReader(out).pages]
    assert ["Ann" in pages[0], "Żaneta" in pages[1], "Γιώργος" in pages[2]] == [True, True, True]
