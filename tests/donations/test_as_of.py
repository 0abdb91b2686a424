"""The books as of a day: past answers stay, whatever is corrected later; giving history goes by the day it is dated."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from core.money import Money
from core.organisation import forget_organisation
from donations.accounting.as_of import Line, books_as_of, given_between
from donations.accounting.periods import close_period
from donations.models import GiftKind
from donations.services.adjusting import adjust_gift
from donations.services.gifts import charge_back_gift, refund_gift, reinstate_gift, void_gift
from tests.factories.donations import make_campaign, make_fund, make_gift

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]

MARCH, APRIL, MAY = (dt.date(2026, month, 15) for month in (3, 4, 5))


def on(day: dt.date, hour: int = 16) -> time_machine.travel:
    return time_machine.travel(dt.datetime(day.year, day.month, day.day, hour, tzinfo=dt.UTC), tick=False)


def by_name(lines: list[Line]) -> dict[str, tuple[Decimal, Decimal]]:
    return {line.name: (line.net, line.now) for line in lines}


@pytest.fixture
def a_spring() -> None:
    """In March two gifts, in April a refund and a void of them, in May a correction."""
    roof, tower = make_fund("Roof"), make_fund("Tower")
    with on(MARCH):
        one = make_gift(amount="100", fund=roof, on=MARCH)
        two = make_gift(amount="40", fund=tower, on=dt.date(2026, 2, 1))
        three = make_gift(amount="60", fund=tower, on=MARCH, campaign=make_campaign("Spring"))
    with on(APRIL):
        refund_gift(one, money=Money(Decimal(30), "USD"), by=None, reason="Overpaid")
        void_gift(two, by=None, reason="Typed twice")
    with on(MAY):
        adjust_gift(three, allocations=[(roof, Decimal(60))], by=None, reason="For the roof")


@pytest.mark.usefixtures("a_spring")
def test_the_books_of_a_day_say_what_they_said_that_day() -> None:
    assert by_name(books_as_of(dt.date(2026, 3, 14))) == {"Roof": (0, 130), "Tower": (0, 0)}
    assert by_name(books_as_of(MARCH)) == {"Roof": (100, 130), "Tower": (100, 0)}
    assert by_name(books_as_of(APRIL)) == {"Roof": (70, 130), "Tower": (60, 0)}
    assert by_name(books_as_of(MAY)) == {"Roof": (130, 130), "Tower": (0, 0)}


@pytest.mark.usefixtures("a_spring")
def test_each_kind_of_movement_stands_in_its_own_column() -> None:
    roof, tower = books_as_of(MAY)
    assert (roof.posted, roof.refunded, roof.adjusted, roof.voided) == (100, -30, 60, 0)
    assert (tower.posted, tower.voided, tower.adjusted) == (100, -40, -60)
    assert (roof.since, tower.since) == (0, 0)


@pytest.mark.usefixtures("a_spring")
def test_giving_history_goes_by_the_day_money_is_dated() -> None:
    assert given_between(dt.date(2026, 2, 1), dt.date(2026, 2, 28)) == 40
    assert given_between(dt.date(2026, 3, 1), dt.date(2026, 3, 31)) == 160
    assert given_between(dt.date(2026, 4, 1), dt.date(2026, 4, 30)) == -70
    march = books_as_of(APRIL, first=dt.date(2026, 3, 1), last=dt.date(2026, 3, 31))
    assert by_name(march) == {"Roof": (100, 160), "Tower": (60, 0)}


@pytest.mark.usefixtures("a_spring")
def test_the_books_by_campaign_put_what_has_none_last() -> None:
    assert [(line.name, line.net) for line in books_as_of(MARCH, by="campaign")] == [("Spring", 60), ("", 140)]


def test_a_correction_of_closed_books_lands_on_the_first_open_day() -> None:
    roof, tower = make_fund("Roof"), make_fund("Tower")
    with on(APRIL):
        gift = make_gift(amount="80", fund=roof, on=MARCH)
        close_period(through=dt.date(2026, 3, 31), by=None)
        closed = by_name(books_as_of(APRIL, last=dt.date(2026, 3, 31)))
    with on(MAY):
        adjust_gift(gift, allocations=[(tower, Decimal(80))], by=None, reason="For the tower")
        assert {entry.effective_on for entry in gift.entries.filter(kind="adjustment")} == {dt.date(2026, 4, 1)}
    assert by_name(books_as_of(MAY, last=dt.date(2026, 3, 31))) == closed
    assert given_between(dt.date(2026, 3, 1), dt.date(2026, 3, 31)) == 80


def test_a_charge_back_that_is_won_shows_as_nothing() -> None:
    with on(APRIL):
        gift = make_gift(amount="80", on=MARCH)
        charge_back_gift(gift, by=None, reason="Disputed")
        gift.refresh_from_db()
        reinstate_gift(gift, by=None, reason="Won")
    (line,) = books_as_of(APRIL)
    assert (line.posted, line.charged_back, line.net) == (80, 0, 80)


@pytest.mark.parametrize(("zone", "day"), [("Pacific/Auckland", 16), ("UTC", 15), ("Pacific/Honolulu", 15)])
def test_a_day_of_the_books_ends_at_local_midnight(organisation: object, zone: str, day: int) -> None:
    type(organisation).objects.update(time_zone=zone)
    forget_organisation()
    with on(MARCH, hour=12):
        make_gift(amount="80", on=dt.date(2026, 3, 1))
    assert sum(line.net for line in books_as_of(dt.date(2026, 3, day - 1))) == 0
    assert sum(line.net for line in books_as_of(dt.date(2026, 3, day))) == 80


@pytest.mark.usefixtures("a_spring")
def test_the_page_and_its_file_say_the_same(staff_client: Callable[..., Client]) -> None:
    client = staff_client()
    make_gift(amount="7", kind=GiftKind.DUES, fund=make_fund("Dues fund"))
    asked = {"as_of": "2026-04-15", "by": "fund", "kind": "gift"}
    page = client.get(reverse("giving_books"), asked)
    assert page.status_code == 200
    assert "130.00" in page.text
    assert "Dues fund" not in page.text
    sheet = client.get(reverse("giving_books"), asked | {"export": "csv"})
    rows = {row["Fund"]: row for row in csv.DictReader(io.StringIO(b"".join(sheet).decode()))}
    assert {name: Decimal(row["That day (USD)"]) for name, row in rows.items()} == {"Roof": 70, "Tower": 60}
    assert {name: Decimal(row["Now (USD)"]) for name, row in rows.items()} == {"Roof": 130, "Tower": 0}


def test_the_page_asks_a_constant_number_of_queries(
    staff_client: Callable[..., Client], assert_constant_queries: Callable
) -> None:
    client = staff_client()
    url = f"{reverse('giving_books')}?by=fund"

    def more(number: int) -> None:
        for _ in range(number):
            make_gift(fund=make_fund())

    assert_constant_queries(more, lambda: client.get(url), at_most=15)


@pytest.mark.parametrize(("role", "status"), [("Gift processor", 200), ("Board reader", 302), ("Communications", 302)])
def test_the_books_are_for_those_who_see_giving(staff_client: Callable[..., Client], role: str, status: int) -> None:
    assert staff_client(role).get(reverse("giving_books")).status_code == status
