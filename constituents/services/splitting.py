"""Split a household: a divorce, a child who leaves. What each person gave stays theirs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from constituents.errors import SplitError
from constituents.household_steps import Split, split_steps
from constituents.models import (
    Address,
    Constituent,
    Household,
    HouseholdChange,
    HouseholdChangeKind,
    HouseholdMembership,
    HouseholdRole,
)
from constituents.services.addresses import household_address_on
from constituents.services.households import NAMES, add_member, refresh_names, see_to_a_head
from constituents.services.journal import Journal, state_of
from constituents.services.people import ADDRESS_PARTS
from constituents.services.search_text import refresh_search_text
from core import audit, clock

_DAY = dt.timedelta(days=1)


class WhereTo(models.TextChoices):
    """Where those who leave get their mail."""

    NEW = "new", gettext_lazy("To a new address")
    SAME = "same", gettext_lazy("To the same address as before")
    UNKNOWN = "unknown", gettext_lazy("We do not know yet")


@transaction.atomic
def split_household(
    household: Household,
    *,
    leavers: Sequence[Constituent],
    by: User | None,
    on: dt.date | None = None,
    where_to: str = WhereTo.UNKNOWN,
    address: Mapping[str, Any] | None = None,
    keeps_names: bool = False,
    answers: Mapping[str, str] | None = None,
    reason: str = "",
) -> HouseholdChange:
    """Let some of the people leave for a household of their own, from a day on; one alone needs none.

    `keeps_names` keeps names written by hand for those who stay; else they are written from who is left. `answers` are
    those to the questions of `household_steps.split_steps()`. Raises SplitError.
    """
    on = on or clock.today()
    household = Household.objects.select_for_update().get(pk=household.pk)
    split = _split(household, leavers, on=on, by=by)
    old_address = household_address_on(household, on)
    _part(split)
    _send_mail(split, where_to, address or {}, old_address)
    if not keeps_names:
        let_names_be_written(household, split.journal)
    journal_head(household, split.journal)
    for step in split_steps():
        if step.name in (answers or {}):
            step.apply(split, (answers or {})[step.name])
    for each in (household, split.new_household):
        if each is not None:
            refresh_names(each)
    refresh_search_text([person.pk for person in [*split.leavers, *split.stayers]])
    return _write_down(split, by=by, reason=reason)


def _split(household: Household, leavers: Sequence[Constituent], *, on: dt.date, by: User | None) -> Split:
    gone = {person.pk for person in leavers}
    members = list(household.memberships.now().select_related("person").order_by("pk"))
    people = [membership.person for membership in members]
    if not gone:
        raise SplitError(_("Say who leaves."))
    if gone - {person.pk for person in people}:
        raise SplitError(_("Only people who live in the household can leave it."))
    stayers = [person for person in people if person.pk not in gone]
    if not any(not person.is_deceased for person in stayers):
        raise SplitError(_("Somebody has to stay. When all of them go, they have moved: give them the new address."))
    if on > clock.today():
        raise SplitError(_("Record it on the day it happens, or afterwards."))
    return Split(household, stayers, [person for person in people if person.pk in gone], on, by)


def _part(split: Split) -> None:
    """End the leavers' time here; several of them begin another household together."""
    roles = {}
    for membership in split.household.memberships.now().filter(person__in=split.leavers):
        roles[membership.person_id] = membership.role
        last_day = split.on - _DAY
        if membership.since and membership.since > last_day:
            raise SplitError(_("%(person)s came only afterwards. Choose a later day.") % {"person": membership.person})
        split.journal.change(membership, until=last_day)
    if len(split.leavers) < 2:
        return
    split.new_household = Household.objects.create()
    split.journal.added(split.new_household, but=NAMES)
    children = {person.pk for person in split.leavers if roles[person.pk] == HouseholdRole.CHILD}
    adults = [person for person in split.leavers if person.pk not in children]
    head = (adults or split.leavers)[0]
    for person in split.leavers:
        role = HouseholdRole.CHILD if person.pk in children else HouseholdRole.ADULT
        role = HouseholdRole.HEAD if person == head else role
        split.journal.added(add_member(split.new_household, person, role=role, since=split.on))


def _send_mail(split: Split, where_to: str, parts: Mapping[str, Any], old: Address | None) -> None:
    if where_to == WhereTo.UNKNOWN:
        return
    if where_to == WhereTo.SAME:
        parts = {name: getattr(old, name) for name in ADDRESS_PARTS} if old is not None else {}
    if not any(value for name, value in parts.items() if name != "country"):
        if where_to == WhereTo.SAME:
            return
        raise SplitError(_("Write the new address, or say that you do not know it yet."))
    if split.new_household is not None:
        owner: dict[str, Any] = {"household": split.new_household}
    else:
        owner = {"constituent": split.leavers[0]}
        known = split.leavers[0].addresses.first_ones().first()
        if known is not None:
            split.journal.change(known, is_primary=False)
    split.journal.add(Address(**owner, **parts, is_primary=True, valid_from=split.on))


def let_names_be_written(household: Household, journal: Journal) -> None:
    """Let names kept by hand follow the members again; taking it back brings their words back."""
    kept = {name: getattr(household, name) for name in NAMES if getattr(household, f"{name}_by_hand")}
    if not kept:
        return
    flags = {f"{name}_by_hand": True for name in kept}
    journal.note(household, before={**kept, **flags}, after=dict.fromkeys(flags, False))
    for name in flags:
        setattr(household, name, False)
    household.save(update_fields=list(flags))


def journal_head(household: Household, journal: Journal) -> None:
    """See to it that somebody living is the head, and note whose role changed."""
    before = {membership.pk: state_of(membership) for membership in household.memberships.now()}
    if see_to_a_head(household) is not None:
        for membership in HouseholdMembership.objects.filter(pk__in=before).order_by("role"):
            journal.changed(membership, before[membership.pk])


def _write_down(split: Split, *, by: User | None, reason: str) -> HouseholdChange:
    audit.record_many(
        audit.Draft(
            verb="household.split",
            obj=split.household,
            by=by,
            old={"household": split.household.name},
            new={
                "left": [each.full_name for each in split.leavers],
                "on": split.on,
                "new_household": str(split.new_household or ""),
            },
            reason=reason,
            about=person,
        )
        for person in [*split.leavers, *split.stayers]
    )
    return HouseholdChange.objects.create(
        household=split.household,
        person=split.leavers[0] if len(split.leavers) == 1 else None,
        kind=HouseholdChangeKind.SPLIT,
        on=split.on,
        journal=split.journal.entries,
        note=reason,
        recorded_by=by,
    )
