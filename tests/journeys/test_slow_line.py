"""On a slow line: what is chosen, typed and pressed before an answer is there counts; and that none comes is said.

The line is held by hand: nothing here depends on how fast the machine is.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from constituents.models import Segment
from core import clock
from tests.factories.constituents import make_person
from tests.factories.donations import make_batch, make_fund, make_gift, type_row
from tests.harness.browser import SlowLine

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def staff(settings: Any, visitors: Any) -> Page:
    settings.DEMO = True  # no second factor between the work and the screen
    return visitors.open(user=User.objects.create_superuser("ines@example.org", first_name="Ines"))


def condition(page: Page, number: int) -> Locator:
    """One condition of the builder."""
    return page.get_by_role("group", name=f"Condition {number}", exact=True)


def choice(page: Page, number: int, what: str) -> Locator:
    """One of the choices of a condition."""
    return condition(page, number).get_by_role("combobox", name=what)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def found(page: Page) -> Locator:
    """Whom the conditions find by now."""
    return page.locator("[data-criteria-found]")


def test_conditions_are_put_together_faster_than_the_server_answers(staff: Page) -> None:
    make_gift(make_person("Ann", "Lee"), "100")
    make_person("Bo", "Ray")
    staff.goto("/admin/segments/new/")
    staff.get_by_label("Name", exact=False).first.fill("Donors")

    # Two presses and a choice, before the first of them is answered.
    line = SlowLine(staff, "**/segments/criteria/**")
    press(staff, "Condition")
    choice(staff, 1, "What to look at").select_option("giving.gave")
    press(staff, "Condition")
    expect(staff.locator("[data-criteria]")).to_have_attribute("aria-busy", "true")
    line.let_through()
    expect(choice(staff, 3, "What to look at")).to_be_focused()
    expect(choice(staff, 1, "How it compares")).to_be_visible()

    # What is typed into another condition while one is on its way out, and where the cursor stands.
    choice(staff, 3, "What to look at").select_option("town")
    typed = condition(staff, 3).get_by_role("textbox", name="Words")
    typed.fill("Por")
    expect(found(staff)).to_contain_text("Finish the conditions")
    line = SlowLine(staff, "**/segments/criteria/**")
    press(staff, "Remove condition 2")
    typed.focus()
    staff.keyboard.type("tbury")
    choice(staff, 1, "How it compares").select_option("no")
    typed.focus()
    staff.keyboard.press("ArrowLeft")
    line.let_through()
    typed = condition(staff, 2).get_by_role("textbox", name="Words")
    expect(typed).to_have_value("Portbury")
    expect(typed).to_be_focused()
    assert typed.evaluate("field => field.selectionStart") == len("Portbur")
    expect(choice(staff, 1, "How it compares")).to_have_value("no")
    expect(condition(staff, 3)).to_have_count(0)

    # Saved is what was pressed last, although no answer has shown it yet.
    choice(staff, 1, "How it compares").select_option("yes")
    expect(staff.locator("[data-criteria][aria-busy]")).to_have_count(0)
    line = SlowLine(staff, "**/segments/criteria/**")
    press(staff, "Remove condition 2")
    staff.get_by_role("button", name="Create", exact=False).first.click()
    line.let_through()
    expect(staff.locator(".messages")).to_be_visible()
    assert Segment.objects.get().criteria["of"] == [{"criterion": "giving.gave", "operator": "yes"}]


def test_that_no_answer_comes_is_said_and_nothing_is_taken_away(visitors: Any, staff: Page) -> None:
    make_gift(make_person("Ann", "Lee"), "100")
    staff.goto("/admin/segments/new/")
    staff.get_by_label("Name", exact=False).first.fill("Donors")
    notice = staff.locator("[data-no-answer]")
    visitors.expected_statuses |= {503, 403}

    staff.route("**/segments/criteria/**", lambda route: route.fulfill(status=503))
    choice(staff, 1, "What to look at").select_option("giving.gave")
    expect(notice).to_contain_text("could not answer")
    staff.unroute("**/segments/criteria/**")
    staff.get_by_role("button", name="Try again").click()
    expect(notice).to_be_hidden()
    expect(found(staff)).to_contain_text("1 match now")

    # Signed out in the middle, and in again in another window: the form that waited is taken.
    cookies = staff.context.cookies()
    staff.context.clear_cookies()
    press(staff, "Condition")
    expect(notice).to_contain_text("signed out")
    expect(condition(staff, 1)).to_be_visible()
    staff.context.add_cookies([cookie for cookie in cookies if cookie["name"] != "csrftoken"])
    other = staff.context.new_page()
    other.goto("/admin/segments/new/")
    other.close()
    staff.get_by_role("button", name="Try again").click()
    expect(condition(staff, 2)).to_be_visible()
    press(staff, "Remove condition 2")
    expect(condition(staff, 2)).to_have_count(0)
    staff.get_by_role("button", name="Create", exact=False).first.click()
    expect(staff.locator(".messages")).to_be_visible()
    assert Segment.objects.get().name == "Donors"


def test_a_batch_keeps_the_order_and_the_presses_of_a_slow_line(staff: Page) -> None:
    make_fund("Where it is needed most", is_default=True)
    ann = make_person("Ann", "Abbot")
    batch = make_batch(3, "30", received_on=clock.today())
    for reference in ("1", "2"):
        type_row(batch, ann, reference=reference)
    staff.goto(f"/admin/batches/entry/{batch.pk}/")
    line = SlowLine(staff, "**/admin/batches/entry/*/rows/**")

    # One row typed on while it is saved, one taken away, and on to the books before anything of it is answered.
    staff.get_by_label("Reference, row 1").fill("11")
    staff.get_by_label("Reference, row 1").press("Tab")
    press(staff, "Remove row 2")
    staff.get_by_label("Reference, row 1").fill("111")
    staff.get_by_role("link", name="Post the batch").click()
    line.let_through()
    expect(staff.get_by_role("button", name="Post the batch")).to_be_visible()
    assert [row.reference for row in batch.rows.all()] == ["111"]
