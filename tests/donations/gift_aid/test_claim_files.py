"""The files of a claim, as HMRC reads them."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from django.db import transaction
from odfdo import Document

from core.triggers import ProtectedRowError
from donations.gift_aid.files import file_bytes, finish_files
from donations.gift_aid.schedule import western
from donations.models import FileFormat, GiftAidClaim, GiftAidSettings, Grouping
from donations.services.books import check_books
from tests.donations.gift_aid.conftest import TODAY, pounds
from tests.donations.gift_aid.hmrc import hmrc_reads
from tests.factories.constituents import make_person
from tests.factories.gift_aid import make_declaration, make_sent_claim

pytestmark = pytest.mark.usefixtures("charity")


def test_the_spreadsheet_says_to_hmrcs_reader_what_was_claimed() -> None:
    person = make_person("Zoë", "Łukasz-Pascoe", title="Professor")
    abroad = make_person("Anne-Marie", "O'Hara", title="Baroness")
    make_declaration(person, house="The Old Barn", postcode="tr113xx")
    make_declaration(abroad, house="4 Rue de la Paix, 75002 Paris, France", postcode="", is_abroad=True)
    pounds(person, "80", dt.date(2026, 3, 1))
    pounds(abroad, "1234.5", dt.date(2026, 4, 2))
    claim = make_sent_claim(TODAY)
    seen = hmrc_reads(file_bytes(claim.files.get(format=FileFormat.ODS)))
    assert seen == {
        "sheet": "R68GAD_V1_00_0_EN",
        "earliest": "01/03/26",
        "over_claimed": "",
        "rows": [
            ["1", "Prof", "Zoë", "Lukasz Pascoe", "The Old Barn", "TR11 3XX", "", "", "01/03/26", "80.00"],
            ["2", "", "Anne Marie", "O'Hara", "4 Rue de la Paix, 75002 Paris, France", "X", "", "", "02/04/26", "1234.50"],  # noqa: E501
        ],
    }  # fmt: skip


def test_the_spreadsheet_reads_back_in_a_library_under_hmrcs_headings() -> None:
    pounds(make_declaration(make_person("Ann", "Lee", title="Mrs.")).donor, "12.5")
    claim = make_sent_claim(TODAY)
    table = Document(io.BytesIO(file_bytes(claim.files.get(format=FileFormat.ODS)))).body.tables[0]
    assert table.get_values("B23:K23")[0] == [
        "Item",
        "Title",
        "First name",
        "Last name",
        "House name or number",
        "Postcode",
        "Aggregated donations",
        "Sponsored event",
        "Donation date",
        "Amount",
    ]
    values = table.get_values("B25:K25")[0]
    assert values[:6] == [1, "Mrs", "Ann", "Lee", "12", "SW1A 1AA"]
    assert values[6:8] == [None, None]
    assert (values[8].strftime("%Y-%m-%d"), values[9]) == ("2026-03-01", Decimal("12.5"))
    assert table.get_value("D20") == Decimal("12.5")


def test_the_table_has_the_same_rows_and_no_cell_runs_as_a_formula() -> None:
    pounds(make_declaration(make_person("=HYPERLINK", "Lee")).donor, "12.5")
    claim = make_sent_claim(TODAY)
    text = file_bytes(claim.files.get(format=FileFormat.CSV)).decode("utf-8-sig")
    head, row = csv.reader(io.StringIO(text))
    assert head[0], head[-1] == ("Item", "Amount")
    assert row == ["1", "", "'=HYPERLINK", "Lee", "12", "SW1A 1AA", "", "", "01/03/26", "12.50"]


def test_a_claim_with_more_rows_than_a_file_holds_becomes_several_files() -> None:
    GiftAidSettings.load()
    GiftAidSettings.objects.update(rows_per_file=2)
    donor = make_declaration().donor
    for day in range(1, 6):
        pounds(donor, "10", dt.date(2026, 3, day))
    claim = make_sent_claim(TODAY)
    sheets = [hmrc_reads(file_bytes(file)) for file in claim.files.filter(format=FileFormat.ODS)]
    assert [[row[0] for row in sheet["rows"]] for sheet in sheets] == [["1", "2"], ["1", "2"], ["1"]]
    assert sum((file.amount for file in claim.files.filter(format=FileFormat.ODS)), Decimal(0)) == claim.gift_amount
    assert len(finish_files(claim)) == 6


def test_one_row_a_donor_keeps_financial_years_apart_and_says_the_last_day() -> None:
    donor = make_declaration().donor
    for on in (dt.date(2025, 11, 1), dt.date(2025, 12, 31), dt.date(2026, 1, 1)):
        pounds(donor, "10", on)
    claim = make_sent_claim(TODAY, grouping=Grouping.DONOR)
    assert list(claim.rows.values_list("donated_on", "amount")) == [
        (dt.date(2025, 12, 31), 20),
        (dt.date(2026, 1, 1), 10),
    ]


def test_small_gifts_are_added_together_without_names_up_to_a_thousand_pounds() -> None:
    donors = [make_declaration().donor for _ in range(2)]
    for number in range(36):
        pounds(donors[number % 2], "30", dt.date(2026, 3, 1))
    pounds(donors[0], "30.01")
    claim = make_sent_claim(TODAY, aggregates=True)
    together = claim.rows.exclude(aggregated="")
    assert sorted(together.values_list("amount", flat=True)) == [90, 990]
    assert {(row.first_name, row.last_name, row.house, row.postcode) for row in together} == {("", "", "", "")}
    assert claim.rows.filter(aggregated="").count() == 1
    assert claim.gift_amount == Decimal("1110.01")
    assert check_books() == []


def test_names_lose_nothing_to_hmrcs_reader() -> None:
    assert western("Łukasz") == "Lukasz"
    assert western("Zoë\tŠkoda ") == "Zoë Skoda"
    assert western("Ἀλέξανδρος").isascii()


def test_what_was_sent_stays() -> None:
    pounds(make_declaration().donor, "80")
    claim = make_sent_claim(TODAY)
    for change in (
        lambda: claim.rows.update(amount=1),
        lambda: claim.lines.update(amount=1),
        lambda: claim.files.update(sha256="x"),
        lambda: GiftAidClaim.objects.update(gift_amount=1),
        lambda: claim.lines.all().delete(),
    ):
        with pytest.raises(ProtectedRowError), transaction.atomic():
            change()
