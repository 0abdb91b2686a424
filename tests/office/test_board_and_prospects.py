"""The board's page and the prospect list: the same numbers on screen and on paper, and only for those who may see."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.urls import reverse
from pypdf import PdfReader

from core import clock
from core.money import Money
from donations.models import Fund
from donations.services.gifts import record_gift
from office.reports.board import board_figures
from office.reports.prospects import prospect_list
from tests.factories.constituents import make_person
from tests.factories.memberships import make_membership

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fund() -> Fund:
    return Fund.objects.create(name="Where it is needed most", code="general", is_default=True)


def give(donor, amount: str, days_ago: int = 0):
    money = Money(Decimal(amount), "USD")
    return record_gift(donor=donor, money=money, received_on=clock.today() - dt.timedelta(days=days_ago), by=None)


def pdf_text(response) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)


def test_the_boards_page_says_the_same_on_screen_and_on_paper(staff_client) -> None:
    give(make_person(), "1234.50")
    client = staff_client()
    assert "$1,234.50" in client.get(reverse("office_board")).text
    paper = client.get(reverse("office_board"), {"format": "pdf"})
    assert "$1,235" in pdf_text(paper) or "$1,234" in pdf_text(paper)
    assert len(PdfReader(io.BytesIO(paper.content)).pages) == 1


def test_a_running_year_is_compared_with_the_same_days_of_the_year_before() -> None:
    year = 2026
    donor = make_person()
    for date in ("2025-03-01", "2025-12-01", "2026-03-01"):
        record_gift(donor=donor, money=Money(Decimal(10), "USD"), received_on=dt.date.fromisoformat(date), by=None)
    figures = board_figures(year, as_of=dt.date(2026, 6, 30))
    assert (figures.giving.raised, figures.before.raised) == (Decimal(10), Decimal(10))


def test_members_are_counted_by_level() -> None:
    membership = make_membership(starts_on=clock.today() - dt.timedelta(days=10))
    [level] = board_figures(clock.fiscal_year(clock.today())).levels
    assert (level.name, level.members, level.before) == (membership.level.name, 1, 0)


def test_the_prospect_list_leaves_out_who_must_not_be_asked_and_says_why_the_others_stand_there(staff_client) -> None:
    give(make_person("Ann", "Seabright"), "500")
    give(make_person("Bo", "Silent", do_not_contact=True), "900")
    found = prospect_list(as_of=clock.today())
    assert [line.constituent.family_name for line in found.lines] == ["Seabright"]
    assert (found.ranked, found.left_out) == (2, 1)
    client = staff_client()
    text = pdf_text(client.get(reverse("office_prospects"), {"format": "pdf"}))
    assert "Ann Seabright" in text
    assert "Confidential" in text
    assert "Silent" not in text


def test_names_in_every_script_print(staff_client) -> None:
    for given, family in (("明子", "山田"), ("أحمد", "الحداد"), ("Łukasz", "Żółć"), ("मीरा", "जोशी")):
        give(make_person(given, family), "50")
    response = staff_client().get(reverse("office_prospects"), {"format": "pdf"})
    assert response.status_code == 200


@pytest.mark.parametrize("role", ["Volunteer coordinator", "Communications"])
def test_who_may_not_see_giving_sees_no_report(staff_client, role: str) -> None:
    client = staff_client(role)
    for name in ("office_board", "office_prospects"):
        assert client.get(reverse(name)).status_code in (302, 403)


def test_the_first_page_shows_what_waits_and_on_an_empty_day_says_so(staff_client) -> None:
    client = staff_client()
    assert "Nothing waits" in client.get("/admin/").text
    record_gift(donor=make_person(), money=Money(Decimal(10), "USD"), received_on=clock.today(), by=None, post=False)
    assert "expected gift has not come yet" in client.get("/admin/").text


def test_the_prospects_page_asks_the_same_number_of_questions_however_long(
    staff_client, assert_constant_queries
) -> None:
    client = staff_client()

    def more(number: int) -> None:
        for _ in range(number):
            give(make_person(), "10")

    assert_constant_queries(more, lambda: client.get(reverse("office_prospects")))
