"""A supporter comes for the first time: signs in by code, claims the record, is listed, takes the receipt."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect
from wagtail.models import Page as WagtailPage

from constituents.models import Constituent
from core import clock
from donations.services.receipt_files import receipt_bytes
from tests.accounts.conftest import code_in
from tests.factories.accounts import UserFactory
from tests.factories.constituents import make_person
from tests.factories.donations import make_gift, make_receipt
from tests.factories.memberships import make_membership
from tests.factories.volunteers import make_shift
from volunteers.services.signing_up import sign_up
from website.services.first_pages import ensure_first_pages

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _a_site_with_its_first_pages(settings, live_server):
    settings.BASE_URL = live_server.url
    cache.clear()
    ensure_first_pages()
    assert WagtailPage.objects.filter(slug="members").exists()


@pytest.fixture
def ann(db) -> Constituent:
    """A member of a month with a gift, its receipt and a shift to come, whose record nobody has claimed."""
    ann = make_person("Ann", "Seabright", email="ann@example.org", occupation="Boat builder")
    make_membership(ann, starts_on=clock.today() - dt.timedelta(days=30))
    make_receipt(make_gift(ann, "120.00", on=clock.today() - dt.timedelta(days=10)))
    sign_up(make_shift(), volunteer=ann, by=None)
    return ann


def sign_in(page: Page, email: str, mails: list) -> None:
    """Sign in with the code of the mail."""
    page.goto("/account/sign-in/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("button", name="Mail me a code").click()
    expect(page.get_by_role("heading", name="Look at your mail")).to_be_visible()
    page.get_by_label("Code").fill(code_in(mails[-1].body))
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_from_the_first_sign_in_to_the_receipt(visitors, mailoutbox, ann, assert_accessible) -> None:
    UserFactory(email="ann@example.org")
    page = visitors.open("phone")
    sign_in(page, "ann@example.org", mailoutbox)
    page.wait_for_url(re.compile("/account/claim/$"))
    assert_accessible(page)
    page.get_by_role("button", name="This is me Ann Seabright").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ann")
    expect(page.get_by_text("Your receipt is ready")).to_be_visible()
    assert_accessible(page)

    page.goto("/account/directory/")
    preview = page.locator("#preview")
    expect(preview).not_to_contain_text("Ann Seabright")
    page.get_by_role("group", name="Your name").get_by_text("Everyone").click()
    page.get_by_role("group", name="Your occupation").get_by_text("Members").click()
    expect(preview).to_contain_text("Boat builder")
    assert_accessible(page)
    page.get_by_role("button", name="Save my choices").click()
    expect(page.get_by_text("Your choices are saved and in effect.")).to_be_visible()

    stranger = visitors.open()
    stranger.goto("/members/")
    expect(stranger.get_by_role("link", name="Ann Seabright")).to_be_visible()
    expect(stranger.get_by_text("Boat builder")).to_have_count(0)

    page.goto("/account/giving/")
    expect(page.get_by_text("$120.00").first).to_be_visible()
    assert_accessible(page)
    receipt = ann.receipts.get()
    with page.expect_download() as coming:
        page.get_by_role("link", name=re.compile(receipt.serial)).first.click()
    with open(coming.value.path(), "rb") as file:
        assert file.read() == receipt_bytes(receipt)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_and_fits_a_small_phone(visitors, ann, assert_accessible, scheme) -> None:
    user = UserFactory(email="ann@example.org")
    Constituent.objects.filter(pk=ann.pk).update(user=user)
    page = visitors.open("phone", scheme=scheme, user=user)
    page.set_viewport_size({"width": 320, "height": 640})
    place = ann.sign_ups.get()
    for address in (
        "", "details/", "directory/", "giving/", "membership/", "shifts/", f"shifts/{place.uuid}/cancel/",
        "shifts/hours/", "preferences/", "privacy/", "privacy/erasure/",
    ):  # fmt: skip
        page.goto(f"/account/{address}")
        assert_accessible(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 320, f"/account/{address} is {width} px wide"
