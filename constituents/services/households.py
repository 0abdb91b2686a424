"""Form households, let people join and leave them, and keep their names and salutations written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from constituents import naming
from constituents.errors import AlreadyInHouseholdError, NotAPersonError
from constituents.models import Constituent, Household, HouseholdMembership, HouseholdRole
from constituents.services.search_text import refresh_search_text
from core import audit, clock


@transaction.atomic
def form_household(
    *,
    people: Sequence[tuple[Constituent, str]],
    by: User | None,
    name: str = "",
    since: dt.date | None = None,
) -> Household:
    """Make a household of people, each with a role. A name given here is kept as written by hand.

    Raises AlreadyInHouseholdError or NotAPersonError.
    """
    household = Household.objects.create(name=name, name_by_hand=bool(name))
    for person, role in people:
        _add(household, person, role=role, since=since)
    refresh_names(household)
    refresh_search_text([person.pk for person, _role in people])
    audit.record(
        "household.formed",
        household,
        by=by,
        new={"name": household.name, "people": [person.full_name for person, _role in people]},
    )
    return household


@transaction.atomic
def join_household(
    household: Household,
    *,
    person: Constituent,
    by: User | None,
    role: str = HouseholdRole.ADULT,
    since: dt.date | None = None,
) -> HouseholdMembership:
    """Let a person join. Raises AlreadyInHouseholdError when they live in another household today."""
    membership = _add(household, person, role=role, since=since or clock.today())
    refresh_names(household)
    refresh_search_text([person.pk])
    audit.record("household.joined", household, by=by, new={"person": person.full_name, "role": role}, about=person)
    return membership


@transaction.atomic
def leave_household(person: Constituent, *, by: User | None, until: dt.date | None = None, reason: str = "") -> None:
    """End the person's time in their household on the given last day; what they gave stays theirs."""
    membership = HouseholdMembership.objects.select_for_update().filter(person=person, until__isnull=True).first()
    if membership is None:
        return
    membership.until = until or clock.today()
    membership.full_clean()
    membership.save(update_fields=["until"])
    refresh_names(membership.household)
    refresh_search_text([person.pk])
    audit.record(
        "household.left", membership.household, by=by, old={"person": person.full_name}, reason=reason, about=person
    )


def _add(household: Household, person: Constituent, *, role: str, since: dt.date | None) -> HouseholdMembership:
    if not person.is_person:
        raise NotAPersonError(person)
    current = HouseholdMembership.objects.filter(person=person, until__isnull=True).select_related("household").first()
    if current:
        if current.household_id == household.pk:
            return current
        raise AlreadyInHouseholdError(person, current.household)
    named = role != HouseholdRole.CHILD
    return HouseholdMembership.objects.create(
        household=household,
        person=person,
        role=role,
        since=since,
        in_name=named,
        in_formal_salutation=named,
        in_informal_salutation=named,
    )


def refresh_names(household: Household) -> Household:
    """Write the household's name and salutations from its members, except those kept by hand, and save."""
    memberships = household.memberships.filter(until__isnull=True).select_related("person").order_by("pk")
    write_names(household, list(memberships))
    household.save()
    return household


def write_names(household: Household, memberships: Sequence[HouseholdMembership]) -> None:
    """Write the household's name and salutations from today's memberships, without saving."""
    order = {HouseholdRole.HEAD: 0, HouseholdRole.ADULT: 1, HouseholdRole.CHILD: 2}
    ordered = sorted(memberships, key=lambda membership: order[HouseholdRole(membership.role)])
    living = [membership for membership in ordered if not membership.person.is_deceased] or ordered

    def among(flag: str) -> list[naming.Named]:
        chosen = [membership.person for membership in living if getattr(membership, flag)]
        return [as_named(person) for person in chosen or [membership.person for membership in living]]

    if not household.name_by_hand:
        household.name = naming.household_name(among("in_name"))
    if not household.formal_salutation_by_hand:
        household.formal_salutation = naming.formal_salutation(among("in_formal_salutation"))
    if not household.informal_salutation_by_hand:
        household.informal_salutation = naming.informal_salutation(among("in_informal_salutation"))
    if not household.addressee_by_hand:
        household.addressee = naming.addressee(among("in_formal_salutation"))


def as_named(person: Constituent) -> naming.Named:
    """Return the parts of a person's name that naming works on."""
    return naming.Named(
        title=person.title,
        given=person.given_name or person.preferred_name,
        family=person.family_name,
        informal=person.informal_name,
    )
