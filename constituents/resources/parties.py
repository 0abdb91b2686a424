"""What people and organisations have in common when they come from a file: what they hold, and how it is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, cast

from django.db.models import F, Field
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from constituents.folding import fold
from constituents.models import Constituent, ContactKind, EmailAddress, ExternalId, Phone
from constituents.resources import custom_fields
from constituents.resources.matching import DERIVED, party_name
from constituents.resources.reaching import KNOWS, ContactPoints, addresses_of
from constituents.resources.recognising import RecognisedParty
from constituents.resources.undoing import RestorableParty
from constituents.services.households import refresh_names_with
from constituents.services.search_text import refresh_search_text
from core import audit
from core.imports.drafts import Change, Context, Creation, Item, Update
from core.imports.models import ImportMode, ImportRecord, Outcome


def _called(name: str) -> Any:
    return cast("Field[Any, Any]", Constituent._meta.get_field(name)).verbose_name


class PartyType(RecognisedParty, RestorableParty):
    """A constituent of one kind."""

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
            name: _called(name)
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
            name: _called(name)
            for name in ("organisation_name", "occupation", "website", "birth_year", "birth_month", "birth_day")
        },
    }

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
        for pk, parts in addresses_of(wanted):
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
        for name, known in KNOWS:
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

    def create(self, creations: Sequence[Creation], context: Context) -> None:
        """Write constituents with all their contact points, a set at a time."""
        people = []
        for creation in creations:
            facts = {name: creation.values[name] for name in self.scalars if creation.values.get(name)}
            person = Constituent(kind=self.kind, source=context.source, **facts)
            person.display_name, person.sort_name = person.full_name, person.sorting_name
            people.append(person)
        Constituent.objects.bulk_create(people)
        contact = ContactPoints(context, self.address_kind)
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
        contact = ContactPoints(context, self.address_kind)
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
