"""Who in a file is whom: the same party in two rows, and the record on file that a row is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from constituents.folding import digits
from constituents.models import Constituent
from constituents.resources.matching import DERIVED, contradict, match, namesakes, party_name, told_apart
from constituents.resources.reaching import postal_hint
from core.imports.drafts import Context, Creation, Item, hashed
from core.imports.models import ImportRecord
from core.imports.records import RecordType

ALONE = "alone"
"""The hint of a row that is a record of its own, unless an id or an e-mail address with the name says otherwise."""


class RecognisedParty(RecordType):
    """A party of one kind, recognised by ids, then by e-mail address with the name, then by other details with it."""

    kind: ClassVar[str]

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
        if not found:
            return {}
        others = context.run.records.filter(type=self.name, object_id__in=set(found.values()))
        taken = set(others.values_list("object_id", flat=True))
        return {at: pk for at, pk in found.items() if pk not in taken}

    def suspect(self, items: Sequence[Item], context: Context) -> None:
        """New records with the name of somebody on record."""
        names = [sort_name(self.kind, item.values) for item in items]
        taken = namesakes(set(names), self.kind)
        for name, item in zip(names, items, strict=True):
            pk = taken.get(name)
            if pk and item.record is not None:
                item.record.unsure = _("Somebody of this name is on record already (no. %(number)s).") % {"number": pk}


def sort_name(kind: str, values: dict[str, Any]) -> str:
    """Return what lists sort a party with these values by."""
    names = ("given_name", "middle_name", "family_name", "preferred_name", "organisation_name")
    return Constituent(kind=kind, **{name: values[name] for name in names if values.get(name)}).sorting_name


def _real_ids(values: dict[str, Any]) -> dict[str, str]:
    return {system: value for system, value in values.get("external_ids", ()) if not value.startswith(DERIVED)}
