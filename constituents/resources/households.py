"""Households in files: the people of one row who share an address."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from constituents import naming
from constituents.models import Address, Constituent, Household, HouseholdMembership, HouseholdRole
from constituents.resources.reaching import ADDRESS_PARTS, address_parts, contains
from constituents.services.household_naming import as_named, naming_style
from constituents.services.households import refresh_names
from constituents.services.search_text import refresh_search_text
from core import audit
from core.imports.drafts import Change, Context, Creation, Item, Update, hashed
from core.imports.models import ImportMode, ImportRecord, Outcome
from core.imports.records import RecordType


class HouseholdType(RecordType):
    """People who live together; linked in the role `members`."""

    name = "household"
    label = gettext_lazy("Household")
    label_plural = gettext_lazy("Households")
    order = 30
    several = frozenset({"members", "addresses"})
    shown = ("address",)
    field_labels = {"members": gettext_lazy("Member"), "addresses": gettext_lazy("Address")}

    def keys(self, item: Item, context: Context) -> list[str]:
        """A household is the one its members live in."""
        return [hashed(self.name, "member", str(record.number)) for record in item.linked("members")]

    def find(self, items: Sequence[Item], context: Context) -> dict[int, int]:
        """The household one of the members lives in today."""
        homes = self._homes({r.object_id for item in items for r in item.linked("members") if r.object_id})
        found = {}
        for at, item in enumerate(items):
            theirs = [homes[r.object_id] for r in item.linked("members") if r.object_id in homes]
            if theirs:
                found[at] = theirs[0]
        return found

    def find_again(self, creations: Sequence[Creation], context: Context) -> dict[int, int]:
        """A member may have joined a household since."""
        homes = self._homes({pk for creation in creations for pk in creation.links["members"]})
        found = {}
        for at, creation in enumerate(creations):
            theirs = [homes[pk] for pk in creation.links["members"] if pk in homes]
            if theirs:
                found[at] = theirs[0]
        return found

    @staticmethod
    def _homes(people: set[int]) -> dict[int, int]:
        rows = HouseholdMembership.objects.filter(person__in=people, until__isnull=True)
        return dict(rows.values_list("person_id", "household_id"))

    def states(self, pks: Iterable[int], context: Context) -> dict[int, dict[str, Any]]:
        """Who lives there, and where it is."""
        wanted = list(pks)
        names = dict(Household.objects.filter(pk__in=wanted).values_list("pk", "name"))
        states: dict[int, dict[str, Any]] = {pk: {"name": names[pk], "members": [], "addresses": []} for pk in names}
        members = HouseholdMembership.objects.filter(household__in=wanted, until__isnull=True).order_by("pk")
        for pk, person in members.values_list("household_id", "person_id"):
            states[pk]["members"].append(str(person))
        for pk, *row in Address.objects.filter(household__in=wanted).values_list("household_id", *ADDRESS_PARTS):
            states[pk]["addresses"].append(address_parts(row))
        return states

    def first_state(self, item: Item) -> dict[str, Any]:
        """Its members by what the plan calls them."""
        members = item.linked("members")
        state: dict[str, Any] = {
            "name": naming.household_name([_named(record.state) for record in members]),
            "members": [record.token for record in members],
            "addresses": [],
        }
        if address := item.values.get("address"):
            state["addresses"].append(address)
        return state

    def describe(self, state: dict[str, Any]) -> str:
        """The household's name."""
        return state.get("name", "")

    def merge(self, item: Item, record: ImportRecord, context: Context) -> list[Change]:
        """Let people join; add the address when it is another. Nobody is taken out of the household they live in."""
        members = item.linked("members")
        address = item.values.get("address")
        if address:
            for person in members:
                # What the home has, they have: a later row of theirs alone brings nothing new.
                if not any(contains(each, address) for each in person.state.get("addresses", [])):
                    person.state.setdefault("addresses", []).append(address)
        if item.creates:
            for person in members:
                person.state["home"] = record.number
            return []
        is_new = record.outcome == Outcome.CREATE
        changes: list[Change] = []
        if is_new or context.mode in (ImportMode.UPDATE, ImportMode.FILL):
            elsewhere = self._homes({m.object_id for m in members if m.object_id and m.outcome != Outcome.CREATE})
            for person in members:
                if person.token in record.state["members"]:
                    person.state["home"] = record.number
                    continue
                if person.object_id in elsewhere or person.state.get("home", record.number) != record.number:
                    record.unsure = _("%(person)s lives in another household and was left there.") % {
                        "person": person.label
                    }
                    continue
                changes.append(["members", None, [person.number, person.label]])
                record.state["members"].append(person.token)
                person.state["home"] = record.number
        known = record.state["addresses"]
        may_add = is_new or context.mode == ImportMode.UPDATE or (context.mode == ImportMode.FILL and not known)
        if address and may_add and not any(contains(each, address) for each in known):
            changes.append(["addresses", None, address])
            known.append(address)
        return changes

    def create(self, creations: Sequence[Creation], context: Context) -> None:
        """Write households with their members, names and addresses, a set at a time."""
        people = Constituent.objects.in_bulk({pk for creation in creations for pk in creation.links["members"]})
        households, style = [], naming_style()
        for creation in creations:
            members = [people[pk] for pk in creation.links["members"]]
            names = naming.names_of(
                [as_named(person) for person in members], style.formats(members[0].language if members else "")
            )
            households.append(Household(**dataclasses.asdict(names)))
        Household.objects.bulk_create(households)
        memberships, addresses, drafts = [], [], []
        for creation, household in zip(creations, households, strict=True):
            creation.record.object_id = household.pk
            creation.record.label = household.name[:255]
            for place, pk in enumerate(creation.links["members"]):
                role = HouseholdRole.HEAD if place == 0 else HouseholdRole.ADULT
                memberships.append(HouseholdMembership(household=household, person_id=pk, role=role))
            if address := creation.values.get("address"):
                addresses.append(Address(household=household, **address, is_primary=True, source=context.source))
            drafts.append(
                audit.Draft(
                    verb="household.formed",
                    obj=household,
                    by=context.by,
                    new={
                        "name": household.name,
                        "people": [people[pk].display_name for pk in creation.links["members"]],
                        "import": context.run.pk,
                    },
                    label=household.name,
                )
            )
        HouseholdMembership.objects.bulk_create(memberships)
        Address.objects.bulk_create(addresses)
        audit.record_many(drafts)

    def update(self, updates: Sequence[Update], context: Context) -> None:
        """Let people join, add addresses."""
        households = Household.objects.in_bulk({update.record.object_id for update in updates})
        has_primary = set(
            Address.objects.filter(household__in=households, is_primary=True).values_list("household_id", flat=True)
        )
        memberships, addresses, drafts = [], [], []
        for update in updates:
            household = households[update.record.object_id or 0]
            for field, _old, new in update.changes:
                if field == "members":
                    memberships.append(HouseholdMembership(household=household, person_id=update.links[new[0]]))
                else:
                    primary = household.pk not in has_primary
                    has_primary.add(household.pk)
                    addresses.append(Address(household=household, **new, is_primary=primary, source=context.source))
            drafts.append(
                audit.Draft(
                    verb="household.changed",
                    obj=household,
                    by=context.by,
                    new={field: new for field, _old, new in update.changes} | {"import": context.run.pk},
                    label=household.name,
                )
            )
        HouseholdMembership.objects.bulk_create(memberships)
        Address.objects.bulk_create(addresses)
        for household in {membership.household for membership in memberships}:
            refresh_names(household)
        audit.record_many(drafts)

    def settle(self, pks: set[int], context: Context) -> None:
        """Members are found by the household's address."""
        members = HouseholdMembership.objects.filter(household__in=pks, until__isnull=True)
        # Those who were written in this chunk have been seen to, with their household in place.
        refresh_search_text(set(members.values_list("person_id", flat=True)) - context.settled)

    def remove(self, records: Sequence[ImportRecord], context: Context) -> dict[int, str]:
        """Dissolve what the import formed, unless it has changed since."""
        households = Household.objects.in_bulk([record.object_id for record in records if record.object_id])
        states = self.states(households, context)
        outcome: dict[int, str] = {}
        people: set[int] = set()
        for at, record in enumerate(records):
            household = households.get(record.object_id or 0)
            if household is None:
                outcome[at] = ""
                continue
            state = states[household.pk]
            if len(state["members"]) != len(record.state["members"]) or len(state["addresses"]) != len(
                record.state["addresses"]
            ):
                outcome[at] = _("It was changed since.")
                continue
            people.update(int(person) for person in state["members"])
            audit.record(
                "household.removed",
                household,
                by=context.by,
                old={"name": household.name},
                reason=_("Import undone"),
                deleted=True,
            )
            household.delete()
            outcome[at] = ""
        refresh_search_text(people)
        return outcome

    def restore(self, records: Sequence[ImportRecord], context: Context) -> dict[int, str]:
        """Let those leave who joined, take added addresses away."""
        households = Household.objects.in_bulk([record.object_id for record in records if record.object_id])
        numbers = {c[2][0] for record in records for c in record.changes if c[0] == "members"}
        people = dict(context.run.records.filter(number__in=numbers).values_list("number", "object_id"))
        touched: set[int] = set()
        for record in records:
            household = households.get(record.object_id or 0)
            if household is None:
                continue
            touched.update(household.memberships.filter(until__isnull=True).values_list("person_id", flat=True))
            for field, _old, new in record.changes:
                if field == "members":
                    household.memberships.filter(person=people.get(new[0]), until__isnull=True).delete()
                else:
                    household.addresses.filter(**new).delete()
            refresh_names(household)
        refresh_search_text(touched)
        return dict.fromkeys(range(len(records)), "")


def _named(state: dict[str, Any]) -> naming.Named:
    given, family = state.get("given_name", ""), state.get("family_name", "")
    preferred = state.get("preferred_name", "")
    return naming.Named(state.get("title", ""), given or preferred, family, preferred or given or family)
