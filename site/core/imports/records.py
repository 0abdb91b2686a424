"""Record types: what a file can bring, and how records of one type are recognised, compared, written and taken back.

A room that owns records subclasses `RecordType` in its `resources` and registers it in its `AppConfig.ready()`. Every
method works on sets: a chunk of some hundred rows at a time, in a constant number of queries. What a type has nothing
to say about it leaves as it is here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.utils.functional import Promise

from core.imports.drafts import Change, Context, Creation, Item, Update
from core.imports.models import ImportRecord, ImportRun


class RecordType(ABC):
    """One type of record an import can write."""

    name: ClassVar[str]
    label: ClassVar[str | Promise]
    label_plural: ClassVar[str | Promise]
    order: ClassVar[int] = 100
    """Types are written in this order, and taken back in the opposite one."""
    is_party: ClassVar[bool] = False
    """Whether it is somebody: a row about somebody on record may be left out."""
    several: ClassVar[frozenset[str]] = frozenset()
    """The fields of which a record has several: a change of one adds to them."""
    shown: ClassVar[tuple[str, ...]] = ()
    """The values a preview shows of a new record, beside what it is called."""
    field_labels: ClassVar[dict[str, str | Promise]] = {}

    def label_of(self, field: str, run: ImportRun) -> str:
        """Return what a field of the record is called, custom ones by what the run calls them."""
        if field in self.field_labels:
            return str(self.field_labels[field])
        known = (column["label"] for column in run.recognised.get("columns", ()) if column["field"] == field)
        return next(known, field.partition(".")[2].replace("_", " ").capitalize() if "." in field else field)

    def check(self, items: Sequence[Item], context: Context) -> None:  # noqa: B027
        """Refuse the rows of items that cannot be written, before any of their drafts is planned."""

    def marks(self, item: Item) -> list[str]:
        """Return hashes of what is counted about the item within the file; its links have their records by now."""
        return []

    @abstractmethod
    def keys(self, item: Item, context: Context) -> list[str]:
        """Return hashes of what identifies the item within the file, strongest first."""

    def same(self, item: Item, record: ImportRecord, context: Context) -> bool:
        """Whether nothing speaks against the item being the record that shares a key with it."""
        return True

    def apart(self, item: Item, record: ImportRecord) -> bool:
        """Whether the item cannot be this record, though both were found to be the same one on file."""
        return False

    @abstractmethod
    def find(self, items: Sequence[Item], context: Context) -> dict[int, int]:
        """Return, by position in `items`, the primary key of the record on file that each is."""

    def find_again(self, creations: Sequence[Creation], context: Context) -> dict[int, int]:
        """Return, by position, the primary keys of records that came on file after the plan was made."""
        return {}

    @abstractmethod
    def states(self, pks: Iterable[int], context: Context) -> dict[int, dict[str, Any]]:
        """Return what the records hold, by primary key, in the shape of a draft's values."""

    @abstractmethod
    def merge(self, item: Item, record: ImportRecord, context: Context) -> list[Change]:
        """Bring the record's planned state to what the item says, as far as the mode allows; return the changes."""

    def first_state(self, item: Item) -> dict[str, Any]:
        """Return the state of a record the item creates."""
        return dict(item.values)

    @abstractmethod
    def describe(self, state: dict[str, Any]) -> str:
        """Return what to call a record with this state."""

    def suspect(self, items: Sequence[Item], context: Context) -> None:  # noqa: B027
        """Say of new records why somebody should look at them, in `record.unsure`."""

    @abstractmethod
    def create(self, creations: Sequence[Creation], context: Context) -> None:
        """Write new records and put their primary keys in `creation.record.object_id`."""

    def update(self, updates: Sequence[Update], context: Context) -> None:  # noqa: B027
        """Write changes to records on file."""

    def settle(self, pks: set[int], context: Context) -> None:  # noqa: B027
        """Bring what is kept about touched records (search text, names) up to date, at the end of a chunk."""

    @abstractmethod
    def remove(self, records: Sequence[ImportRecord], context: Context) -> dict[int, str]:
        """Take back created records; return, by position, why one was kept ("" when it is gone)."""

    def restore(self, records: Sequence[ImportRecord], context: Context) -> dict[int, str]:
        """Take back changes of records, unless touched since; return, by position, what was left and why."""
        return {}


_types: dict[str, RecordType] = {}


def register_record_type(record_type: RecordType) -> None:
    """Let imports write records of this type."""
    _types[record_type.name] = record_type


def record_type(name: str) -> RecordType:
    """Return the record type of that name."""
    return _types[name]


def record_types() -> list[RecordType]:
    """Return every record type in the order they are written."""
    return sorted(_types.values(), key=lambda each: (each.order, each.name))
