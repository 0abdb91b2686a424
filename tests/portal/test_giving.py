"""Donors see what they gave and take their receipts."""

import datetime as dt
import hashlib

import pytest

from donations.services.gifts import void_gift
from donations.services.receipts import void_receipt
from tests.factories.donations import make_gift, make_receipt
from tests.factories.memberships import make_membership

pytestmark = pytest.mark.django_db


def test_gifts_stand_under_their_year_with_what_the_year_came_to(mine, me) -> None:
    make_gift(me, "120.00", on=dt.date(2026, 3, 1))
    make_gift(me, "30.50", on=dt.date(2026, 5, 1))
    make_gift(me, "77.00", on=dt.date(2024, 5, 1))
    page = mine.get("/account/giving/").text
    assert "$150.50" in page
    assert "$77.00" not in page
    assert "$77.00" in mine.get("/account/giving/?year=2024").text
    assert mine.get("/account/giving/?year=2020").status_code == 404
    assert mine.get("/account/giving/?year=x").status_code == 404


def test_a_gift_that_is_expected_says_so_and_is_not_added_up(mine, me) -> None:
    make_gift(me, "75.00", post=False, method="transfer")
    page = mine.get("/account/giving/").text
    assert "On its way to us" in page
    assert "$0.00" in page


def test_dues_are_not_called_gifts_and_voided_gifts_are_not_shown(mine, me) -> None:
    make_membership(me, starts_on=dt.date(2026, 1, 10))
    void_gift(make_gift(me, "999.00"), by=None, reason="typed twice")
    page = mine.get("/account/giving/?year=2026").text
    assert "Membership dues" in page
    assert "$999.00" not in page


def test_the_receipt_is_the_very_file_that_was_issued(mine, me) -> None:
    receipt = make_receipt(make_gift(me, "120.00"))
    address = f"/account/giving/receipts/{receipt.uuid}/"
    assert address in mine.get("/account/giving/").text
    response = mine.get(address)
    assert hashlib.sha256(response.content).hexdigest() == receipt.sha256
    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]


def test_a_void_receipt_is_gone(mine, me) -> None:
    receipt = make_receipt(make_gift(me, "120.00"))
    void_receipt(receipt, by=None, reason="wrong name")
    assert str(receipt.uuid) not in mine.get("/account/giving/").text
    assert mine.get(f"/account/giving/receipts/{receipt.uuid}/").status_code == 404


def test_the_page_asks_the_same_number_of_questions_however_much_was_given(mine, me, assert_constant_queries) -> None:
    def more(number: int) -> None:
        for _ in range(number):
            make_receipt(make_gift(me, "20.00"))

    assert_constant_queries(more, lambda: mine.get("/account/giving/"), at_most=15)
