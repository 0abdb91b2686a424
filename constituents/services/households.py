"""Form households, let people join and leave them, and keep their names and salutations written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.errors import AlreadyInHouseholdError, NotAPersonError, NotInHouseholdError, SplitError
from constituents.models import Constituent, Household, HouseholdMembership, HouseholdRole
from constituents.naming import names_of
from constituents.services.household_naming import NamingStyle, as_named, language_of, naming_style
from constituents.services.search_text import refresh_search_text
from core import audit, clock
from core.sets import update_rows

# The four names, and for each whether it is kept by hand.
NAMES = ("name", "formal_salutation", "informal_salutation", "addressee")
_CHUNK = 1_000


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
        add_member(household, person, role=role, since=since)
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
    membership = add_member(household, person, role=role, since=since or clock.today())
    refresh_names(household)
    refresh_search_text([person.pk])
    audit.record("household.joined", household, by=by, new={"person": person.full_name, "role": role}, about=person)
    return membership


@transaction.atomic
def live_together(
    person: Constituent,
    other: Constituent,
    *,
    by: User | None,
    role: str = HouseholdRole.ADULT,
    since: dt.date | None = None,
    brings_address: bool = True,
) -> Household:
    """Let two people live in one household: the one that one of them has, or a new one with the first as its head.

    With `brings_address` a new household gets mail where the first of them does, or else the other.
    Raises AlreadyInHouseholdError when each has a household of their own, NotAPersonError.
    """
    if person.pk == other.pk:
        raise SplitError(_("Choose somebody else: nobody lives with themselves."))
    home, others = person.household, other.household
    if home is not None and others is not None:
        raise AlreadyInHouseholdError(other, others)
    if others is not None:
        join_household(others, person=person, by=by, role=role, since=since)
        return others
    if home is not None:
        join_household(home, person=other, by=by, role=role, since=since)
        return home
    household = form_household(people=[(person, HouseholdRole.HEAD), (other, role)], by=by, since=since)
    if brings_address:
        _bring_address(household, person, other)
    return household


def _bring_address(household: Household, *people: Constituent) -> None:
    """Make the first of the people's own addresses that is used first the household's."""
    for person in people:
        address = person.addresses.first_ones().filter(overrides_household=False).first()
        if address is not None:
            address.constituent, address.household = None, household
            address.full_clean()
            address.save()
            refresh_search_text([each.pk for each in people])
            return


@transaction.atomic
def remove_member(membership: HouseholdMembership, *, by: User | None, reason: str = "") -> None:
    """Take away a time in a household that never was; who lived there and left is split off instead."""
    household, person = membership.household, membership.person
    audit.record(
        "household.member_removed", household, by=by, old={"person": person.full_name}, reason=reason, about=person
    )
    membership.delete()
    see_to_a_head(household)
    refresh_names(household)
    refresh_search_text([person.pk])


@transaction.atomic
def change_member(membership: HouseholdMembership, *, by: User | None, **values: Any) -> HouseholdMembership:
    """Change a member's role and where they are named; a new head takes the place of the one before."""
    locked = HouseholdMembership.objects.select_for_update().select_related("household", "person").get(pk=membership.pk)
    old = {name: getattr(locked, name) for name in values}
    if old == values:
        return locked
    if values.get("role") == HouseholdRole.HEAD:
        locked.household.memberships.now().filter(role=HouseholdRole.HEAD).update(role=HouseholdRole.ADULT)
    for name, value in values.items():
        setattr(locked, name, value)
    locked.full_clean()
    locked.save(update_fields=list(values))
    see_to_a_head(locked.household)
    refresh_names(locked.household)
    audit.record("household.member_changed", locked.household, by=by, old=old, new=values, about=locked.person)
    return locked


@transaction.atomic
def name_household(household: Household, *, by: User | None, names: Mapping[str, str]) -> Household:
    """Keep the names that differ from what the members give; an empty one, or the same, is written by itself again."""
    household = Household.objects.select_for_update().get(pk=household.pk)
    before = {name: getattr(household, name) for name in NAMES}
    for name in NAMES:
        setattr(household, f"{name}_by_hand", False)
    refresh_names(household)
    for name, text in names.items():
        if text.strip() and text.strip() != getattr(household, name):
            setattr(household, name, text.strip())
            setattr(household, f"{name}_by_hand", True)
    household.full_clean()
    household.save()
    after = {name: getattr(household, name) for name in NAMES}
    if different := [name for name in NAMES if before[name] != after[name]]:
        audit.record(
            "household.named",
            household,
            by=by,
            old={name: before[name] for name in different},
            new={name: after[name] for name in different},
        )
    return household


def rewrite_names(household: Household, *, by: User | None) -> Household:
    """Write all four names from the members again, those kept by hand too."""
    return name_household(household, by=by, names={})


def add_member(household: Household, person: Constituent, *, role: str, since: dt.date | None) -> HouseholdMembership:
    """Begin a person's time in a household; children are in none of its names until told. For verbs, within theirs.

    Raises NotAPersonError, and AlreadyInHouseholdError naming the household they live in.
    """
    if not person.is_person:
        raise NotAPersonError(person)
    current = HouseholdMembership.objects.now().filter(person=person).select_related("household").first()
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


def membership_of(person: Constituent, household: Household) -> HouseholdMembership:
    """Return the person's open time in the household. Raises NotInHouseholdError."""
    found = household.memberships.now().filter(person=person).first()
    if found is None:
        raise NotInHouseholdError(person, household)
    return found


def see_to_a_head(household: Household) -> HouseholdMembership | None:
    """Make the first living adult the head when nobody living is; returns who became it."""
    members = list(household.memberships.now().select_related("person").order_by("pk"))
    living = [member for member in members if not member.person.is_deceased]
    adults = [member for member in living if member.role != HouseholdRole.CHILD]
    if not adults or any(member.role == HouseholdRole.HEAD for member in living):
        return None
    for member in members:
        if member.role == HouseholdRole.HEAD:
            member.role = HouseholdRole.ADULT
            member.save(update_fields=["role"])
    adults[0].role = HouseholdRole.HEAD
    adults[0].save(update_fields=["role"])
    return adults[0]


def refresh_names(household: Household) -> Household:
    """Write the household's name and salutations from its members, except those kept by hand, and save."""
    memberships = household.memberships.now().select_related("person").order_by("pk")
    write_names(household, list(memberships), naming_style())
    household.save()
    return household


def refresh_names_of(households: QuerySet[Household]) -> int:
    """Write the names of many households, except those kept by hand; returns how many changed."""
    style, changed = naming_style(), 0
    ids = list(households.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), _CHUNK):
        rows = Household.objects.filter(pk__in=ids[start : start + _CHUNK]).prefetch_related("memberships__person")
        different = []
        for household in rows:
            before = [getattr(household, name) for name in NAMES]
            open_ones = [membership for membership in household.memberships.all() if membership.until is None]
            write_names(household, sorted(open_ones, key=lambda membership: membership.pk), style)
            if before != [getattr(household, name) for name in NAMES]:
                different.append(household)
        update_rows(different, list(NAMES))
        changed += len(different)
    return changed


def refresh_names_with(people: Iterable[int]) -> int:
    """Write the names of the households these people live in: after their names have changed in bulk."""
    return refresh_names_of(
        Household.objects.filter(memberships__person__in=list(people), memberships__until__isnull=True).distinct()
    )


def write_names(household: Household, memberships: Sequence[HouseholdMembership], style: NamingStyle) -> None:
    """Write the names from today's memberships, as entered, without saving; who nobody lives in any more keeps them."""
    if not memberships and household.name:
        return
    names = names_of(
        [as_named(membership.person, membership) for membership in memberships],
        style.formats(language_of(memberships)),
    )
    for name in NAMES:
        if not getattr(household, f"{name}_by_hand"):
            setattr(household, name, getattr(names, name))
