"""`report`: the rows behind the numbers."""

import csv
import datetime as dt
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core.money import Money
from donations.models import Fund
from donations.services.gifts import record_gift
from office.reports.named import REPORTS
from tests.factories.constituents import make_household, make_person

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
    assert row == {"fund": "Where it is needed most", "raised": "5.00", "gifts": "1"}


def test_the_board_pack_is_a_pdf_and_lists_of_people_are_not(tmp_path: Path) -> None:
    out = tmp_path / "board.pdf"
    call_command("report", "board-pack", "--year", "2026", "--format", "pdf", "--out", str(out))
    assert out.read_bytes().startswith(b"%PDF")
    with pytest.raises(CommandError, match="cannot be had as pdf"):
        call_command("report", "lybunt", "--year", "2026", "--format", "pdf")
