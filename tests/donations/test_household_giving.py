"""What a household gave: its members' gifts while they were members, each counted once."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constituents.models import Constituent, Household, HouseholdMembership
from core.money import Money
from donations.household_giving import household_totals
from donations.metrics import giving_between
from donations.models import Gift
from donations.services.gifts import refund_gift
from tests.factories.constituents import make_household, make_person
from tests.factories.donations import make_gift
from tests.harness.examples import drawn

pytestmark = pytest.mark.django_db

JANUARY, MARCH, MAY = dt.date(2026, 1, 15), dt.date(2026, 3, 15), dt.date(2026, 5, 15)


def test_a_gift_counts_for_the_household_its_giver_lived_in_that_day() -> None:
    ann, bo = make_person("Ann", "Lee"), make_person("Bo", "Ray")
    first, second = make_household(ann, bo), make_household(make_person())
    for on in (JANUARY, MARCH, MAY):
        make_gift(bo, 10, on=on)
    make_gift(ann, 5, on=MARCH)
    bo.household_memberships.update(until=dt.date(2026, 3, 31))
    HouseholdMembership.objects.create(household=second, person=bo, since=dt.date(2026, 4, 1))
    totals = household_totals(first)
    assert (totals.raised, totals.gifts, totals.last_on) == (Decimal(25), 3, MARCH)
    assert household_totals(second).raised == Decimal(10)
    assert household_totals(first, first=JANUARY, last=JANUARY).raised == Decimal(10)


def test_a_refund_leaves_the_total() -> None:
    ann = make_person()
    household = make_household(ann)
    gift = make_gift(ann, 10)
    refund_gift(gift, money=Money(Decimal(4), gift.currency), by=None, reason="Asked back")
    assert household_totals(household).raised == Decimal(6)


STAY = st.tuples(st.integers(0, 1), st.integers(0, 2), st.integers(0, 11), st.integers(0, 11))


@drawn(7)
@given(st.lists(STAY, max_size=6), st.integers(0, 2**18 - 1))
def test_households_and_single_people_together_gave_what_was_given(stays: list[Any], which: int) -> None:
    """Whatever the comings and goings, nothing is counted twice and nothing is lost."""
    people = list(Constituent.objects.filter(given_name="Prop")) or [make_person("Prop") for _ in range(3)]
    households = list(Household.objects.all()) or [Household.objects.create() for _ in range(2)]
    if not Gift.objects.exists():
        for place, person in enumerate(people):
            for month in range(1, 7):
                make_gift(person, 2 ** (place * 6 + month - 1), on=dt.date(2026, month, 10))
    HouseholdMembership.objects.all().delete()
    for house, who, start, length in stays:
        since = dt.date(2026, 1, 1) + dt.timedelta(days=start * 15 + which % 7)
        until = since + dt.timedelta(days=length * 15)
        HouseholdMembership.objects.create(household=households[house], person=people[who], since=since, until=until)
    counted = [household_totals(household).raised for household in households]
    alone = Decimal(0)
    for gift in Gift.objects.all():
        stays_then = HouseholdMembership.objects.on(gift.received_on).filter(person=gift.donor)
        alone += 0 if stays_then else gift.net_base_amount
    assert sum(counted) + alone == giving_between(dt.date(2026, 1, 1), dt.date(2026, 12, 31)).raised
    # Each gift is a power of two, so that a total says which gifts are in it: no gift stands in two of them.
    assert int(counted[0]) & int(counted[1]) == 0
