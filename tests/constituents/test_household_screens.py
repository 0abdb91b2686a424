"""What staff see and do about households, names and addresses in the workspace."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from constituents.models import Address, Constituent, Household, HouseholdNaming, HouseholdWords
from constituents.naming.cases import CASES
from constituents.services.people import add_address
from core import clock
from tests.factories.constituents import make_household, make_person

pytestmark = pytest.mark.django_db

RULES = {
    "order": "head_first",
    "groups_family_names": "on",
    "limit": "3",
    "large_form": "household",
    "formal_form": "titles",
    "titles_on_envelopes": "on",
    "joins_titles": "on",
    "title_plurals": "Dr = Drs",
}
HILL = {"street": "9 Hill Road", "city": "Salem", "postal_code": "01970", "country": "US"}


@pytest.fixture
def client(staff_client):
    return staff_client()


@pytest.fixture
def lees() -> Household:
    """Ann and Bo Lee at 1 Quay."""
    household = make_household(make_person("Ann", "Lee", title="Dr"), make_person("Bo", "Lee", title="Dr"))
    add_address(household=household, street="1 Quay", city="Boston", country="US")
    return household


def verb(client: Any, household: Household, slug: str, part: object = "", **data: Any) -> Any:
    url = reverse(f"households:{slug}", args=[household.pk]) + (f"?part={part}" if part else "")
    return client.post(url, data, follow=True)


# The rules, with their preview ------------------------------------------------------------------------------------


def test_the_settings_show_every_case_by_the_rules_as_they_are(client) -> None:
    text = client.get(reverse("household_naming")).text
    assert all(str(case.label) in text for case in CASES)
    assert "Drs Ann and Bo Lee" in text


def test_a_preview_follows_what_was_typed_and_saves_nothing(client) -> None:
    typed = RULES | {"large_form": "family_of", "words-en-connector": "&", "preview": "1"}
    text = client.post(reverse("household_naming"), typed).text
    assert "The family of Ann Lee" in text
    assert "Ann &amp; Bo Lee" in text
    assert not HouseholdNaming.objects.exists()


def test_with_script_only_the_table_is_answered_and_a_mistake_leaves_the_saved_rules_standing(client) -> None:
    typed = RULES | {"title_plurals": "Dr", "preview_language": "de"}
    text = client.post(reverse("household_naming"), typed, headers={"HX-Request": "true"}).text
    assert text.lstrip().startswith("<section")
    assert "write one and several" in text
    assert "Ann und Bo Lee" in text


def test_saved_rules_name_every_household_again_but_those_kept_by_hand(client, lees, run_jobs) -> None:
    kept = make_household(make_person("Cy", "Ray"), make_person("Di", "Ray"), name="The Rays of Pier Street")
    client.post(reverse("household_naming"), RULES | {"words-en-connector": "&"})
    run_jobs()
    lees.refresh_from_db()
    kept.refresh_from_db()
    assert (lees.name, kept.name) == ("Ann & Bo Lee", "The Rays of Pier Street")
    assert HouseholdWords.objects.get().connector == "&"
    client.post(reverse("household_naming"), RULES)
    assert not HouseholdWords.objects.exists()


def test_a_pattern_without_a_place_for_the_name_is_refused(client) -> None:
    response = client.post(reverse("household_naming"), RULES | {"words-en-large_pattern": "All of them"})
    assert response.status_code == 422
    assert not HouseholdNaming.objects.exists()


# The household's page -----------------------------------------------------------------------------------------------


def test_a_household_asks_the_same_number_of_questions_however_many_live_there(client, assert_constant_queries) -> None:
    household = make_household()

    def more(number: int) -> None:
        for _ in range(number):
            make_household(make_person())
            household.memberships.create(person=make_person(), since=dt.date(2026, 1, 1))
            add_address(household=household, city="Boston")

    assert_constant_queries(more, lambda: client.get(reverse("households:inspect", args=[household.pk])))
    assert_constant_queries(more, lambda: client.get(reverse("households:index")))


def test_one_lives_with_another_from_ones_own_page(client) -> None:
    ann = make_person("Ann", "Lee", address={"street": "1 Quay", "city": "Boston"})
    bo = make_person("Bo", "Lee")
    url = reverse("constituents:lives-with", args=[ann.pk])
    data = {"person": bo.pk, "role": "adult", "since": "", "brings_address": "on"}
    assert "Dear Ann and Bo" in client.post(url, data | {"preview": "1"}).text
    assert not Household.objects.exists()
    client.post(url, data)
    household = Household.objects.get()
    assert [member.given_name for member in household.members] == ["Ann", "Bo"]
    assert household.addresses.get().city == "Boston"


def test_a_split_is_previewed_by_its_letters_and_leaves_no_trace_of_that(client, lees) -> None:
    _ann, bo = lees.members
    data = {"leavers": [bo.pk], "on": clock.today().isoformat(), "where_to": "new", "reason": "Divorce", **HILL}
    text = verb(client, lees, "split", preview="1", **data).text
    assert "Dear Ann," in text
    assert "Dear Dr Lee," in text
    assert "9 Hill Road" in text
    assert len(lees.memberships.now()) == 2
    verb(client, lees, "split", **data)
    change = lees.changes.get()
    assert [member.given_name for member in Household.objects.get(pk=lees.pk).members] == ["Ann"]
    verb(client, lees, "take-back", change.pk)
    assert len(lees.memberships.now()) == 2


def test_somebody_has_died_and_a_mistake_is_taken_back_from_their_page(client, lees) -> None:
    ann, _bo = lees.members
    url = reverse("constituents:died", args=[ann.pk])
    client.post(url, {"day": "", "month": "3", "year": "2026"})
    ann.refresh_from_db()
    assert (ann.is_deceased, ann.died) == (True, "March 2026")
    page = client.get(reverse("constituents:inspect", args=[ann.pk])).text
    change = ann.household_changes.get()
    back = f"{reverse('constituents:take-back', args=[ann.pk])}?part={change.pk}"
    assert back in page
    client.post(back)
    ann.refresh_from_db()
    assert not ann.is_deceased


def test_names_are_kept_by_hand_and_written_again(client, lees) -> None:
    text = client.get(reverse("households:names", args=[lees.pk])).text
    assert "From the members: Ann and Bo Lee" in text
    verb(client, lees, "names", name="The Lees", formal_salutation="", informal_salutation="Ann and Bo", addressee="")
    lees.refresh_from_db()
    assert (lees.name, lees.name_by_hand, lees.informal_salutation_by_hand) == ("The Lees", True, False)
    verb(client, lees, "rewrite")
    lees.refresh_from_db()
    assert lees.name == "Ann and Bo Lee"


def test_a_member_is_left_out_of_letters(client, lees) -> None:
    _ann, bo = lees.members
    part = lees.memberships.get(person=bo).pk
    verb(client, lees, "member", part, role="adult", in_name="on")
    lees.refresh_from_db()
    assert (lees.name, lees.informal_salutation) == ("Ann and Bo Lee", "Ann")
    verb(client, lees, "never-here", part)
    assert not lees.memberships.filter(person=bo).exists()


# Addresses ---------------------------------------------------------------------------------------------------------


def test_an_address_with_a_season_comes_onto_the_page_of_a_person(client) -> None:
    ann = make_person("Ann", "Lee", address={"city": "Boston", "country": "US"})
    season = {"season_from_day": 15, "season_from_month": 11, "season_until_day": 1, "season_until_month": 4}
    url = reverse("constituents:add-address", args=[ann.pk])
    assert "both its first and its last day" in client.post(url, HILL | {"kind": "home", "season_from_day": 15}).text
    client.post(url, HILL | season | {"kind": "home"})
    assert "15 Nov. – 1 April" in client.get(reverse("constituents:inspect", args=[ann.pk])).text


def test_a_move_asks_who_moves(client, lees) -> None:
    ann, bo = lees.members
    text = client.get(reverse("households:move", args=[lees.pk])).text
    assert "Who moves?" in text
    verb(client, lees, "move", movers=[ann.pk, bo.pk], on="2026-03-01", **HILL)
    assert [str(row.valid_until) for row in lees.addresses.order_by("pk")] == ["2026-02-28", "None"]
    part = lees.addresses.get(valid_until=None).pk
    verb(client, lees, "address-returned", part, since="2026-04-01", reason="Unknown")
    assert Address.objects.get(pk=part).undeliverable_since == dt.date(2026, 4, 1)
    verb(client, lees, "correct-address", part, kind="home", **HILL | {"postal_code": "01971"})
    address = Address.objects.get(pk=part)
    assert (address.postal_code, address.is_undeliverable) == ("01971", False)


def test_what_is_not_the_records_own_is_not_found(client, lees) -> None:
    other = make_person(address={"city": "Lynn"})
    url = reverse("households:remove-address", args=[lees.pk])
    for part in (other.addresses.get().pk, 0, "x"):
        assert client.get(f"{url}?part={part}").status_code == 404


@pytest.mark.parametrize(
    ("role", "may_see", "may_change", "may_set_rules"),
    [
        ("Administrator", True, True, True),
        ("Fundraiser", True, True, False),
        ("Gift processor", True, True, False),
        ("Communications", True, False, False),
        ("Board reader", False, False, False),
    ],
)
def test_each_role_does_what_it_may(
    staff_client, lees, role: str, may_see: bool, may_change: bool, may_set_rules: bool
) -> None:
    client, person = staff_client(role), Constituent.objects.first()

    def is_open(name: str, *args: int) -> bool:
        return client.get(reverse(name, args=args)).status_code == 200

    assert is_open("households:inspect", lees.pk) is may_see
    for slug in ("split", "move", "names", "add-member"):
        assert is_open(f"households:{slug}", lees.pk) is may_change, slug
    for slug in ("died", "lives-with", "add-address"):
        assert is_open(f"constituents:{slug}", person.pk) is may_change, slug
    assert is_open("household_naming") is may_set_rules
