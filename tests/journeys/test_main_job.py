"""The main job, from end to end: old records come in, a gift is receipted, the donor finds it, the member is listed."""

from __future__ import annotations

import datetime as dt
import io
import re
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from accounts.models import User
from constituents.models import Constituent
from core import clock
from core.organisation import current_organisation
from donations.models import Fund, Gift
from tests.accounts.conftest import code_in
from tests.factories.accounts import UserFactory
from tests.factories.memberships import make_level, make_membership

pytestmark = pytest.mark.django_db(transaction=True)

FILE = Path(__file__).resolve().parents[2] / "docs" / "samples" / "npsp-data-import.csv"
DONOR = "margaret@okafor.example"


@pytest.fixture
def administrator(settings, live_server) -> User:
    settings.DEMO = True  # no second factor between the journey and the workspace
    settings.BASE_URL = live_server.url
    cache.clear()
    organisation = current_organisation()
    organisation.name = "Harbour Light"
    organisation.street, organisation.city, organisation.postal_code = "12 Wharf Street", "Gull Harbour", "04000"
    organisation.save()
    Fund.objects.create(name="Where it is needed most", code="general", is_default=True)
    return User.objects.create_superuser("ines.okafor@example.org", first_name="Ines")


def bring_in_the_old_records(page: Page, run_jobs, assert_accessible) -> None:
    page.goto("/admin/imports/new/")
    assert_accessible(page, within="main")
    page.locator("input[type=file]").set_input_files(FILE)
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("heading", name="What Steward recognised")).to_be_visible()
    assert_accessible(page, within="main")
    with page.expect_navigation():
        page.get_by_role("button", name="Compare with what is on record").click()
    run_jobs()
    page.goto(re.sub(r"(/admin/imports/[0-9a-f-]+/).*", r"\1", page.url))
    expect(page.get_by_role("heading", name="What this import would do")).to_be_visible()
    assert not Constituent.objects.exists(), "looking changes nothing"
    assert_accessible(page, within="main")
    with page.expect_navigation():
        page.get_by_role("button", name="Import these records").click()
    run_jobs()
    page.goto(re.sub(r"(/admin/imports/[0-9a-f-]+/).*", r"\1", page.url))
    expect(page.get_by_role("heading", name="What this import did")).to_be_visible()
    assert_accessible(page, within="main")


def find_her(page: Page, assert_accessible) -> Constituent:
    page.goto("/admin/")
    assert_accessible(page, within="main")
    page.get_by_label("Find anyone").fill("okafor marg")
    page.get_by_role("dialog").get_by_role("link", name="Margaret Okafor").first.click()
    expect(page.get_by_role("heading", name="Margaret Okafor").first).to_be_visible()
    expect(
        page.get_by_text("Drs Margaret and Daniel Okafor").or_(page.get_by_text("Daniel Okafor")).first
    ).to_be_visible()
    expect(page.get_by_text("$1,200.00").first).to_be_visible()
    assert_accessible(page, within="main")
    return Constituent.objects.get(emails__address=DONOR)


def record_a_gift(page: Page, assert_accessible) -> Gift:
    page.get_by_role("link", name="Record a gift").first.click()
    page.locator("input[name=amount]").fill("250")
    page.get_by_label("Issue the receipt now").check()
    assert_accessible(page, within="main")
    with page.expect_navigation():
        page.get_by_role("button", name="Record gift", exact=True).click()
    gift = Gift.objects.get(amount=250, donor__emails__address=DONOR)
    assert gift.status == "posted"
    return gift


def sign_in_on_the_phone(page: Page, mailoutbox) -> None:
    page.goto("/account/sign-in/")
    page.get_by_label("E-mail address").fill(DONOR)
    page.get_by_role("button", name="Mail me a code").click()
    expect(page.get_by_role("heading", name="Look at your mail")).to_be_visible()
    page.get_by_label("Code").fill(code_in(mailoutbox[-1].body))
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in", exact=True).click()


def test_old_records_come_in_and_end_as_a_receipt_on_the_portal_and_a_name_in_the_directory(
    administrator, visitors, run_jobs, mailoutbox, assert_accessible
) -> None:
    staff = visitors.open(user=administrator)
    bring_in_the_old_records(staff, run_jobs, assert_accessible)
    margaret = find_her(staff, assert_accessible)
    record_a_gift(staff, assert_accessible)
    run_jobs()
    make_membership(margaret, level=make_level("Friend"), starts_on=clock.today() - dt.timedelta(days=20))

    UserFactory(email=DONOR)
    phone = visitors.open("phone")
    sign_in_on_the_phone(phone, mailoutbox)
    phone.goto("/account/claim/")
    assert_accessible(phone)
    phone.get_by_role("button", name="This is me Margaret Okafor").click()
    expect(phone.get_by_role("heading", level=1)).to_be_visible()
    assert_accessible(phone)

    phone.goto("/account/giving/")
    expect(phone.get_by_text("$250.00").first).to_be_visible()
    assert_accessible(phone)
    receipt = phone.locator("a[href*='/account/giving/receipts/']").first.get_attribute("href")
    answer = phone.request.get(receipt)
    text = "".join(part.extract_text() for part in PdfReader(io.BytesIO(answer.body())).pages)
    assert "Margaret Okafor" in text
    assert "250.00" in text

    stranger = visitors.open("phone", scheme="dark")
    stranger.goto("/members/")
    expect(stranger.get_by_text("Margaret Okafor")).to_have_count(0)
    phone.goto("/account/directory/")
    phone.locator("input[name='name'][value='everyone']").check(force=True)
    with phone.expect_navigation():
        phone.get_by_role("button", name="Save my choices").click()
    stranger.reload()
    expect(stranger.get_by_text("Margaret Okafor")).to_be_visible()
    assert_accessible(stranger)

    call_command("check_books")
    call_command("rebuild_rollups", "--check")
    call_command("verify_audit")
