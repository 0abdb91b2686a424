"""A fundraiser on the telephone: open the person, log the call, note what they say, keep the paper, see it all."""

import pytest
from playwright.sync_api import Page, expect

from accounts.roles import Role
from constituents.models import Document, EmailAddress, Relationship
from tests.factories.accounts import UserFactory
from tests.factories.constituents import make_household, make_organisation, make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def happened(page: Page, text: str) -> None:
    """See it on the timeline."""
    expect(page.locator("#timeline")).to_contain_text(text)


def test_everything_said_on_the_telephone_stands_on_one_page(visitors, settings, assert_accessible) -> None:
    settings.DEMO = True
    ann = make_person("Ann", "Lee", email="ann@example.org", phone="(207) 555-0100", pronouns="she/her")
    make_household(ann, make_person("Bo", "Lee"))
    make_organisation("Harbour Mill")
    page = visitors.open("phone", user=UserFactory(role=Role.FUNDRAISER))
    page.goto(f"/admin/people/inspect/{ann.pk}/")

    # Who she is and how to reach her, before any scrolling.
    expect(page.get_by_role("link", name="(207) 555-0100").first).to_be_in_viewport()
    expect(page.get_by_role("link", name="Record a gift")).to_be_in_viewport()

    page.get_by_label("In one line").fill("Rang to say thank you")
    page.get_by_role("button", name="Log it").click()
    happened(page, "Call: Rang to say thank you")

    page.get_by_role("link", name="E-mail", exact=True).click()
    page.get_by_role("textbox", name="E-mail").fill("ann@mill.example")
    page.get_by_role("combobox", name="Kind").select_option("work")
    page.get_by_role("button", name="Add e-mail").click()
    happened(page, "ann@mill.example")

    page.get_by_label("What to do with ann@mill.example").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Use first").click()
    assert EmailAddress.objects.get(is_primary=True).address == "ann@mill.example"

    page.get_by_role("link", name="Relationship", exact=True).click()
    page.get_by_role("button", name="Choose a constituent").click()
    page.get_by_role("link", name="Harbour Mill").click()
    page.get_by_label("What they are to Ann Lee").select_option(label="Employer")
    page.get_by_role("textbox", name="Title").fill("Miller")
    page.get_by_label("This is the person’s main affiliation").check()
    page.get_by_role("button", name="Add relationship").click()
    expect(page.get_by_role("link", name="Miller, Harbour Mill")).to_be_visible()
    assert Relationship.objects.get().title == "Miller"

    page.get_by_role("link", name="Documents", exact=True).first.click()
    page.get_by_role("link", name="Add a document").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "Agreement.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%%EOF"}
    )
    with page.expect_navigation():
        page.get_by_role("button", name="Add document").click()
    assert Document.objects.get().constituent == ann

    page.get_by_role("link", name="Story", exact=True).click()
    for text in ("Rang to say thank you", "ann@mill.example", "Harbour Mill", "Agreement.pdf"):
        happened(page, text)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1")
