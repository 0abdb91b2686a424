"""Which address mail goes to on a date: the rule against a slow reading of it, and the same for a whole mailing."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from constituents.models import Address, Constituent, HouseholdMembership
from constituents.services.addresses import address_on, addresses_on
from constituents.services.people import add_address
from tests.factories.constituents import make_household, make_person
from tests.harness.examples import drawn

pytestmark = pytest.mark.django_db

WINTER = {"season_from_month": 11, "season_from_day": 15, "season_until_month": 4, "season_until_day": 1}


@pytest.mark.parametrize(
    ("first", "last", "inside", "outside"),
    [
        ((11, 15), (4, 1), ["2026-11-15", "2027-01-01", "2028-02-29", "2027-04-01"], ["2026-11-14", "2027-04-02"]),
        ((6, 1), (8, 31), ["2026-06-01", "2026-08-31"], ["2026-05-31", "2026-09-01"]),
        ((2, 29), (3, 31), ["2028-02-29", "2027-03-01"], ["2027-02-28", "2028-02-28"]),
        ((1, 1), (2, 29), ["2028-02-29", "2027-02-28"], ["2027-03-01", "2028-03-01"]),
        ((7, 4), (7, 4), ["2026-07-04"], ["2026-07-03", "2026-07-05"]),
    ],
)
def test_a_season_includes_its_first_and_last_day_and_may_wrap_the_year(
    first: tuple[int, int], last: tuple[int, int], inside: list[str], outside: list[str]
) -> None:
    address = Address(
        season_from_month=first[0], season_from_day=first[1], season_until_month=last[0], season_until_day=last[1]
    )
    assert all(address.applies_on(dt.date.fromisoformat(day)) for day in inside)
    assert not any(address.applies_on(dt.date.fromisoformat(day)) for day in outside)


def test_a_season_cannot_begin_on_a_day_that_never_comes() -> None:
    with pytest.raises(ValidationError, match="no such day"):
        add_address(constituent=make_person(), city="Tampa", **WINTER | {"season_from_day": 31})


def test_an_address_that_ended_may_have_been_the_first_of_its_time() -> None:
    ann = make_person(address={"city": "Boston"})
    ann.addresses.update(valid_until=dt.date(2026, 5, 31))
    new = add_address(constituent=ann, city="Salem", valid_from=dt.date(2026, 6, 1))
    assert new.is_primary
    assert [address_on(ann, day).city for day in (dt.date(2026, 5, 31), dt.date(2026, 6, 1))] == ["Boston", "Salem"]


# The rule, said again by naive means -------------------------------------------------------------------------------

DAYS = [dt.date(2026, 1, 10), dt.date(2026, 2, 28), dt.date(2026, 6, 30), dt.date(2026, 12, 24), dt.date(2028, 2, 29)]
FLAGS = st.sampled_from([False, False, False, True])
WINDOWS = st.sampled_from([(None, None), (None, DAYS[1]), (DAYS[2], None), (DAYS[1], DAYS[3]), (DAYS[3], None)])
SEASONS = st.sampled_from([None, None, (11, 15, 4, 1), (2, 28, 2, 29), (6, 1, 8, 31)])
DRAWN = st.tuples(st.sampled_from(["own", "shared"]), FLAGS, FLAGS, FLAGS, WINDOWS, SEASONS)


def as_address(drawn: Any) -> Address:
    owner, unwanted, returned, instead, (begins, ends), season = drawn
    months = season or (None, None, None, None)
    return Address(
        do_not_use=unwanted,
        is_undeliverable=returned,
        overrides_household=instead and owner == "own",
        valid_from=begins,
        valid_until=ends,
        season_from_month=months[0],
        season_from_day=months[1],
        season_until_month=months[2],
        season_until_day=months[3],
    )


def in_season(address: Address, date: dt.date) -> bool:
    if address.season_from_month is None:
        return True
    year = [dt.date(2028, 1, 1) + dt.timedelta(days=offset) for offset in range(366)]  # a leap year has every day
    days = [(day.month, day.day) for day in year] * 2
    first = days.index((address.season_from_month, address.season_from_day))
    last = days.index((address.season_until_month, address.season_until_day), first)
    return (date.month, date.day) in days[first : last + 1]


def expected(own: list[Address], shared: list[Address], date: dt.date) -> int | None:
    def good(address: Address) -> bool:
        wanted = not address.do_not_use and not address.is_undeliverable
        begun = address.valid_from is None or address.valid_from <= date
        lasts = address.valid_until is None or address.valid_until >= date
        return wanted and begun and lasts and in_season(address, date)

    for pool in ([address for address in own if address.overrides_household], shared, own):
        candidates = sorted((address for address in pool if good(address)), key=lambda address: address.pk)
        # Python's sort keeps equals in order, so the last wish sorts first.
        candidates.sort(key=lambda address: address.valid_from or dt.date.min, reverse=True)
        candidates.sort(key=lambda address: not address.is_primary)
        candidates.sort(key=lambda address: address.season_from_month is None)
        if candidates:
            return candidates[0].pk
    return None


@drawn(20)
@given(st.lists(DRAWN, max_size=5), st.sampled_from(DAYS))
def test_the_pick_follows_the_rule_for_one_and_for_a_mailing(drawn: list[Any], date: dt.date) -> None:
    Address.objects.all().delete()
    person = Constituent.objects.filter(given_name="Prop").first() or make_person("Prop", "Erty")
    household = person.household or make_household(person)
    has_first = {"own": False, "shared": False}
    for each in drawn:
        address, owner = as_address(each), each[0]
        setattr(address, *(("constituent", person) if owner == "own" else ("household", household)))
        address.is_primary = not has_first[owner]
        has_first[owner] |= address.valid_until is None
        address.save()
    picked = expected(list(person.addresses.all()), list(household.addresses.all()), date)
    one = address_on(Constituent.objects.get(pk=person.pk), date)
    assert (one.pk if one else None) == picked
    many = addresses_on(Constituent.objects.filter(pk=person.pk), date)
    assert {pk: address.pk for pk, address in many.items()} == ({person.pk: picked} if picked else {})


def test_mail_follows_somebody_from_one_household_to_the_next() -> None:
    ann, bo = make_person("Ann", "Lee"), make_person("Bo", "Ray")
    first, second = make_household(ann), make_household(bo)
    add_address(household=first, city="Boston")
    add_address(household=second, city="Salem")
    first.memberships.update(until=dt.date(2026, 5, 31))
    HouseholdMembership.objects.create(household=second, person=ann, since=dt.date(2026, 6, 1))
    both = Constituent.objects.filter(pk__in=[ann.pk, bo.pk])
    for day, city in ((dt.date(2026, 5, 31), "Boston"), (dt.date(2026, 6, 1), "Salem")):
        assert address_on(ann, day).city == city
        assert addresses_on(both, day)[ann.pk].city == city


def test_a_mailing_asks_for_its_addresses_in_three_queries(django_assert_num_queries: Any) -> None:
    for number in range(5):
        household = make_household(make_person(), make_person(address={"city": "Lynn"}))
        add_address(household=household, city=f"Town {number}")
    with django_assert_num_queries(3):
        assert len(addresses_on(Constituent.objects.all(), dt.date(2026, 1, 1))) == 10
