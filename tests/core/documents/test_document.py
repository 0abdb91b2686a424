"""The finished file: its words, its pages, its structure, its bytes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils.translation import gettext_lazy as lazy

from core.documents import Column, DocumentError
from core.money import Money

from .conftest import read, words_of

COLUMNS = [Column("Date"), Column("Donor"), Column("Amount (EUR)", currency="EUR")]


def rows(count):
    return ((dt.date(2026, 3, 1), f"Donor {number}", Decimal(number)) for number in range(count))


def letter(document, **options):
    made = document("Receipt 2026-0001", **options)
    made.letterhead()
    made.address(["Łukasz Żółć", "2 Mill Lane"], date=dt.date(2026, 11, 21))
    made.heading("Thank you")
    made.paragraph("Dear Łukasz,")
    made.facts([("Amount", Decimal("1250.50"))])
    made.table(COLUMNS, rows(80), total=["Total", "", Decimal(3160)])
    made.paragraph("Yours,")
    made.signature()
    return made


def test_words_can_be_copied_from_the_file(document) -> None:
    words = words_of(letter(document))
    for expected in ("The Harbour Museum Trust", "Łukasz Żółć", "21 November 2026", "1,250.5", "Maria Ångström"):
        assert expected in words


def test_the_same_calls_give_the_same_bytes(document) -> None:
    assert letter(document).render() == letter(document).render()


def test_every_page_says_which_of_how_many_it_is(document) -> None:
    pages = read(letter(document)).pages
    assert len(pages) == 3
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of 3" in page.extract_text()


def test_the_table_header_is_on_every_page_of_the_table(document) -> None:
    made = document()
    made.table(COLUMNS, rows(100))
    assert all("Amount (EUR)" in page.extract_text() for page in read(made).pages)


@pytest.mark.parametrize("count", range(28, 40))
def test_the_total_is_never_alone_on_a_page(document, count) -> None:
    made = document()
    made.table(COLUMNS, rows(count), total=["Total", "", Decimal(count)])
    last = read(made).pages[-1].extract_text()
    assert f"Donor {count - 1}" in last[: last.index("Total")]


def test_a_cell_longer_than_a_page_goes_on_on_the_next(document) -> None:
    made = document()
    made.table(COLUMNS, [(None, "keel " * 6_000, Decimal(1)), (None, "last", Decimal(2))], total=["Total", "", None])
    words = words_of(made)
    assert words.count("keel") == 6_000
    assert words.index("last") < words.index("Total")


def test_a_long_table_is_whole(document) -> None:
    made = document()
    made.table(COLUMNS, rows(3_000))
    assert "Donor 2999" in read(made).pages[-1].extract_text()


def test_the_file_is_tagged_and_says_title_and_language(document) -> None:
    file = read(letter(document, language="de"))
    root = file.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or str(root["/MarkInfo"]["/Marked"]).lower() == "true"
    assert root["/Lang"] == "de"
    assert file.metadata.title == "Receipt 2026-0001"
    assert file.metadata.author == "The Harbour Museum Trust"
    top = root["/StructTreeRoot"]["/K"][0]
    assert top["/S"] == "/Document"
    tags = [kid.get_object()["/S"] for kid in top["/K"]]
    assert tags == ["/P", "/P", "/P", "/P", "/H1", "/P", "/Table", "/Table", "/P", "/P"]
    table = top["/K"][7].get_object()
    header, first, *_rest = (row.get_object() for row in table["/K"])
    assert len(table["/K"]) == 82
    assert [cell.get_object()["/S"] for cell in header["/K"]] == ["/TH"] * 3
    assert [cell.get_object()["/S"] for cell in first["/K"]] == ["/TD"] * 3


def test_words_of_two_lines_do_not_run_together(document) -> None:
    made = document()
    made.paragraph("keel " * 200)
    assert b"keelkeel" not in read(made).pages[0].extract_text().replace("\n", "").encode()


def test_the_file_says_when_it_was_issued(document) -> None:
    made = document(created=dt.date(2026, 11, 21))
    made.paragraph("Hello")
    assert read(made).metadata.creation_date.date() == dt.date(2026, 11, 21)


def test_dates_and_amounts_are_written_for_the_reader(document) -> None:
    assert "1.250,5" in words_of(letter(document, language="de"))


def test_lazy_words_and_amounts_are_said_in_the_document_s_language(document) -> None:
    made = document(language="de")
    made.paragraph(Money(Decimal("1250.50"), "EUR"), " ", lazy("Yes"))
    assert words_of(made).startswith("1.250,50 € Ja")


def test_amounts_are_rounded_as_money_is(document) -> None:
    made = document()
    made.table([Column("EUR", currency="EUR"), Column("JPY", currency="JPY")], [(Decimal("-0.125"), Decimal("2.5"))])
    assert "\N{MINUS SIGN}0.13 3" in words_of(made)


def test_letter_paper_follows_the_country(document, organisation) -> None:
    made = document()
    made.paragraph("Hello")
    assert [round(float(side)) for side in read(made).pages[0].mediabox[2:]] == [595, 842]
    organisation.country = "US"
    made = document()
    made.paragraph("Hello")
    assert [round(float(side)) for side in read(made).pages[0].mediabox[2:]] == [612, 792]


def test_an_empty_document_is_refused(document) -> None:
    with pytest.raises(DocumentError):
        document().render()
