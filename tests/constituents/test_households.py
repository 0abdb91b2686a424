"""Households: who lives together, what they are called, and where mail goes."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from constituents.errors import AlreadyInHouseholdError, NotAPersonError
from constituents.models import Address, HouseholdMembership, HouseholdRole
from constituents.services.addresses import address_on
from constituents.services.households import form_household, join_household, refresh_names
from constituents.services.people import add_address, change_constituent
from tests.factories.constituents import make_household, make_organisation, make_person

pytestmark = pytest.mark.django_db


def test_a_household_is_named_after_its_members() -> None:
    household = make_household(make_person("Ann", "Lee"), make_person("Bo", "Lee"))
    assert household.name == "Ann and Bo Lee"
    assert household.informal_salutation == "Ann and Bo"


def test_a_name_kept_by_hand_survives_a_new_member() -> None:
    household = make_household(make_person("Ann", "Lee"), name="The Lees of Quay Street")
    join_household(household, person=make_person("Bo", "Ray"), by=None)
    household.refresh_from_db()
    assert household.name == "The Lees of Quay Street"
    assert household.informal_salutation == "Ann and Bo"


def test_children_are_left_out_of_the_name_until_told() -> None:
    ann, cy = make_person("Ann", "Lee"), make_person("Cy", "Lee")
    household = form_household(people=[(ann, HouseholdRole.HEAD), (cy, HouseholdRole.CHILD)], by=None)
    assert household.name == "Ann Lee"
    HouseholdMembership.objects.filter(person=cy).update(in_name=True)
    assert refresh_names(household).name == "Ann and Cy Lee"


def test_the_deceased_are_left_out_while_another_lives() -> None:
    ann, bo = make_person("Ann", "Lee"), make_person("Bo", "Lee")
    household = make_household(ann, bo)
    change_constituent(bo, by=None, is_deceased=True)
    household.refresh_from_db()
    assert household.name == "Ann Lee"


def test_nobody_lives_in_two_households() -> None:
    ann = make_person("Ann", "Lee")
    make_household(ann)
    with pytest.raises(AlreadyInHouseholdError, match="already belongs"):
        make_household(ann, make_person("Bo", "Ray"))


def test_the_database_refuses_a_second_open_membership() -> None:
    ann = make_person("Ann", "Lee")
    make_household(ann)
    other = make_household(make_person("Bo", "Ray"))
    with pytest.raises(IntegrityError), transaction.atomic():
        HouseholdMembership.objects.create(household=other, person=ann)


def test_an_organisation_lives_in_no_household() -> None:
    with pytest.raises(NotAPersonError):
        make_household(make_organisation("Harbour Trust"))


def test_mail_goes_to_the_seasonal_address_in_its_season_which_may_wrap_the_year() -> None:
    ann = make_person("Ann", "Lee", address={"street": "1 Quay", "city": "Boston", "country": "US"})
    winter = {"season_from_month": 11, "season_from_day": 15, "season_until_month": 4, "season_until_day": 1}
    add_address(constituent=ann, street="9 Palm Way", city="Tampa", country="US", **winter)
    assert [address_on(ann, day).city for day in SEASON_EDGES] == ["Boston", "Tampa", "Tampa", "Tampa", "Boston"]


SEASON_EDGES = [
    dt.date(2026, 11, 14),
    dt.date(2026, 11, 15),
    dt.date(2027, 1, 1),
    dt.date(2027, 4, 1),
    dt.date(2027, 4, 2),
]


def test_mail_goes_to_the_household_unless_an_own_address_says_otherwise() -> None:
    ann, bo = make_person("Ann", "Lee"), make_person("Bo", "Lee")
    household = make_household(ann, bo)
    add_address(household=household, street="1 Quay", city="Boston", country="US")
    add_address(constituent=ann, street="2 Old Road", city="Lynn", country="US")
    add_address(constituent=bo, street="PO Box 3", city="Salem", country="US", overrides_household=True)
    assert address_on(ann, dt.date(2026, 1, 1)).city == "Boston"
    assert address_on(bo, dt.date(2026, 1, 1)).city == "Salem"


def test_an_address_belongs_to_one_constituent_or_one_household() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Address.objects.create(street="Nowhere")
