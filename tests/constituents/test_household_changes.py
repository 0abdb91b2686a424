"""Moves, splits and deaths: what they change, what they leave alone, and how a mistaken one is taken back."""

import datetime as dt
from typing import Any

import pytest

from constituents.errors import AddressError, CannotTakeBackError, DeathError, SplitError
from constituents.models import Address, Constituent, DirectoryChoice, Household, HouseholdChange, HouseholdRole
from constituents.partial_dates import PartialDate
from constituents.services.addresses import address_on
from constituents.services.addressing import (
    correct_address,
    mail_came_back,
    move_constituent,
    move_household,
    remove_address,
    use_again,
    use_first,
)
from constituents.services.deaths import record_death
from constituents.services.households import change_member, form_household, name_household, rewrite_names
from constituents.services.people import add_address, change_constituent
from constituents.services.splitting import WhereTo, split_household
from constituents.services.taking_back import take_back
from core import clock
from core.audit.models import AuditEntry
from tests.factories.constituents import make_household, make_person

pytestmark = pytest.mark.django_db

QUAY = {"street": "1 Quay", "city": "Boston", "postal_code": "02101", "country": "US"}
HILL = {"street": "9 Hill Road", "city": "Salem", "postal_code": "01970", "country": "US"}
MARCH = dt.date(2026, 3, 1)
DAY = dt.timedelta(days=1)


@pytest.fixture
def lees() -> tuple[Household, Constituent, Constituent, Constituent]:
    """Ann and Bo Lee with their child Cy, at 1 Quay."""
    ann, bo, cy = (make_person(name, "Lee") for name in ("Ann", "Bo", "Cy"))
    roles = [(ann, HouseholdRole.HEAD), (bo, HouseholdRole.ADULT), (cy, HouseholdRole.CHILD)]
    household = form_household(people=roles, by=None)
    add_address(household=household, **QUAY)
    return household, ann, bo, cy


def where(person: Constituent, date: dt.date) -> str:
    address = address_on(Constituent.objects.get(pk=person.pk), date)
    return address.city if address else ""


def everything() -> list[Any]:
    """All that a change may touch, to tell whether taking it back brought it back."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Address, Household, DirectoryChoice)
    ] + [
        list(Constituent.objects.order_by("pk").values("pk", "is_deceased", "deceased_on", "deceased_precision")),
        list(Household.memberships.rel.related_model.objects.order_by("pk").values()),
    ]  # fmt: skip


# Addresses ---------------------------------------------------------------------------------------------------------


def test_a_correction_changes_the_address_and_keeps_what_it_was_in_the_audit(lees: Any) -> None:
    household, ann, *_ = lees
    address = mail_came_back(household.addresses.get(), by=None)
    assert where(ann, MARCH) == ""
    correct_address(address, by=None, postal_code="02109")
    assert household.addresses.get().postal_code == "02109"
    assert where(ann, MARCH) == "Boston"
    entry = AuditEntry.objects.filter(action="address.corrected").first()
    assert (entry.payload.data["old"]["postal_code"], entry.payload.data["new"]["postal_code"]) == ("02101", "02109")
    assert Constituent.objects.search("02109").filter(pk=ann.pk).exists()


def test_a_move_ends_the_old_address_the_day_before_the_new_one_begins(lees: Any) -> None:
    household, ann, bo, _cy = lees
    move_household(household, by=None, on=MARCH, address=HILL)
    for person in (ann, bo):
        assert [where(person, day) for day in (MARCH - DAY, MARCH)] == ["Boston", "Salem"]


def test_a_move_announced_for_later_waits_for_its_day(lees: Any) -> None:
    household, ann, *_ = lees
    later = clock.today() + 30 * DAY
    move_household(household, by=None, on=later, address=HILL)
    assert [where(ann, day) for day in (clock.today(), later - DAY, later)] == ["Boston", "Boston", "Salem"]
    with pytest.raises(AddressError, match="already"):
        move_household(household, by=None, on=later - DAY, address=HILL)


def test_when_only_some_move_the_others_keep_their_address(lees: Any) -> None:
    household, ann, bo, _cy = lees
    move_household(household, by=None, on=MARCH, address=HILL, movers=[bo])
    assert (where(ann, MARCH), where(bo, MARCH - DAY), where(bo, MARCH)) == ("Boston", "Boston", "Salem")


def test_one_who_lives_alone_moves_alone() -> None:
    ann = make_person("Ann", "Lee", address=QUAY)
    move_constituent(ann, by=None, on=MARCH, address=HILL)
    assert (where(ann, MARCH - DAY), where(ann, MARCH)) == ("Boston", "Salem")


def test_returned_mail_can_be_taken_back_and_another_address_used_first() -> None:
    ann = make_person("Ann", "Lee", address=QUAY)
    second = add_address(constituent=ann, **HILL)
    mail_came_back(ann.addresses.get(is_primary=True), by=None, since=MARCH)
    assert where(ann, MARCH) == "Salem"
    use_again(ann.addresses.get(is_primary=True), by=None)
    assert where(ann, MARCH) == "Boston"
    use_first(second, by=None)
    assert where(ann, MARCH) == "Salem"
    remove_address(second, by=None)
    assert ann.addresses.get().is_primary


def test_a_mistaken_move_can_be_taken_back(lees: Any) -> None:
    household, *_ = lees
    before = everything()
    take_back(move_household(household, by=None, on=MARCH, address=HILL), by=None)
    assert everything() == before


# Splits ------------------------------------------------------------------------------------------------------------


def test_after_a_divorce_each_has_mail_of_their_own(lees: Any) -> None:
    household, ann, bo, cy = lees
    change = split_household(household, leavers=[bo], by=None, on=MARCH, where_to=WhereTo.NEW, address=HILL)
    household.refresh_from_db()
    assert (household.name, household.informal_salutation) == ("Ann Lee", "Ann")
    assert Constituent.objects.get(pk=bo.pk).household is None
    assert (where(ann, MARCH), where(cy, MARCH)) == ("Boston", "Boston")
    assert (where(bo, MARCH - DAY), where(bo, MARCH)) == ("Boston", "Salem")
    assert change.person == bo


def test_who_leaves_with_a_child_begins_a_household(lees: Any) -> None:
    household, _ann, bo, cy = lees
    split_household(household, leavers=[bo, cy], by=None, on=MARCH, where_to=WhereTo.SAME)
    theirs = Constituent.objects.get(pk=bo.pk).household
    assert (theirs.name, [member.given_name for member in theirs.members]) == ("Bo Lee", ["Bo", "Cy"])
    assert where(cy, MARCH) == "Boston"


def test_when_the_head_leaves_another_adult_becomes_it(lees: Any) -> None:
    household, ann, bo, _cy = lees
    split_household(household, leavers=[ann], by=None, on=MARCH)
    assert household.memberships.now().get(role=HouseholdRole.HEAD).person == bo


def test_names_kept_by_hand_are_written_anew_unless_asked_to_stay(lees: Any) -> None:
    household, _ann, bo, cy = lees
    name_household(household, by=None, names={"name": "The Quay Street Lees"})
    household.refresh_from_db()
    split_household(household, leavers=[cy], by=None, on=MARCH, keeps_names=True)
    household.refresh_from_db()
    assert household.name == "The Quay Street Lees"
    split_household(household, leavers=[bo], by=None, on=MARCH + DAY)
    household.refresh_from_db()
    assert household.name == "Ann Lee"


def test_a_mistaken_split_can_be_taken_back_whole(lees: Any) -> None:
    household, ann, _bo, cy = lees
    name_household(household, by=None, names={"name": "The Quay Street Lees"})
    before = everything()
    change = split_household(
        household, leavers=[ann, cy], by=None, on=MARCH, where_to=WhereTo.NEW, address=HILL, reason="Divorce"
    )
    assert everything() != before
    take_back(change, by=None)
    assert everything() == before
    with pytest.raises(CannotTakeBackError):
        take_back(change, by=None)


def test_a_split_on_which_something_was_built_is_not_taken_back(lees: Any) -> None:
    household, ann, _bo, cy = lees
    change = split_household(household, leavers=[ann, cy], by=None, on=MARCH)
    theirs = Constituent.objects.get(pk=ann.pk).household
    add_address(household=theirs, **HILL)
    with pytest.raises(CannotTakeBackError, match="has changed since"):
        take_back(change, by=None)


@pytest.mark.parametrize("who", ["nobody", "all", "stranger"])
def test_a_split_that_makes_no_sense_is_refused(lees: Any, who: str) -> None:
    household, *people = lees
    leavers = {"nobody": [], "all": people, "stranger": [make_person()]}[who]
    with pytest.raises(SplitError):
        split_household(household, leavers=leavers, by=None)


# Deaths ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "kept", "precision", "words"),
    [
        (PartialDate(2026, 3, 15), dt.date(2026, 3, 15), "day", "Mar 15, 2026"),
        (PartialDate(2026, 3), dt.date(2026, 3, 1), "month", "March 2026"),
        (PartialDate(2026), dt.date(2026, 1, 1), "year", "2026"),
    ],
)
def test_a_death_may_be_known_to_the_day_the_month_or_the_year(
    on: PartialDate, kept: dt.date, precision: str, words: str
) -> None:
    ann = make_person("Ann", "Lee")
    record_death(ann, by=None, on=on)
    ann.refresh_from_db()
    assert (ann.is_deceased, ann.deceased_on, ann.deceased_precision) == (True, kept, precision)
    assert str(PartialDate.known(ann.deceased_on, ann.deceased_precision)) == words


def test_a_widow_is_written_to_alone_and_the_directory_forgets_the_dead(lees: Any) -> None:
    household, ann, bo, _cy = lees
    DirectoryChoice.objects.create(constituent=ann, field="town", audience="everyone")
    before = everything()
    change = record_death(ann, by=None)
    household.refresh_from_db()
    assert (household.name, household.addressee) == ("Bo Lee", "Bo Lee")
    assert household.memberships.now().get(role=HouseholdRole.HEAD).person == bo
    assert not ann.directory_choices.exists()
    with pytest.raises(DeathError):
        record_death(ann, by=None)
    take_back(change, by=None)
    assert everything() == before


def test_a_death_still_to_come_is_refused() -> None:
    with pytest.raises(DeathError, match="still to come"):
        record_death(make_person(), by=None, on=PartialDate(clock.today().year + 1))
    assert not HouseholdChange.objects.exists()


# Names -------------------------------------------------------------------------------------------------------------


def test_a_marriage_that_changes_a_name_changes_the_household() -> None:
    ann, bo = make_person("Ann", "Lee"), make_person("Bo", "Ray")
    household = make_household(ann, bo)
    change_constituent(bo, by=None, family_name="Lee")
    household.refresh_from_db()
    assert household.name == "Ann and Bo Lee"


def test_only_a_name_that_differs_is_kept_by_hand(lees: Any) -> None:
    household, ann, *_ = lees
    same = {"name": "Ann and Bo Lee", "informal_salutation": "Annie and Bo", "formal_salutation": ""}
    name_household(household, by=None, names=same)
    change_constituent(ann, by=None, given_name="Anna")
    household.refresh_from_db()
    assert (household.name, household.informal_salutation) == ("Anna and Bo Lee", "Annie and Bo")
    assert household.formal_salutation == "Anna Lee and Bo Lee"
    assert rewrite_names(household, by=None).informal_salutation == "Anna and Bo"


def test_a_person_can_be_left_out_of_each_name_and_a_new_head_comes_first(lees: Any) -> None:
    household, _ann, bo, _cy = lees
    change_member(household.memberships.get(person=bo), by=None, role=HouseholdRole.HEAD)
    household.refresh_from_db()
    assert household.name == "Bo and Ann Lee"
    change_member(household.memberships.get(person=bo), by=None, in_informal_salutation=False)
    household.refresh_from_db()
    assert (household.informal_salutation, household.name) == ("Ann", "Bo and Ann Lee")
