"""`report`: the rows behind the numbers."""

import csv
import datetime as dt
import io
import json
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from core.documents import page_count
from core.money import Money
from donations.models import Fund
from donations.services.gifts import record_gift
from office.documents.board import board_page
from office.reports.board import CampaignLine, LevelLine, board_figures
from office.reports.named import REPORTS
from tests.factories.constituents import make_household, make_person
from tests.factories.donations import make_appeal, make_campaign, make_gift

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fund() -> Fund:
    return Fund.objects.create(name="Where it is needed most", code="general", is_default=True)


def report(name: str, **options: object) -> dict:
    out = io.StringIO()
    call_command("report", name, year=2026, stdout=out, **options)
    return json.loads(out.getvalue())


def test_lybunt_names_the_household_and_what_it_gave() -> None:
    household = make_household(make_person("Ann", "Lee"), make_person("Bo", "Lee"))
    money = Money(Decimal("12.50"), "USD")
    record_gift(donor=household.members[0], money=money, received_on=dt.date(2025, 5, 1), by=None)
    assert report("lybunt")["rows"] == [["household", household.pk, "Ann and Bo Lee", "12.50"]]
    person = household.members[0]
    assert report("lybunt", unit="person")["rows"] == [["person", person.pk, "Ann Lee", "12.50"]]


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_answers_on_an_empty_database(name: str) -> None:
    answer = report(name)
    assert answer["report"] == name
    assert all(len(row) == len(answer["columns"]) for row in answer["rows"])


def test_csv_has_a_header_and_the_same_rows(tmp_path: Path) -> None:
    record_gift(donor=make_person(), money=Money(Decimal(5), "USD"), received_on=dt.date(2026, 5, 1), by=None)
    out = tmp_path / "funds.csv"
    call_command("report", "funds", "--year", "2026", "--format", "csv", "--out", str(out))
    [row] = csv.DictReader(out.read_text(encoding="utf-8").splitlines())
    assert (row["fund"], row["raised"], row["gifts"]) == ("Where it is needed most", "5.00", "1")


def test_the_board_pack_is_a_pdf_and_lists_of_people_are_not(tmp_path: Path) -> None:
    out = tmp_path / "board.pdf"
    call_command("report", "board-pack", "--year", "2026", "--format", "pdf", "--out", str(out))
    assert out.read_bytes().startswith(b"%PDF")
    with pytest.raises(CommandError, match="cannot be had as pdf"):
        call_command("report", "lybunt", "--year", "2026", "--format", "pdf")


def test_the_campaigns_of_a_report_add_up_and_say_what_they_raised_with_their_parts(tmp_path: Path) -> None:
    year = make_campaign("Year", goal=Decimal(100))
    spring = make_campaign("Spring", parent=year)
    letter = make_appeal(spring, number_sent=4, cost=Decimal(10), sent_on=dt.date(2026, 2, 1))
    for campaign, appeal, amount in ((spring, letter, 30), (spring, None, 20), (year, None, 5)):
        make_gift(amount=amount, campaign=campaign, appeal=appeal)
    found = report("campaigns")
    rows = {row[0]: dict(zip(found["columns"], row, strict=True)) for row in found["rows"]}
    assert sum(Decimal(row["raised"]) for row in rows.values()) == Decimal(55)
    whole, part = rows["Year"], rows["Spring"]
    assert (whole["raised"], whole["raised_with_parts"], part["part_of"]) == ("5.00", "55.00", "Year")
    assert (part["response_rate"], part["roi"], part["median"]) == ("0.2500", "4.0000", "25.00")
    for name in ("campaigns", "funds"):
        call_command("report", name, "--year", "2026", "--format", "pdf", "--out", str(out := tmp_path / f"{name}.pdf"))
        assert "55.00" in PdfReader(out).pages[0].extract_text()


def test_the_boards_page_stays_one_however_many_campaigns_and_levels() -> None:
    figures = board_figures(2026)
    many = replace(
        figures,
        campaigns=[CampaignLine(f"Campaign {n}", Decimal(n), Decimal(9), 1, 1) for n in range(15)],
        levels=[LevelLine(f"Level {n}", 3, 2) for n in range(20)],
    )
    page = board_page(many)
    assert page_count(page) == 1
    assert "more campaigns." in PdfReader(BytesIO(page)).pages[0].extract_text()
