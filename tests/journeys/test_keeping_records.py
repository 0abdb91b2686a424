"""Who is who: two records that are one, two people who live as one, and everybody of a kind."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from constituents.duplicates.scanning import Steps, scan
from constituents.models import Constituent, DuplicatePair, Household, Merge, PairState, Segment
from donations.services.books import check_books
from tests.factories.constituents import make_person
from tests.factories.donations import make_gift

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = [("Ida", "Falk"), ("Otto", "Brandt"), ("Lena", "Vogt"), ("Nils", "Ahrens"), ("Rosa", "Timm"), ("Emil", "Kern")]


@pytest.fixture
def administrator(settings: object) -> User:
    settings.DEMO = True  # no second factor between the work and the screen
    return User.objects.create_superuser("ines@example.org", first_name="Ines")


@pytest.fixture
def staff(visitors: object, administrator: User) -> Page:
    return visitors.open(user=administrator)


def twice(given: str, family: str, other: str) -> tuple[Constituent, Constituent]:
    """Return somebody on record under two spellings, with one address, born on one day."""
    records = []
    for spelling in (family, other):
        person = make_person(given, spelling, email=f"{given.lower()}@q.example")
        person.birth_year, person.birth_month, person.birth_day = 1971, 4, 12
        person.save()
        records.append(person)
    return records[0], records[1]


def test_a_duplicate_is_merged_on_the_phone_undone_and_then_said_to_be_none(
    visitors, administrator, assert_accessible
) -> None:
    for given, family in NAMES:
        make_person(given, family, email=f"{given}@x.example".lower())
    first, second = twice("Ada", "Quill", "Quil")
    make_gift(first, "100")
    make_gift(second, "50")
    scan(Steps())
    phone = visitors.open("phone", scheme="dark", user=administrator)
    phone.goto("/admin/duplicates/")
    assert_accessible(phone, within="main")
    pair = DuplicatePair.objects.get()
    phone.goto(f"/admin/duplicates/inspect/{pair.pk}/")
    assert_accessible(phone, within="main")
    phone.get_by_role("link", name="Merge", exact=True).click()
    expect(phone.get_by_text("$150.00")).to_be_visible()
    assert_accessible(phone, within="main")
    phone.get_by_role("button", name=re.compile("^Merge into")).click()
    expect(phone.get_by_role("heading", level=1).first).to_be_attached()
    phone.wait_for_url(re.compile("/admin/merges/inspect/"))
    done = Merge.objects.get()
    assert_accessible(phone, within="main")
    phone.goto(f"/admin/merges/undo/{done.pk}/")
    phone.get_by_role("button", name="Undo this merge").click()
    expect(phone.get_by_text("Undone").first).to_be_visible()
    assert Constituent.objects.current().filter(pk__in=[first.pk, second.pk]).count() == 2
    assert check_books() == []
    pair = DuplicatePair.objects.get()
    if pair.state == PairState.OPEN:
        phone.goto(f"/admin/duplicates/dismiss/{pair.pk}/")
        phone.get_by_role("button", name="Not a duplicate").click()
        expect(phone.get_by_role("link", name="Take it back")).to_be_visible()
    assert not DuplicatePair.objects.to_decide().exists()


def test_two_come_to_live_together_and_one_leaves_again(staff: Page, assert_accessible) -> None:
    ann = make_person("Ann", "Lee", address={"street": "1 Quay", "city": "Boston"})
    make_person("Bo", "Lee")
    staff.goto(f"/admin/people/lives-with/{ann.pk}/")
    staff.get_by_role("button", name=re.compile("Choose")).first.click()
    staff.locator(".modal-content").get_by_role("link", name="Bo Lee").click()
    expect(staff.locator("#letters")).to_contain_text("Dear Ann and Bo")
    assert_accessible(staff, within="main")
    staff.get_by_role("button", name="They live together").click()
    expect(staff.locator(".messages")).to_contain_text("They live together")
    household = Household.objects.get()
    staff.goto(f"/admin/households/inspect/{household.pk}/")
    assert_accessible(staff, within="main")
    staff.goto(f"/admin/households/split/{household.pk}/")
    staff.get_by_role("checkbox", name="Bo Lee").check()
    staff.get_by_role("radio", name="We do not know yet").check()
    staff.locator("[name=reason]").fill("Moved out")
    expect(staff.locator("#letters")).to_contain_text("Dear Ann")
    assert_accessible(staff, within="main")
    with staff.expect_navigation():
        staff.get_by_role("button", name="Split the household").click()
    assert [member.given_name for member in Household.objects.get(pk=household.pk).members] == ["Ann"]


def test_everybody_who_gave_is_put_together_condition_by_condition_and_kept_as_a_list(
    staff: Page, assert_accessible
) -> None:
    make_gift(make_person("Ann", "Lee"), "100")
    make_person("Bo", "Ray")
    staff.goto("/admin/segments/new/")
    staff.get_by_label("Name", exact=False).first.fill("Donors")
    staff.get_by_role("group", name="Condition 1").get_by_role("combobox").first.select_option("giving.gave")
    staff.get_by_role("group", name="Condition 1").get_by_role("combobox").nth(1).select_option("yes")
    expect(staff.locator("[data-criteria-found]")).to_contain_text("1 match now")
    expect(staff.locator("[data-criteria-found]")).to_contain_text("Ann Lee")
    expect(staff.locator("[data-criteria][aria-busy]")).to_have_count(0)
    assert_accessible(staff, within="main")
    staff.get_by_role("button", name="Create", exact=False).first.click()
    expect(staff.locator(".messages")).to_be_visible()
    segment = Segment.objects.get()
    assert segment.criteria["of"][0]["criterion"] == "giving.gave"
    staff.goto(f"/admin/segments/list/{segment.pk}/")
    with staff.expect_navigation():
        staff.get_by_role("button", name="Take a list").click()
    staff.goto(f"/admin/segments/inspect/{segment.pk}/")
    expect(staff.get_by_text("1 person", exact=False).first).to_be_visible()
    assert_accessible(staff, within="main")
