"""What an import adds and never changes: promises, recognition, declarations. What differs is listed for somebody."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from constituents.models import Constituent
from core.imports.drafts import Change, Context, Creation, Item, hashed
from core.imports.models import ImportRecord
from core.imports.records import RecordType
from donations.errors import DonationsError

#: Begins an id made up for a record whose file has none, so that a second run finds it.
DERIVED = "~"


class KeptType(RecordType):
    """A record of somebody (in the role `donor`) that the file names by an id, or by what it says."""

    facts: ClassVar[tuple[str, ...]] = ()
    """What it is known by, with whose it is, where the file has no id; and what must agree with what is on record."""

    def keys(self, item: Item, context: Context) -> list[str]:
        """The id; without one, whose it is and what it says."""
        if item.values.get("external_id"):
            return [hashed(self.name, "id", context.system, item.values["external_id"])]
        donors = item.linked("donor")
        return [hashed(self.name, str(donors[0].number) if donors else "", *self._said(item.values))]

    def _said(self, values: dict[str, Any]) -> list[str]:
        return [str(values.get(fact, "")) for fact in self.facts]

    def find(self, items: Sequence[Item], context: Context) -> dict[int, int]:
        """Among what is on record of these people."""
        parties = []
        for item in items:
            donors = item.linked("donor")
            parties.append((item.values, donors[0].object_id if donors else None))
        return self.on_record(parties, context)

    def find_again(self, creations: Sequence[Creation], context: Context) -> dict[int, int]:
        """Another import may have brought it since."""
        return self.on_record([(creation.values, creation.links["donor"][0]) for creation in creations], context)

    @abstractmethod
    def on_record(self, rows: Sequence[tuple[dict[str, Any], int | None]], context: Context) -> dict[int, int]:
        """Return, by position, the keys of those on record; each row is what the file says and whose it is."""

    def merge(self, item: Item, record: ImportRecord, context: Context) -> list[Change]:
        """Leave what is on record as it is; say what the file says otherwise."""
        if not item.creates:
            differing = [fact for fact in self.facts if item.values.get(fact, "") != record.state.get(fact, "")]
            if differing:
                record.unsure = _("The file says %(file)s, on record is %(record)s; it was left alone.") % {
                    "file": ", ".join(str(item.values.get(fact, "")) for fact in differing),
                    "record": ", ".join(str(record.state.get(fact, "")) for fact in differing),
                }
        return []

    def create(self, creations: Sequence[Creation], context: Context) -> None:
        """Write each by the verb that staff use."""
        donors = Constituent.objects.in_bulk({creation.links["donor"][0] for creation in creations})
        for creation in creations:
            creation.record.object_id = self.write(creation, donors[creation.links["donor"][0]], context)

    @abstractmethod
    def write(self, creation: Creation, donor: Constituent, context: Context) -> int:
        """Write one; return its key."""

    def remove(self, records: Sequence[ImportRecord], context: Context) -> dict[int, str]:
        """Take each back; say why one stays."""
        outcome = {}
        for at, record in enumerate(records):
            try:
                outcome[at] = self.take_back(record.object_id or 0, context)
            except DonationsError as error:
                outcome[at] = str(error)
        return outcome

    @abstractmethod
    def take_back(self, pk: int, context: Context) -> str:
        """Take one back; return why it stays, or nothing. May raise DonationsError, which says so."""
