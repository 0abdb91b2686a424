"""What passes between the parts of the engine: drafts from formats, items while planning, orders while writing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.imports.models import ImportRecord, ImportRun

Change = list[Any]
"""Field, old value, new value. For what a record has several of, old is None and new is the one added."""


def hashed(*parts: str) -> str:
    """Return a short hash of the parts; no two lists of parts share a text."""
    text = "\x1f".join(parts)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


@dataclass(slots=True)
class Draft:
    """A record as one row of the file describes it; values are JSON's own types, blank ones left out."""

    type: str
    ref: str
    """What the other drafts of the row call it."""
    values: dict[str, Any]
    links: dict[str, list[str]] = field(default_factory=dict)
    """By role, the drafts of the row it belongs with."""
    hints: dict[str, str] = field(default_factory=dict)
    """What helps to tell it from others and is not kept on it."""
    column: str = ""
    """The column to name when the record as a whole is wrong."""


@dataclass(slots=True)
class RowPlan:
    """One row on its way into the plan."""

    number: int
    cells: list[str]
    drafts: list[Draft] = field(default_factory=list)
    problems: list[dict[str, str]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    items: dict[str, Item] = field(default_factory=dict)

    def warn(self, column: str, message: str, *, kept: dict[str, Any] | None = None) -> None:
        """Let the row in with a word about a cell, and about the field that keeps it as it was written."""
        self.warnings.append({"column": column, "message": message, **({"kept": kept} if kept else {})})

    def wrong(self, column: str, message: str) -> None:
        """Refuse the row for what stands in the column."""
        self.problems.append({"column": column, "message": message})


@dataclass(slots=True)
class Item:
    """A draft while it is planned: which record it is, and what it would change."""

    draft: Draft
    row: RowPlan
    links: dict[str, list[Item]] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    """What it is recognised by within the file, strongest first."""
    marks: list[str] = field(default_factory=list)
    """What is counted about it within the file, without identifying it."""
    record: ImportRecord | None = None
    creates: bool = False
    changes: list[Change] = field(default_factory=list)

    @property
    def values(self) -> dict[str, Any]:
        """The draft's values."""
        return self.draft.values

    def linked(self, role: str) -> list[ImportRecord]:
        """The records in a role."""
        return [item.record for item in self.links.get(role, ()) if item.record is not None]


@dataclass(slots=True)
class Creation:
    """The order to write a new record."""

    record: ImportRecord
    values: dict[str, Any]
    links: Mapping[str, list[int]]
    """By role, the primary keys of the records it belongs with."""
    row: int


@dataclass(slots=True)
class Update:
    """The order to change a record."""

    record: ImportRecord
    changes: list[Change]
    row: int
    links: Mapping[int, int] = field(default_factory=dict)
    """Primary keys by the numbers of records that stand in the changes."""


@dataclass(slots=True)
class Context:
    """What every record type may need to know of the import under way."""

    run: ImportRun
    by: Any
    system: str
    mode: str
    currency: str
    country: str
    source: str
    occurrences: Mapping[str, int] = field(default_factory=dict)
    """How often a mark was seen in earlier rows of the file."""
    settled: set[int] = field(default_factory=set)
    """Constituents whose search text was brought up to date in this chunk."""
