"""Somebody phones: "/" from any screen, a few letters of a misheard name, an arrow, Enter."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from tests.factories.constituents import make_person

pytestmark = pytest.mark.django_db(transaction=True)


def test_whoever_phones_is_found_by_keyboard_alone(visitors, settings, assert_accessible) -> None:
    settings.DEMO = True  # no second factor
    user = User.objects.create_superuser("ines.okafor@example.org", first_name="Ines")
    make_person("Robert", "Johnson", phone="+44 7700 900123")
    make_person("Roberta", "Johnston")
    page = visitors.open(user=user)
    page.goto("/admin/")
    page.keyboard.press("/")
    box = page.get_by_role("dialog").get_by_role("searchbox")
    expect(box).to_be_focused()
    page.keyboard.type("bob jonhson")
    found = page.get_by_role("dialog").get_by_role("link", name="Robert Johnson")
    expect(found).to_be_visible()
    assert_accessible(page, within="dialog")
    page.keyboard.press("ArrowDown")
    expect(found).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Robert Johnson").first).to_be_visible()

    page.goto("/admin/search/?q=07700+900123")
    expect(page.locator("[data-find-results]")).to_contain_text("telephone")
    assert_accessible(page, within="main")
    page.locator("[data-find-box]").fill("nobody at all")
    expect(page.get_by_role("link", name="Add “nobody at all” as a new person")).to_be_visible()
    expect(page).to_have_url(re.compile(r"nobody\+at\+all"))
