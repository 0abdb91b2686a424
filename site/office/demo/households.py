"""Households of every kind: two doctors, a winter address, a move to come, a widow, a divorce, a name by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Count, Q

from constituents.models import Constituent, Household, HouseholdRole
from constituents.partial_dates import PartialDate
from constituents.services.addressing import mail_came_back, move_household, put_address
from constituents.services.deaths import record_death
from constituents.services.households import change_member, name_household
from constituents.services.people import change_constituent
from constituents.services.splitting import WhereTo, split_household
from core.demo import DemoPlan
from office.demo.countries import here

_SOUTH = {
    "street": "12 Palmetto Way",
    "city": "Coral Reach",
    "region": "FL",
    "postal_code": "33001",
    "country": "US",
    "season_from_month": 11,
    "season_from_day": 15,
    "season_until_month": 4,
    "season_until_day": 1,
}
_ABROAD = {
    "GB": {"street": "4 Ferry Quay", "city": "Kinsale", "region": "Cork", "postal_code": "P17 XX00", "country": "IE"},
    "": {"street": "8 Chapel Hill", "city": "Fowey", "region": "Cornwall", "postal_code": "PL23 1AA", "country": "GB"},
}


def add_households_of_every_kind(plan: DemoPlan) -> dict[str, int]:
    """Let the first fitting household have each story; a small demo has fewer of them."""
    stories: list[Callable[[Household, dt.date], Any]] = [
        _two_doctors, _winters_in_the_south, _moves_next_month, _widow, _divorce, _named_by_hand, _mail_elsewhere,
        _mail_came_back, _abroad,
    ]  # fmt: skip
    couples = _couples()
    told = 0
    for story, household in zip(stories, couples, strict=False):
        story(household, plan.today)
        told += 1
    return {"household stories": told}


def _couples() -> Iterator[Household]:
    """Households of two living adults whom nobody signs in for, with an address that works."""
    adults = Q(memberships__until__isnull=True) & ~Q(memberships__role=HouseholdRole.CHILD)
    found = (
        Household.objects.annotate(
            adults=Count("memberships", filter=adults),
            dead=Count("memberships", filter=Q(memberships__person__is_deceased=True)),
            users=Count("memberships", filter=Q(memberships__person__user__isnull=False)),
            unnamed=Count("memberships", filter=adults & Q(memberships__person__title="")),
        )
        .filter(adults=2, dead=0, users=0, unnamed=0, addresses__is_undeliverable=False)
        .order_by("pk")[3:40:4]
    )
    return iter(found)


def _adults(household: Household) -> list[Constituent]:
    rows = household.memberships.now().exclude(role=HouseholdRole.CHILD).select_related("person").order_by("pk")
    return [row.person for row in rows]


def _two_doctors(household: Household, today: dt.date) -> None:
    head, *others = _adults(household)
    for person in (head, *others):
        change_constituent(person, by=None, title="Dr", family_name=head.family_name)


def _winters_in_the_south(household: Household, today: dt.date) -> None:
    put_address(household, by=None, parts=_SOUTH)


def _moves_next_month(household: Household, today: dt.date) -> None:
    move_household(
        household, by=None, on=today + dt.timedelta(days=30), address=here().address(3, "Signal Hill", town=1)
    )


def _widow(household: Household, today: dt.date) -> None:
    died = today - dt.timedelta(days=40)
    record_death(_adults(household)[0], by=None, on=PartialDate(died.year, died.month), reason="Letter from the family")


def _divorce(household: Household, today: dt.date) -> None:
    split_household(
        household,
        leavers=[_adults(household)[1]],
        by=None,
        on=today - dt.timedelta(days=90),
        where_to=WhereTo.NEW,
        address=here().address(41, "Ropewalk", town=2) | {"extra": "Apt 2"},
        answers={"membership": "stays"},
        reason="Divorce",
    )


def _named_by_hand(household: Household, today: dt.date) -> None:
    street = household.addresses.get().street
    name_household(household, by=None, names={"informal_salutation": f"friends at {street}"})


def _mail_elsewhere(household: Household, today: dt.date) -> None:
    person = _adults(household)[1]
    own = here().address(44, "Ropewalk") | {"street": "PO Box 44"}
    put_address(person, by=None, parts={**own, "overrides_household": True})
    change_member(household.memberships.now().get(person=person), by=None, in_informal_salutation=False)


def _mail_came_back(household: Household, today: dt.date) -> None:
    address = household.addresses.get()
    mail_came_back(address, by=None, since=today - dt.timedelta(days=20), reason="Moved, left no address")


def _abroad(household: Household, today: dt.date) -> None:
    move_household(household, by=None, on=today - dt.timedelta(days=400), address=_ABROAD.get(here().code, _ABROAD[""]))
