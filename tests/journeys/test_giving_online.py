"""Giving online as donors do it, in a browser: the double stands in for Stripe, and nothing leaves the machine."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from accounts.models import User
from core.organisation import current_organisation
from donations.models import FakeObject, Fund, Gift, OnlineGivingSettings, OnlinePayment, RecurringGift
from donations.models.demo_stripe import FaultKind
from donations.stripe.fake import faults
from tests.factories.constituents import make_person

pytestmark = pytest.mark.django_db(transaction=True)

Check = Callable[..., None]


@pytest.fixture(autouse=True)
def demo(settings: Any, live_server: Any) -> None:
    """Give online to the organisation of the demo."""
    settings.STRIPE_DEMO = settings.DEMO = True
    settings.BASE_URL = live_server.url
    cache.clear()
    organisation = current_organisation()
    organisation.name = "Harbour Light"
    organisation.save()
    Fund.objects.create(name="Where it is needed most", code="general", is_default=True)


def fill_in(page: Page, *, often: str = "Once", amount: str = "$50", name: str = "Ada") -> None:
    """Fill in the form."""
    page.goto("/give/")
    page.locator("label", has_text=often).click()
    page.locator(".ask__amounts").get_by_text(amount, exact=True).locator("visible=true").click()
    if page.get_by_label("Given name").count():
        page.get_by_label("Given name").fill(name)
        page.locator("input[name=email]").fill(f"{name.lower()}@example.org")


def go_to_pay(page: Page, **answers: str) -> None:
    """Fill in the form and go on to the page to pay on."""
    fill_in(page, **answers)
    page.locator("button[value=online]").click()
    page.wait_for_url("**/demo/pay/**")


def choose(page: Page, name: str) -> None:
    """Press one of the buttons of the demo's page."""
    page.get_by_role("button", name=name).click()


def the_gift() -> Gift:
    return Gift.objects.get()


def test_a_card_pays_for_a_gift_and_its_fee(browser_page: Page, assert_accessible: Check, run_jobs: Any) -> None:
    page = browser_page
    page.goto("/give/")
    page.get_by_label("Given name").fill("Ada")
    page.locator("input[name=email]").fill("ada@example.org")
    page.locator("label", has_text="Add the payment fee").click()
    expect(page.locator("button[value=online]")).to_contain_text("$51.81")
    page.locator("button[value=online]").click()
    page.wait_for_url("**/demo/pay/**")

    expect(page.get_by_text("Demo - no real money")).to_be_visible()
    expect(page.locator("input:not([type=hidden])")).to_have_count(0)
    assert_accessible(page)
    choose(page, "Give $51.81")

    expect(page.get_by_role("heading", name="Thank you, Ada")).to_be_visible()
    assert_accessible(page, within="main")
    assert (the_gift().status, the_gift().amount) == ("posted", Decimal("51.81"))
    run_jobs()
    assert (OnlinePayment.objects.get().gift, OnlinePayment.objects.get().fee) == (the_gift(), Decimal("1.80"))


def test_declined_refused_and_then_approved_is_one_gift(visitors: Any, assert_accessible: Check) -> None:
    page = visitors.open("phone", scheme="dark")
    go_to_pay(page)
    choose(page, "The card is declined")
    expect(page.get_by_role("alert")).to_contain_text("Nothing was taken")
    assert_accessible(page)
    choose(page, "My bank asks me first")
    assert_accessible(page)
    choose(page, "No, refuse it")
    expect(page.get_by_role("alert")).to_contain_text("not you")
    choose(page, "My bank asks me first")
    choose(page, "Yes, approve")
    expect(page.get_by_role("heading", name="Thank you, Ada")).to_be_visible()
    assert the_gift().status == "posted"


def test_debits_wait_until_staff_play_the_bank(visitors: Any, assert_accessible: Check, run_jobs: Any) -> None:
    page = visitors.open()
    thanks = {}
    for name in ("Ada", "Ben"):
        go_to_pay(page, name=name)
        choose(page, "From my bank account")
        expect(page.get_by_role("heading", name="Your bank is on it")).to_be_visible()
        thanks[name] = page.url
    assert_accessible(page, within="main")
    assert set(Gift.objects.values_list("status", flat=True)) == {"pending"}, "no money yet"

    staff = visitors.open(user=User.objects.create_superuser("ines@example.org"))
    staff.goto("/admin/giving/demo/")
    assert_accessible(staff, within="main")
    for button in ("Settle: ada@example.org", "Return: ben@example.org"):
        with staff.expect_navigation():
            staff.get_by_role("button", name=button).click()
        expect(staff.get_by_text("sent to Steward")).to_be_visible()
    run_jobs()
    found = dict(Gift.objects.values_list("donor__emails__address", "status"))
    assert found == {"ada@example.org": "posted", "ben@example.org": "cancelled"}, "the webhook alone told"
    for name, heading in (("Ada", "Thank you"), ("Ben", "The payment did not go through")):
        page.goto(thanks[name])
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    assert_accessible(page, within="main")


@pytest.mark.parametrize(
    ("often", "amount", "words"), [("Monthly", "$20", "every month"), ("Yearly", "$250", "every year")]
)
def test_a_regular_gift_begins_with_its_first(
    visitors: Any, assert_accessible: Check, often: str, amount: str, words: str
) -> None:
    page = visitors.open()
    go_to_pay(page, often=often, amount=amount)
    choose(page, f"Give {amount}.00 {words}")
    expect(page.get_by_role("heading", name="Thank you, Ada")).to_be_visible()
    expect(page.get_by_text(f"{words} to Harbour Light")).to_be_visible()
    assert_accessible(page, within="main")
    assert RecurringGift.objects.get().status == "active"
    assert the_gift().recurring == RecurringGift.objects.get()


def test_back_and_twice_is_still_one_gift(visitors: Any, run_jobs: Any) -> None:
    page = visitors.open()
    go_to_pay(page)
    first = page.url
    page.go_back()
    page.locator("button[value=online]").dblclick()
    page.wait_for_url("**/demo/pay/**")
    run_jobs()
    assert FakeObject.objects.filter(kind="checkout.session", data__status="open").count() == 1, "one page to pay on"
    page.get_by_role("button", name="Give $50").dblclick()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert Gift.objects.exclude(status="cancelled").get().status == "posted"
    assert FakeObject.objects.filter(kind="charge").count() == 1
    visitors.expected_statuses.add(410)
    page.goto(first)
    expect(page.get_by_text("Nothing was taken").or_(page.get_by_role("heading", name="Thank you"))).to_be_visible()


def test_without_scripts_on_the_narrowest_screen(visitors: Any) -> None:
    OnlineGivingSettings.objects.update_or_create(pk=1, defaults={"asks_for_proof": True})  # which needs a script
    page = visitors.open("narrow", java_script_enabled=False)
    go_to_pay(page)
    assert page.locator("body").bounding_box()["width"] <= 320
    choose(page, "Give $50")
    expect(page.get_by_role("heading", name="Thank you, Ada")).to_be_visible()
    assert the_gift().status == "posted"


def test_a_supporter_who_is_signed_in_is_not_asked_who_they_are(visitors: Any) -> None:
    user = User.objects.create_user("ann@example.org")
    ann = make_person("Ann", "Lee", email="ann@example.org", user=user)
    page = visitors.open(user=user)
    go_to_pay(page)
    choose(page, "Give $50")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert the_gift().donor == ann


def test_the_whole_way_in_french(visitors: Any) -> None:
    page = visitors.open(locale="fr-FR")
    page.goto("/give/")
    page.locator("input[name=given_name]").fill("Ada")
    page.locator("input[name=email]").fill("ada@example.org")
    page.locator("button[value=online]").click()
    page.wait_for_url("**/demo/pay/**")
    expect(page.get_by_text("aucun argent réel")).to_be_visible()
    choose(page, "Donner")
    expect(page.get_by_role("heading", name="Merci")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "fr"


def test_turning_back_keeps_the_gift_as_it_was_filled_in(visitors: Any, assert_accessible: Check) -> None:
    page = visitors.open()
    go_to_pay(page)
    page.get_by_role("link", name="without giving").click()
    expect(page.get_by_role("heading", name="Nothing was paid")).to_be_visible()
    assert_accessible(page, within="main")
    assert the_gift().status == "pending"


def test_a_gift_is_kept_while_the_payment_page_cannot_be_had(visitors: Any, assert_accessible: Check) -> None:
    page = visitors.open("phone", scheme="dark")
    with faults.committed(FaultKind.SERVER_ERROR):
        fill_in(page)
        page.locator("button[value=online]").click()
        expect(page.get_by_role("heading", name="The payment page does not answer")).to_be_visible()
    assert_accessible(page, within="main")
    page.get_by_role("button", name="Try again").click()
    page.wait_for_url("**/demo/pay/**")
    choose(page, "Give $50")
    expect(page.get_by_role("heading", name="Thank you, Ada")).to_be_visible()
    assert the_gift().status == "posted"


def tab_to(page: Page, selector: str) -> None:
    """Go on by the Tab key until the focus is there."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def test_by_keyboard_alone_while_the_browser_solves_its_task(browser_page: Page) -> None:
    OnlineGivingSettings.objects.update_or_create(pk=1, defaults={"asks_for_proof": True})
    page = browser_page
    page.goto("/give/")
    task = json.loads(page.locator("form[data-giving]").get_attribute("data-task") or "")
    tab_to(page, "a[href^='#']")
    page.keyboard.press("Enter")
    tab_to(page, "[name=frequency]")
    tab_to(page, "[name=amount]")
    page.keyboard.press("ArrowRight")
    tab_to(page, "[name=given_name]")
    page.keyboard.type("Ada")
    tab_to(page, "[name=email]")
    page.keyboard.type("ada@example.org")
    tab_to(page, "[name=consents]")
    page.keyboard.press("Space")
    page.wait_for_function("document.querySelector('[name=proof]').value")
    tab_to(page, "button[value=online]")
    expect(page.locator("button[value=online]")).to_contain_text("$100")
    page.keyboard.press("Enter")
    page.wait_for_url("**/demo/pay/**")
    assert cache.get(f"giving-proof:{task['challenge']}"), "the answer of the browser counted"
    tab_to(page, "button[value=pay]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thank you, Ada")).to_be_visible()
    assert (the_gift().status, the_gift().amount) == ("posted", Decimal(100))


def test_a_supporter_changes_pauses_and_stops_what_they_give_every_month(
    visitors: Any, assert_accessible: Check
) -> None:
    user = User.objects.create_user("ann@example.org")
    make_person("Ann", "Lee", email="ann@example.org", user=user)
    page = visitors.open("phone", user=user)
    go_to_pay(page, often="Monthly", amount="$20")
    choose(page, "Give $20")
    page.goto("/account/giving/")
    page.get_by_role("link", name="Change, pause or stop").click()
    assert_accessible(page)
    page.get_by_role("link", name="Change the amount").click()
    page.get_by_label("New amount").fill("30")
    assert_accessible(page)
    page.get_by_role("button", name="Change the amount").click()
    expect(page.get_by_text("The new amount counts")).to_be_visible()
    page.get_by_role("link", name="Pause").click()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("heading", name="Ready to go on?")).to_be_visible()
    page.get_by_role("link", name="Stop my gift").click()
    assert_accessible(page)
    page.get_by_role("button", name="Stop my gift").click()
    expect(page.get_by_text("nothing more is charged")).to_be_visible()
    assert_accessible(page)
    assert (RecurringGift.objects.get().status, RecurringGift.objects.get().amount) == ("ended", Decimal(30))
