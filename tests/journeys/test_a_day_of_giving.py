"""What a charity does with a gift before and after it comes: promised, matched, thanked, taxed, shown to the board."""

from __future__ import annotations

import datetime as dt
import io
import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from accounts.models import User
from core import clock
from core.models import Organisation
from core.organisation import current_organisation, forget_organisation
from donations.models import BankAccount, BankCredit, CreditState, Gift, GiftAidDeclaration, Pledge, ThankYouRun
from donations.services.books import check_books
from tests.factories.accounts import UserFactory
from tests.factories.constituents import make_person
from tests.factories.donations import make_appeal, make_campaign, make_fund, make_gift
from tests.factories.promises import make_pledge

pytestmark = pytest.mark.django_db(transaction=True)

HOME = {"street": "2 Mill Lane", "city": "Portbury", "postal_code": "04101", "country": "US"}


@pytest.fixture
def staff(settings: object, visitors: object) -> Page:
    settings.DEMO = True  # no second factor between the work and the screen
    Organisation.objects.filter(pk=current_organisation().pk).update(name="Harbour Light", base_currency="USD", **HOME)
    forget_organisation()
    make_fund("Where it is needed most", is_default=True)
    return visitors.open(user=User.objects.create_superuser("ines@example.org", first_name="Ines"))


def test_a_pledge_is_written_down_in_four_parts_and_its_first_is_paid(staff: Page, assert_accessible) -> None:
    ann = make_person("Ann", "Lee")
    staff.goto(f"/admin/pledges/new/?donor={ann.pk}")
    staff.get_by_label("Total promised").fill("1,000")
    staff.get_by_label("Instalments").fill("4")
    staff.locator("[name=every]").fill("3")
    staff.locator("[name=every]").press("Tab")
    expect(staff.locator(".s-preview")).to_contain_text("$250.00")
    assert_accessible(staff, within="main")
    staff.get_by_role("button", name="Write the pledge down").click()
    expect(staff.locator(".messages")).to_contain_text("Ann Lee promised $1,000.00")
    staff.get_by_role("link", name="Pay", exact=True).first.click()
    staff.get_by_role("button", name="Record a payment").click()
    expect(staff.locator(".messages")).to_contain_text("$250.00 recorded and applied")
    staff.reload()
    expect(staff.get_by_text("Paid", exact=True)).to_be_visible()
    assert_accessible(staff, within="main")
    pledge = Pledge.objects.for_list().get()
    assert (str(pledge.paid), Gift.objects.get().donor) == ("$250.00", ann)
    assert check_books() == []


def test_letters_are_looked_at_made_printed_and_only_then_said_to_be_sent(
    staff: Page, run_jobs, assert_accessible
) -> None:
    for name in ("Ann", "Bo"):
        make_gift(make_person(name, "Lee", address=HOME), "300")
    staff.goto("/admin/thanks/")
    assert_accessible(staff, within="main")
    for box in staff.get_by_role("checkbox", name="Select").all()[-2:]:
        box.check()
    staff.get_by_role("link", name="Print letters").click()
    expect(staff.get_by_role("heading", name="2 letters for 2 gifts")).to_be_visible()
    expect(staff.get_by_text("Dear Ann", exact=False).first).to_be_visible()
    with staff.expect_navigation():
        staff.get_by_role("button", name="Make the letters").click()
    run_jobs()
    run = ThankYouRun.objects.get()
    staff.goto(f"/admin/thanks-letters/inspect/{run.pk}/")
    assert_accessible(staff, within="main")
    answer = staff.request.get(f"/admin/thanks-letters/{run.pk}/file/")
    assert answer.body().startswith(b"%PDF")
    staff.get_by_role("link", name="They are printed").first.click()
    with staff.expect_navigation():
        staff.get_by_role("button", name="They are printed").click()
    staff.goto("/admin/thanks/")
    expect(staff.get_by_text("Nobody waits", exact=False).first).to_be_visible()


def test_a_statement_is_read_the_sure_credit_applied_and_the_other_decided(
    staff: Page, run_jobs, assert_accessible
) -> None:
    account = BankAccount.objects.create(name="Gifts account", number="4021 8876", currency="USD")
    pledge = make_pledge(make_person("Ann", "Lee"), "100", number=2, first=clock.today())
    make_gift(make_person("Bo", "Ray"), "80", on=clock.today() - dt.timedelta(days=400))
    day = clock.today().isoformat()
    statement = f"Date,Amount,Payer,Reference\n{day},50.00,Ann Lee,{pledge.reference}\n{day},80.00,Bo Ray,Donation\n"
    staff.goto("/admin/bank-credits/read/")
    assert_accessible(staff, within="main")
    staff.get_by_label("File", exact=False).first.set_input_files(
        {"name": "november.csv", "mimeType": "text/csv", "buffer": statement.encode()}
    )
    with staff.expect_navigation():
        staff.get_by_role("button", name="Read it").click()
    run_jobs()
    assert [credit.state for credit in BankCredit.objects.filter(statement__account=account).order_by("amount")] == [
        CreditState.APPLIED,
        CreditState.WAITING,
    ]
    waiting = BankCredit.objects.get(amount=80)
    staff.goto(f"/admin/bank-credits/apply/{waiting.pk}/")
    expect(staff.get_by_text("Bo Ray", exact=False).first).to_be_visible()
    assert_accessible(staff, within="main")
    with staff.expect_navigation():
        staff.get_by_role("button", name="Apply it").click()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.gift.donor.given_name) == (CreditState.APPLIED, "Bo")
    assert check_books() == []


def test_a_supporter_declares_gift_aid_on_the_phone_and_ends_it(
    settings, visitors, live_server, assert_accessible
) -> None:
    settings.BASE_URL = live_server.url
    Organisation.objects.filter(pk=current_organisation().pk).update(
        name="Harbour Light", country="GB", regime="uk", base_currency="GBP", registration_number="1234567"
    )
    forget_organisation()
    ann = make_person("Ann", "Lee", title="Ms", email="ann@example.org")
    ann.user = UserFactory(email="ann@example.org")
    ann.save()
    phone = visitors.open("phone", user=ann.user)
    phone.goto("/account/giving/gift-aid/")
    assert_accessible(phone)
    phone.get_by_label("House", exact=False).fill("12")
    phone.get_by_label("Postcode", exact=False).fill("SW1A 1AA")
    phone.get_by_role("checkbox").first.check()
    phone.get_by_role("button", name="Declare Gift Aid").click()
    expect(phone.get_by_text("We claim Gift Aid on your past and future gifts")).to_be_visible()
    declared = GiftAidDeclaration.objects.of(ann).standing().get()
    assert (declared.postcode, declared.covers_past, declared.covers_future) == ("SW1A 1AA", True, True)
    assert_accessible(phone)
    phone.get_by_role("button", name="Cancel this declaration").click()
    expect(phone.get_by_role("button", name="Declare Gift Aid")).to_be_visible()


def test_the_board_is_shown_a_campaign_with_its_goal_its_curve_and_what_each_appeal_returned(
    staff: Page, visitors, assert_accessible
) -> None:
    campaign = make_campaign("Spring Tide", goal=Decimal(1000), starts_on=clock.today() - dt.timedelta(days=60))
    letter = make_appeal(campaign, "The letter", number_sent=100, cost=Decimal(50))
    for given in ("Ann", "Bo"):
        make_gift(make_person(given), "200", campaign=campaign, appeal=letter)
    address = f"/admin/campaigns/inspect/{campaign.pk}/"
    phone = visitors.open("phone", scheme="dark", user=User.objects.get())
    for page in (staff, phone):
        page.goto(address)
        expect(page.get_by_text("40%", exact=True)).to_be_visible()
        row = page.get_by_role("row", name=re.compile("^The letter"))
        for figure in ("100", "2.0%", "$400.00", "$50.00", "$350.00", "700%"):
            expect(row).to_contain_text(figure)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing runs off the page"
        assert_accessible(page, within="main")
    paper = staff.request.get(staff.get_by_role("link", name="As PDF").evaluate("link => link.href"))
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.body())).pages)
    assert ["Spring Tide" in text, "$400" in text] == [True, True]
