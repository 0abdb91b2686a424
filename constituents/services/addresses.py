"""The address to use on a date: one rule, for one constituent or for a whole mailing.

Of the addresses that may be used on the date, a seasonal one goes before the one used first, and that before others.
Who lives in a household that day gets mail at the household's address, unless an address of their own says otherwise;
their own is used too when the household has none.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from constituents.models import Address, Constituent, Household, HouseholdMembership


def address_on(constituent: Constituent, date: dt.date) -> Address | None:
    """Return the address to write to on a date, or None; asks nothing when the rows are prefetched."""
    household = household_on(constituent, date)
    return _choose(
        list(constituent.addresses.all()), list(household.addresses.all()) if household is not None else [], date
    )


def household_on(constituent: Constituent, date: dt.date) -> Household | None:
    """Return the household the person lives in on a date; uses prefetched memberships when there are any."""
    there = [membership for membership in constituent.household_memberships.all() if membership.holds_on(date)]
    return max(there, key=_latest).household if there else None


def household_address_on(household: Household, date: dt.date) -> Address | None:
    """Return the household's own address on a date, or None."""
    return _best(list(household.addresses.all()), date)


def addresses_on(constituents: QuerySet[Constituent], date: dt.date) -> dict[int, Address]:
    """Return the address to write to on a date by constituent, for a whole mailing in three queries.

    Who has none that may be used is left out.
    """
    wanted = constituents.order_by().values("pk")
    homes: dict[int, HouseholdMembership] = {}
    for membership in HouseholdMembership.objects.on(date).filter(person__in=wanted):
        known = homes.get(membership.person_id)
        if known is None or _latest(known) < _latest(membership):
            homes[membership.person_id] = membership
    own = _by("constituent_id", Address.objects.may_be_used_on(date).filter(constituent__in=wanted))
    lived_in = HouseholdMembership.objects.on(date).filter(person__in=wanted).values("household")
    shared = _by("household_id", Address.objects.may_be_used_on(date).filter(household__in=lived_in))
    found: dict[int, Address] = {}
    for pk in {*own, *homes}:
        home = homes.get(pk)
        chosen = _choose(own[pk], shared[home.household_id] if home is not None else [], date)
        if chosen is not None:
            found[pk] = chosen
    return found


def _by(owner: str, addresses: Iterable[Address]) -> dict[int, list[Address]]:
    grouped: dict[int, list[Address]] = defaultdict(list)
    for address in addresses:
        grouped[getattr(address, owner)].append(address)
    return grouped


def _latest(membership: HouseholdMembership) -> tuple[bool, dt.date, int]:
    """On the day somebody goes from one household to another, the one they come to counts."""
    return membership.until is None, membership.since or dt.date.min, membership.pk


def _choose(own: Sequence[Address], shared: Sequence[Address], date: dt.date) -> Address | None:
    instead = [address for address in own if address.overrides_household]
    return _best(instead, date) or _best(shared, date) or _best(own, date)


def _best(addresses: Sequence[Address], date: dt.date) -> Address | None:
    usable = [address for address in addresses if address.applies_on(date)]
    return min(usable, key=_precedence, default=None)


def _precedence(address: Address) -> tuple[bool, bool, int, int]:
    began = address.valid_from.toordinal() if address.valid_from else 0
    return not address.is_seasonal, not address.is_primary, -began, address.pk
