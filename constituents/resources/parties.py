"""What people and organisations have in common when they come from a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db.models import F
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from constituents.folding import digits, fold
from constituents.models import (
    Address,
    Constituent,
    ContactKind,
    CustomValue,
    EmailAddress,
    ExternalId,
    HouseholdMembership,
    Phone,
    SearchEntry,
)
from constituents.models.contact import e164
from constituents.resources import custom_fields
from constituents.resources.matching import DERIVED, contradict, match, namesakes, party_name, told_apart
from constituents.services.households import refresh_names_with
from constituents.services.search_text import refresh_search_text
from core import audit
from core.imports.drafts import Change, Context, Creation, Item, Update, hashed
from core.imports.models import ImportMode, ImportRecord, Outcome
from core.imports.records import RecordType
from core.sets import insert_values

ALONE = "alone"
"""The hint of a row that is a record of its own, unless an id or an e-mail address with the name says otherwise."""

ADDRESS_PARTS = ("street", "extra", "city", "region", "postal_code", "country")


class PartyType(RecordType):
    """A constituent of one kind."""

    kind: ClassVar[str]
    scalars: ClassVar[tuple[str, ...]]
    names: ClassVar[frozenset[str]]
    """The scalars that make up the name: spelling alone does not change them."""
    address_kind: ClassVar[str] = ContactKind.HOME
    is_party = True
    shown = ("emails", "phones", "address", "website", "occupation")
    several = frozenset({"emails", "phones", "addresses", "external_ids"})
    field_labels = {
        "emails": gettext_lazy("E-mail"),
        "phones": gettext_lazy("Telephone"),
        "addresses": gettext_lazy("Address"),
        "external_ids": gettext_lazy("External id"),
        **{
            name: Constituent._meta.get_field(name).verbose_name
            for name in (
                "title",
                "given_name",
                "middle_name",
                "family_name",
                "suffix",
                "preferred_name",
                "former_names",
                "pronouns",
            )
        },
        **{
            name: Constituent._meta.get_field(name).verbose_name
            for name in ("organisation_name", "occupation", "website", "birth_year", "birth_month", "birth_day")
        },
    }

    def check(self, items: Sequence[Item], context: Context) -> None:
        """Refuse rows that name nobody and whose id is not on record; where no row may be lost, say so and go on."""
        nameless = [item for item in items if not party_name(item.values) and not item.values.get("preferred_name")]
        if not nameless:
            return
        found = match([(item.values, ()) for item in nameless], self.kind)
        for at, item in enumerate(nameless):
            if at in found:
                continue
            ids = ", ".join(value for _system, value in item.values.get("external_ids", ()))
            if ALONE in item.draft.hints:
                item.values["preferred_name"] = _("No name (%(id)s)") % {"id": ids} if ids else _("No name")
                item.row.warn(item.draft.column, _("There is no name here; the record is called so until it has one."))
            else:
                item.row.wrong(
                    item.draft.column, _("There is no name here, and nobody on record has the id %(id)s.") % {"id": ids}
                )

    # Recognising ------------------------------------------------------------------------------------------------------

    def marks(self, item: Item) -> list[str]:
        """Count rows that give nothing but a name: the same row twice is two people, but always the same two.

        Where every row is a record of its own, count whatever else they have in common as well.
        """
        if item.values.get("external_ids") or item.values.get("emails"):
            return []
        weak = self.weak_keys(item)
        if ALONE in item.draft.hints and weak:
            return [hashed(key, "times") for key in weak]
        return [] if weak else [self._row_mark(item)]

    def _row_mark(self, item: Item) -> str:
        return hashed(self.name, "row", item.draft.hints.get("row", ""), item.draft.ref, party_name(item.values))

    def weak_keys(self, item: Item) -> list[str]:
        """Return what tells the party apart where it has neither an id nor an e-mail address."""
        name = party_name(item.values)
        numbers = [digits(number).lstrip("0") for number, _kind in item.values.get("phones", ())]
        details = [("tel", number) for number in numbers]
        if postal := item.draft.hints.get("postal") or postal_hint(item.values.get("address") or {}):
            details.append(("post", postal))
        return [hashed(self.name, what, detail, name) for what, detail in details]

    def keys(self, item: Item, context: Context) -> list[str]:
        """Ids first, then e-mail addresses with the name, then other details with the name; never the name alone."""
        values = item.values
        name = party_name(values)
        strong = [hashed(self.name, "id", system, value) for system, value in values.get("external_ids", ())]
        strong += [hashed(self.name, "mail", address.lower(), name) for address, _kind in values.get("emails", ())]
        weak = self.weak_keys(item)
        alone = ALONE in item.draft.hints
        if strong:
            return strong if alone else [*strong, *weak]
        if not weak:
            mark = self._row_mark(item)
            weak = [hashed(mark, item.draft.hints.get(mark, "0"))]
        elif alone:
            # The second row with this name and number is a second person, and the second again when it comes back.
            times = [item.draft.hints.get(hashed(key, "times"), "0") for key in weak]
            weak = [key if count == "0" else hashed(key, count) for key, count in zip(weak, times, strict=True)]
        values["external_ids"] = [[context.system, DERIVED + weak[0]]]
        return weak

    def same(self, item: Item, record: ImportRecord, context: Context) -> bool:
        """Different ids of one system, different e-mail addresses or birthdays speak against it."""
        values, state = item.values, record.state
        own, other = _real_ids(values), _real_ids(state)
        if contradict(own, other):
            return False
        if own.items() & other.items():
            return True
        mine = {address.lower() for address, _kind in values.get("emails", ())}
        theirs = {address.lower() for address, _kind in state.get("emails", ())}
        if mine and theirs and not mine & theirs:
            return False
        return not told_apart(values, state)

    def apart(self, item: Item, record: ImportRecord) -> bool:
        """Different ids of one system are different records, whatever both of them match."""
        return contradict(_real_ids(item.values), _real_ids(record.state))

    def find(self, items: Sequence[Item], context: Context) -> dict[int, int]:
        """By external id, by e-mail with the name, by a derived id."""
        return match(
            [(item.values, [[context.system, DERIVED + key] for key in item.keys]) for item in items], self.kind
        )

    def find_again(self, creations: Sequence[Creation], context: Context) -> dict[int, int]:
        """Somebody may have added them since; whom the plan took for another row is not meant."""
        found = match([(creation.values, ()) for creation in creations], self.kind)
        others = context.run.records.filter(type=self.name, object_id__in=set(found.values())) if found else ()
        taken = set(others.values_list("object_id", flat=True)) if found else set()
        return {at: pk for at, pk in found.items() if pk not in taken}

    def suspect(self, items: Sequence[Item], context: Context) -> None:
        """New records with the name of somebody on record."""
        names = [sort_name(self.kind, item.values) for item in items]
        taken = namesakes(set(names), self.kind)
        for name, item in zip(names, items, strict=True):
            pk = taken.get(name)
            if pk and item.record is not None:
                item.record.unsure = _("Somebody of this name is on record already (no. %(number)s).") % {"number": pk}

    # Comparing --------------------------------------------------------------------------------------------------------

    def states(self, pks: Iterable[int], context: Context) -> dict[int, dict[str, Any]]:
        """What constituents hold, with how to reach them; a household's addresses count as theirs."""
        wanted = list(pks)
        if not wanted:
            return {}
        rows = (
            Constituent.objects.filter(pk__in=wanted).annotate(own_id=F("uuid")).values("pk", "own_id", *self.scalars)
        )
        states: dict[int, dict[str, Any]] = {
            row.pop("pk"): {name: value for name, value in row.items() if value not in ("", None)}
            | {"own_id": str(row["own_id"])}
            for row in rows
        }
        for state in states.values():
            state |= {"emails": [], "phones": [], "addresses": [], "external_ids": []}
        for pk, *email in EmailAddress.objects.filter(constituent__in=wanted).values_list(
            "constituent_id", "address", "kind"
        ):
            states[pk]["emails"].append(email)
        for pk, *phone in Phone.objects.filter(constituent__in=wanted).values_list("constituent_id", "number", "kind"):
            states[pk]["phones"].append(phone)
        for pk, *named in ExternalId.objects.filter(constituent__in=wanted).values_list(
            "constituent_id", "system", "value"
        ):
            states[pk]["external_ids"].append(named)
        for pk, parts in _addresses(wanted):
            states[pk]["addresses"].append(parts)
        for pk, path, value in custom_fields.states_of(wanted):
            states[pk][path] = value
        return states

    def first_state(self, item: Item) -> dict[str, Any]:
        """The values, with the one address as the first of several."""
        return self._state_of(item.values)

    def _facts(self, values: dict[str, Any]) -> list[str]:
        """The names of what a record has one of: its fields, and the custom fields there is a value for."""
        return [*self.scalars, *custom_fields.custom_in(values)]

    def _state_of(self, values: dict[str, Any]) -> dict[str, Any]:
        state = {key: value for key, value in values.items() if key != "address"}
        state["said"] = {name: values[name] for name in self._facts(values) if name in values}
        state["addresses"] = [values["address"]] if values.get("address") else []
        for name in ("emails", "phones", "external_ids"):
            state[name] = [list(each) for each in values.get(name, ())]
        return state

    def describe(self, state: dict[str, Any]) -> str:
        """The name in full."""
        return Constituent(kind=self.kind, **{name: state[name] for name in self.names if name in state}).full_name

    def merge(self, item: Item, record: ImportRecord, context: Context) -> list[Change]:
        """Names and facts as the mode allows; how to reach somebody is only ever added to."""
        if item.creates:
            return []
        values, state = item.values, record.state
        is_new = record.outcome == Outcome.CREATE
        changes: list[Change] = []
        said = state.setdefault("said", {})
        for name in self._facts(values):
            new, old = values.get(name, ""), state.get(name, "")
            if name == "preferred_name" and not party_name(values):
                continue  # "No name" is what a new record is called, and no news of one on file
            if new not in ("", None) and said.setdefault(name, new) != new:
                # A file that contradicts itself would change the record to and fro each time it comes.
                record.unsure = (
                    _("Row %(row)s says “%(new)s”, an earlier row “%(old)s”; the earlier one counts.")
                    % {"row": item.row.number, "new": new, "old": said[name]}
                )[:300]
                continue
            if new in ("", None) or new == old or (name in self.names and old and fold(str(new)) == fold(str(old))):
                continue
            if context.mode == ImportMode.UPDATE or (not old and (is_new or context.mode == ImportMode.FILL)):
                changes.append([name, old, new])
                state[name] = new
        may_add = is_new or context.mode == ImportMode.UPDATE
        for name, known in (("emails", _knows_email), ("phones", _knows_phone), ("addresses", _knows_address)):
            offered = [values["address"]] if name == "addresses" and values.get("address") else values.get(name, ())
            if not (may_add or (context.mode == ImportMode.FILL and not state.get(name))):
                continue
            for new in offered:
                if not known(state.get(name, []), new, context):
                    changes.append([name, None, new])
                    state.setdefault(name, []).append(new)
        if context.mode in (ImportMode.UPDATE, ImportMode.FILL) or is_new:
            for new in values.get("external_ids", ()):
                if new[1].startswith(DERIVED) or new[1] == state.get("own_id"):
                    continue
                if new not in state.get("external_ids", []):
                    changes.append(["external_ids", None, new])
                    state.setdefault("external_ids", []).append(new)
        return changes

    # Writing ----------------------------------------------------------------------------------------------------------

    def create(self, creations: Sequence[Creation], context: Context) -> None:
        """Write constituents with all their contact points, a set at a time."""
        people = []
        for creation in creations:
            facts = {name: creation.values[name] for name in self.scalars if creation.values.get(name)}
            person = Constituent(kind=self.kind, source=context.source, **facts)
            person.display_name, person.sort_name = person.full_name, person.sorting_name
            people.append(person)
        Constituent.objects.bulk_create(people)
        contact = _ContactPoints(context, self.address_kind)
        for creation, person in zip(creations, people, strict=True):
            creation.record.object_id = person.pk
            values = creation.values
            contact.add(person.pk, self._state_of(values))
        contact.save()
        custom = {c.record.object_id or 0: custom_fields.custom_in(c.values) for c in creations}
        custom_fields.write_values(custom, fresh=True)
        audit.record_many(
            audit.Draft(
                verb="constituent.added",
                obj=person,
                by=context.by,
                new={"name": person.display_name, "import": context.run.pk},
                about=person,
                label=person.display_name,
            )
            for person in people
        )

    def update(self, updates: Sequence[Update], context: Context) -> None:
        """Write changes of facts, and add contact points."""
        by_pk = Constituent.objects.in_bulk({update.record.object_id for update in updates})
        contact = _ContactPoints(context, self.address_kind)
        contact.look_at(by_pk)
        names = set()
        drafts = []
        custom: dict[int, dict[str, Any]] = defaultdict(dict)
        told = custom_fields.Telling(update.changes for update in updates)
        for update in updates:
            person = by_pk[update.record.object_id or 0]
            added: dict[str, list[Any]] = defaultdict(list)
            for field, _old, new in update.changes:
                if field in self.several:
                    added[field].append(new)
                elif field.startswith(custom_fields.PREFIX):
                    custom[person.pk][field] = new
                else:
                    setattr(person, field, new)
                    names.add(field)
            contact.add(person.pk, added)
            person.display_name, person.sort_name = person.full_name, person.sorting_name
            drafts.append(
                audit.Draft(
                    verb="constituent.changed",
                    obj=person,
                    by=context.by,
                    old=told(update.changes, 1),
                    new=told(update.changes, 2) | {"import": context.run.pk},
                    about=person,
                    label=person.display_name,
                )
            )
        if names:
            fields = [*names, "display_name", "sort_name"]
            Constituent.objects.bulk_update(by_pk.values(), fields, batch_size=200)
            refresh_names_with(by_pk)
        contact.save()
        custom_fields.write_values(custom, fresh=False)
        audit.record_many(drafts)

    def settle(self, pks: set[int], context: Context) -> None:
        """Keep the search box true."""
        refresh_search_text(pks)
        context.settled |= pks

    # Taking back ------------------------------------------------------------------------------------------------------

    def remove(self, records: Sequence[ImportRecord], context: Context) -> dict[int, str]:
        """Delete whom the import created, unless they were changed or something else has come to hang on them since."""
        people = Constituent.objects.in_bulk([record.object_id for record in records if record.object_id])
        states = self.states(people, context)
        hanging = what_hangs_on(people)
        outcome, gone = {}, []
        for at, record in enumerate(records):
            pk = record.object_id or 0
            outcome[at] = ""
            if pk not in people:
                continue
            if people[pk].user_id:
                outcome[at] = _("Somebody signs in as this record.")
            elif pk in hanging:
                outcome[at] = hanging[pk]
            elif _comparable(states[pk]) != _comparable(record.state):
                outcome[at] = _("It was changed since.")
            else:
                gone.append(people[pk])
        audit.record_many(
            audit.Draft(
                verb="constituent.removed",
                obj=person,
                by=context.by,
                old={"name": person.display_name},
                reason=_("Import undone"),
                deleted=True,
                label=person.display_name,
            )
            for person in gone
        )
        Constituent.objects.filter(pk__in=[person.pk for person in gone]).delete()
        return outcome

    def restore(self, records: Sequence[ImportRecord], context: Context) -> dict[int, str]:
        """Give fields their old values back and take added contact points away, unless touched since."""
        people = Constituent.objects.in_bulk([record.object_id for record in records if record.object_id])
        outcome = {}
        for at, record in enumerate(records):
            person = people.get(record.object_id or 0)
            outcome[at] = "" if person is None else self._restore_one(person, record, context)
        refresh_search_text(people)
        return outcome

    def _restore_one(self, person: Constituent, record: ImportRecord, context: Context) -> str:
        left, restored = [], {}
        own = [change for change in record.changes if change[0].startswith(custom_fields.PREFIX)]
        left += [self.label_of(path, context.run) for path in custom_fields.take_back(person.pk, own)] if own else []
        for field, old, new in reversed(record.changes):
            if field.startswith(custom_fields.PREFIX):
                continue
            if field in self.several:
                if not _take_away(person, field, new):
                    left.append(self.label_of(field, context.run))
            elif _plain(getattr(person, field)) == _plain(new):
                empty = None if person._meta.get_field(field).null else ""
                setattr(person, field, empty if old in ("", None) else old)
                restored[field] = old
            else:
                left.append(self.label_of(field, context.run))
        person.save()
        audit.record(
            "constituent.changed", person, by=context.by, new=restored, reason=_("Import undone"), about=person
        )
        if left:
            return _("Changed since, and left alone: %(fields)s.") % {"fields": ", ".join(dict.fromkeys(left))}
        return ""


class _ContactPoints:
    """Contact points to be written for many constituents; the first of a kind is the one used first."""

    def __init__(self, context: Context, address_kind: str) -> None:
        self.context = context
        self.address_kind = address_kind
        self.emails: list[dict[str, Any]] = []
        self.phones: list[dict[str, Any]] = []
        self.addresses: list[dict[str, Any]] = []
        self.ids: list[dict[str, Any]] = []
        self.has_primary: dict[type, set[int]] = {EmailAddress: set(), Phone: set(), Address: set()}

    def look_at(self, pks: Iterable[int]) -> None:
        """Find out who has contact points used first already."""
        for model, owners in self.has_primary.items():
            rows = model.objects.filter(constituent__in=list(pks), is_primary=True)  # type: ignore[attr-defined]
            owners.update(rows.values_list("constituent_id", flat=True))

    def _first(self, model: type, pk: int) -> bool:
        if pk in self.has_primary[model]:
            return False
        self.has_primary[model].add(pk)
        return True

    def add(self, pk: int, added: dict[str, Any]) -> None:
        """Take down what is to be added for one constituent."""
        source = self.context.source
        seen: set[str] = set()
        for address, kind in added.get("emails", ()):
            if address.lower() not in seen:
                seen.add(address.lower())
                primary = self._first(EmailAddress, pk)
                self.emails.append(_owned(pk, source, address=address, kind=kind, is_primary=primary))
        for number, kind in added.get("phones", ()):
            if number not in seen:
                seen.add(number)
                international = e164(number, self.context.country)
                primary = self._first(Phone, pk)
                self.phones.append(_owned(pk, source, number=number, e164=international, kind=kind, is_primary=primary))
        for parts in added.get("addresses", ()):
            primary = self._first(Address, pk)
            self.addresses.append(_owned(pk, source, **parts, kind=self.address_kind, is_primary=primary))
        for system, value in added.get("external_ids", ()):
            self.ids.append({"constituent_id": pk, "system": system, "value": value})

    def save(self) -> None:
        """Write them all."""
        insert_values(EmailAddress, self.emails)
        insert_values(Phone, self.phones)
        insert_values(Address, self.addresses)
        insert_values(ExternalId, self.ids)


def _owned(pk: int, source: str, **values: Any) -> dict[str, Any]:
    return {"constituent_id": pk, "source": source, **values}


def sort_name(kind: str, values: dict[str, Any]) -> str:
    """Return what lists sort a party with these values by."""
    names = ("given_name", "middle_name", "family_name", "preferred_name", "organisation_name")
    return Constituent(kind=kind, **{name: values[name] for name in names if values.get(name)}).sorting_name


def postal_hint(address: dict[str, str]) -> str:
    """Return where an address is, in few letters, or nothing when it does not say enough."""
    street = fold(address.get("street", ""))
    place = fold(address.get("postal_code", "")) or fold(address.get("city", ""))
    return f"{street}|{place}" if street and place else ""


def _real_ids(values: dict[str, Any]) -> dict[str, str]:
    return {system: value for system, value in values.get("external_ids", ()) if not value.startswith(DERIVED)}


def _knows_email(known: list[list[str]], new: list[str], context: Context) -> bool:
    return any(address.lower() == new[0].lower() for address, _kind in known)


def _knows_phone(known: list[list[str]], new: list[str], context: Context) -> bool:
    if not known:
        return False
    number = digits(new[0]).lstrip("0")
    if any(digits(each).lstrip("0") == number for each, _kind in known):
        return True
    international = e164(new[0], context.country)
    return bool(international) and any(e164(each, context.country) == international for each, _kind in known)


def _knows_address(known: list[dict[str, str]], new: dict[str, str], context: Context) -> bool:
    return any(contains(old, new) for old in known)


def contains(old: dict[str, str], new: dict[str, str]) -> bool:
    """Whether an address says everything another says."""
    return all(
        fold(str(old.get(part, ""))).replace(" ", "") == fold(str(value)).replace(" ", "")
        for part, value in new.items()
        if value
    )


def address_parts(row: Sequence[Any]) -> dict[str, str]:
    """Return the filled parts of an address from a row of its columns."""
    return {part: str(value) for part, value in zip(ADDRESS_PARTS, row, strict=True) if value}


def _addresses(pks: list[int]) -> Iterable[tuple[int, dict[str, str]]]:
    for pk, *row in Address.objects.filter(constituent__in=pks).values_list("constituent_id", *ADDRESS_PARTS):
        yield pk, address_parts(row)
    homes = HouseholdMembership.objects.filter(person__in=pks, until__isnull=True, household__addresses__isnull=False)
    for pk, *row in homes.values_list("person_id", *(f"household__addresses__{part}" for part in ADDRESS_PARTS)):
        yield pk, address_parts(row)


def _comparable(state: dict[str, Any]) -> dict[str, Any]:
    """The state without what a household lends or the order of rows decides."""
    plain = {key: value for key, value in state.items() if value and key not in ("addresses", "own_id", "said", "home")}
    for name in ("emails", "phones", "external_ids"):
        if name in plain:
            plain[name] = sorted(map(list, plain[name]))
    return plain


def _plain(value: Any) -> Any:
    return "" if value is None else value


# Rows that rooms above keep about every constituent and can make anew: they hold nobody back.
kept_about_everybody: set[str] = {SearchEntry._meta.label}


def what_hangs_on(pks: Iterable[int]) -> dict[int, str]:
    """Return, for those something else refers to, what that is in words."""
    wanted = list(pks)
    hanging: dict[int, str] = {}
    for relation in Constituent._meta.related_objects:
        model = relation.related_model
        if (
            model in (EmailAddress, Phone, Address, ExternalId, CustomValue)
            or model._meta.label in kept_about_everybody
        ):
            continue
        name = relation.field.name
        rows = model._base_manager.filter(**{f"{name}__in": wanted}).order_by().values_list(name, flat=True)
        for pk in rows.distinct():
            hanging.setdefault(pk, _("%(things)s refer to it.") % {"things": capfirst(model._meta.verbose_name_plural)})
    return hanging


def _take_away(person: Constituent, field: str, new: Any) -> bool:
    match field:
        case "emails":
            rows = person.emails.filter(address=new[0])
        case "phones":
            rows = person.phones.filter(number=new[0])
        case "external_ids":
            rows = person.external_ids.filter(system=new[0], value=new[1])
        case _:
            rows = person.addresses.filter(**new)
    return bool(rows.delete()[0])
