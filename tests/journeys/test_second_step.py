"""A gift processor's first day: the workspace asks for a second step, an authenticator app gives it."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from playwright.sync_api import expect

from accounts.roles import Role
from tests.accounts.conftest import code_in
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def code_of(secret: str, *, steps: int = 0) -> str:
    """Return what an app shows now, or some steps of half a minute later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def test_staff_who_see_giving_set_up_a_second_step_and_use_it(visitors, settings, mailoutbox, assert_accessible):
    settings.SECOND_FACTOR_REQUIRED = True
    cache.clear()
    user = UserFactory(role=Role.GIFT_PROCESSOR)
    page = visitors.open(user=user)

    page.goto("/admin/")
    expect(page).to_have_url(re.compile("/account/security/$"))
    expect(page.get_by_text("Your role sees giving.").first).to_be_visible()
    assert_accessible(page)

    page.get_by_role("link", name="Add an app").click()
    assert_accessible(page)
    secret = page.locator("code").inner_text()
    page.get_by_label("Code the app shows").fill(code_of(secret))
    page.get_by_role("button", name="Add the app").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert_accessible(page)
    assert [mail.subject for mail in mailoutbox if "authenticator app was added" in mail.subject]
    page.goto("/admin/")
    expect(page).to_have_url(re.compile("/admin/$"))

    elsewhere = visitors.open("phone")
    elsewhere.goto("/account/sign-in/")
    elsewhere.get_by_label("E-mail address").fill(user.email)
    elsewhere.get_by_role("button", name="Mail me a code").click()
    expect(elsewhere.get_by_role("heading", name="Look at your mail")).to_be_visible()
    elsewhere.get_by_label("Code").fill(code_in(mailoutbox[-1].body))
    elsewhere.get_by_role("button", name="Sign in", exact=True).click()
    expect(elsewhere.get_by_role("heading", name="Second step")).to_be_visible()
    assert_accessible(elsewhere)
    # The code of this half minute was used to add the app; an app's clock may be one step ahead.
    elsewhere.get_by_label("Code").fill(code_of(secret, steps=1))
    elsewhere.get_by_role("button", name="Sign in", exact=True).click()
    expect(elsewhere).to_have_url(re.compile("/admin/$"))
