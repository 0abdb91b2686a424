"""A pile of cheques, with the keyboard alone: find the donor, type the amount, Enter, and the next."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from donations.models import Gift, Receipt
from donations.services.books import check_books
from tests.factories.constituents import make_person
from tests.factories.donations import make_appeal, make_campaign, make_fund, make_gift, make_receipt

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def processor(settings: object) -> User:
    settings.DEMO = True  # no second factor between the pile and the screen
    make_fund("Where it is needed most", is_default=True)
    return User.objects.create_superuser("ines.okafor@example.org", first_name="Ines", last_name="Okafor")


def enter(page: Page, letters: str, amount: str) -> None:
    """Type as at a kitchen table; the cursor stands in the first field already."""
    expect(page.locator("#gift-donor-search")).to_be_focused()
    page.keyboard.type(letters)
    expect(page.get_by_role("radio")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type(amount)
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("recorded for Where it is needed most")


def test_a_pile_of_cheques_is_entered_without_the_mouse(visitors, processor, assert_accessible) -> None:
    make_person("Łukasz", "Żółć")
    make_person("Ann", "O’Leary", email="ann@example.org")
    page = visitors.open(user=processor)
    page.goto("/admin/gifts/new/")
    assert_accessible(page, within="main")
    page.locator("#gift-method").select_option("cash")
    page.locator("#gift-donor-search").focus()
    enter(page, "zolc", "1,250.50")
    enter(page, "ann@example", "40")
    assert list(Gift.objects.order_by("pk").values_list("donor__given_name", "amount", "method")) == [
        ("Łukasz", Decimal("1250.50"), "cash"),
        ("Ann", Decimal(40), "cash"),
    ]
    assert check_books() == []


@pytest.mark.parametrize(("device", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_no_screen_about_giving_has_an_accessibility_fault(
    visitors, processor, assert_accessible, device, scheme
) -> None:
    appeal = make_appeal(make_campaign(goal=Decimal(1000)), cost=Decimal(50), number_sent=100)
    gift = make_gift(amount="300", campaign=appeal.campaign, appeal=appeal, on=dt.date(2026, 2, 3))
    expected = make_gift(amount="20", post=False)
    receipt = make_receipt(gift)
    page = visitors.open(device, scheme=scheme, user=processor)
    for address in [
        "gifts/",
        "gifts/new/",
        f"gifts/inspect/{gift.pk}/",
        f"gifts/refund/{gift.pk}/",
        f"gifts/received/{expected.pk}/",
        "expected-gifts/",
        "receipts/",
        f"receipts/inspect/{receipt.pk}/",
        "receipts/yearly/?year=2026",
        f"campaigns/inspect/{appeal.campaign_id}/",
        f"people/inspect/{gift.donor_id}/",
    ]:
        page.goto(f"/admin/{address}")
        visitors.settle(page)
        assert_accessible(page, within="main")


def test_a_receipt_is_issued_from_the_gift_and_downloaded(visitors, processor) -> None:
    gift = make_gift(make_person("Ann", "Lee"), "300")
    page = visitors.open(user=processor)
    page.goto(f"/admin/gifts/inspect/{gift.pk}/")
    page.get_by_role("link", name="Issue receipt").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Issue receipt").click()
    receipt = Receipt.objects.get()
    expect(page.get_by_role("heading", name=receipt.serial, level=2)).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download", exact=True).click()
    assert download.value.suggested_filename == f"receipt-{receipt.serial}.pdf"
    receipt.refresh_from_db()
    assert receipt.is_deliverable
