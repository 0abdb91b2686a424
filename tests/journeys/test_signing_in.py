"""Signing in as people do it: on a phone, with a mail beside it."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from accounts.roles import Role
from tests.accounts.conftest import code_in, link_in
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _mails_point_here(settings, live_server):
    settings.BASE_URL = live_server.url
    cache.clear()


def ask(page: Page, email: str) -> None:
    """Ask for a sign-in mail."""
    page.goto("/account/sign-in/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("button", name="Mail me a code").click()
    expect(page.get_by_role("heading", name="Look at your mail")).to_be_visible()


def test_a_supporter_signs_in_on_a_phone_with_the_code(visitors, mailoutbox, assert_accessible):
    user = UserFactory()
    page = visitors.open("phone")
    page.goto("/account/sign-in/?next=/account/security/")
    assert_accessible(page)
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_role("button", name="Mail me a code").click()
    expect(page.get_by_role("heading", name="Look at your mail")).to_be_visible()
    assert_accessible(page)
    field = page.get_by_label("Code")
    assert field.get_attribute("inputmode") == "numeric"
    assert field.get_attribute("autocomplete") == "one-time-code"
    field.fill("0000-0001")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("This is not the code we sent").first).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Code").fill(code_in(mailoutbox[-1].body))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(re.compile("/account/security/$"))
    assert_accessible(page)


def test_the_link_of_the_mail_opens_a_page_whose_button_signs_in(visitors, mailoutbox, assert_accessible):
    user = UserFactory(role=Role.VOLUNTEER_COORDINATOR)
    ask(visitors.open(), user.email)
    elsewhere = visitors.open("phone", scheme="dark")
    elsewhere.goto(link_in(mailoutbox[-1].body))
    expect(elsewhere.get_by_text(user.email)).to_be_visible()
    assert_accessible(elsewhere)
    elsewhere.get_by_role("button", name="Sign in", exact=True).click()
    elsewhere.wait_for_url(re.compile("/admin/$"))


def test_three_wrong_codes_lead_back_to_the_start_and_a_fourth_mail_is_refused(visitors, mailoutbox):
    user = UserFactory()
    page = visitors.open()
    ask(page, user.email)
    for _attempt in range(3):
        page.get_by_label("Code").fill("0000-0001")
        with page.expect_navigation():
            page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Too many attempts").first).to_be_visible()
    for _mail in range(2):
        ask(page, user.email)
    page.goto("/account/sign-in/")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_role("button", name="Mail me a code").click()
    expect(page.get_by_text("Too many attempts").first).to_be_visible()
    assert len(mailoutbox) == 3


def test_a_newcomer_opens_an_account(visitors, mailoutbox, assert_accessible):
    page = visitors.open("phone")
    page.goto("/account/sign-in/")
    page.get_by_role("link", name="Open an account").click()
    expect(page.get_by_label("First name")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("E-mail address").fill("noor@example.org")
    page.get_by_label("First name").fill("Noor")
    page.get_by_role("button", name="Open my account").click()
    expect(page.get_by_label("Code")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Code").fill(code_in(mailoutbox[-1].body))
    with page.expect_navigation():
        page.get_by_role("button", name="Confirm").click()
    page.goto("/account/security/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_passkey_is_added_and_then_signs_in_without_a_mail(visitors, mailoutbox):
    user = UserFactory()
    visitors.expected_statuses.add(404)  # signing out leads home, and this database has no home page
    page = visitors.open(user=user)
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.goto("/account/security/passkeys/add/")
    page.get_by_label("Name").fill("My phone")
    expect(page.get_by_label("Sign in with it alone")).to_be_checked()
    with page.expect_navigation():
        page.get_by_role("button", name="Add the passkey").click()
    page.goto("/account/sign-out/")
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").click()
    page.goto("/account/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: "/account/sign-in/" not in url)
    page.goto("/account/security/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_in_the_demo_the_mail_is_opened_in_the_mailbox_and_its_link_signs_in(visitors, settings, assert_accessible):
    settings.DEMO = True
    settings.EMAIL_BACKEND = "core.mail.backends.RecordingBackend"
    settings.ROOT_URLCONF = "tests.core.mail.test_mailbox"
    user = UserFactory(role=Role.VOLUNTEER_COORDINATOR)
    page = visitors.open()
    ask(page, user.email)
    page.goto("/demo/mailbox/")
    assert_accessible(page)
    page.get_by_role("link", name=re.compile("Your sign-in code")).click()
    with page.expect_popup() as opened:
        page.frame_locator("iframe").get_by_role("link", name="Open the sign-in page").click()
    opened.value.get_by_role("button", name="Sign in", exact=True).click()
    opened.value.wait_for_url(re.compile("/admin/$"))
