"""Planning: every row is matched and compared with what is on record, and what will happen is written down.

A chunk of rows is planned and committed at a time, so no lock is held for long and a killed plan goes on where it
stopped. Within a chunk each record type is asked in order which of its items are one record and which are on file;
then, row by row, each record's state is brought to what the row says. The changes that takes are the plan.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Count, Max

from core.imports.drafts import Context, Item, RowPlan
from core.imports.errors import ImportGoesOnElsewhere, ImportStateError
from core.imports.formats import format_named
from core.imports.models import (
    ImportKey,
    ImportMode,
    ImportRecord,
    ImportRow,
    ImportRun,
    ImportState,
    Outcome,
    RowState,
)
from core.imports.recognition import table_of
from core.imports.records import RecordType, record_type, record_types
from core.imports.rows import RowBuilder
from core.imports.summary import summarise
from core.organisation import current_organisation
from core.sets import insert_rows, insert_values, update_rows

CHUNK = 500


class Steps(Protocol):
    """What counts steps: a job's progress, or nothing."""

    def total(self, steps: int) -> None:
        """Say how many steps there are."""

    def advance(self, steps: int = 1) -> None:
        """Count steps done."""


class Silent:
    """Counts nothing."""

    def total(self, steps: int) -> None:
        """Take no notice."""

    def advance(self, steps: int = 1) -> None:
        """Take no notice."""


def context_of(run: ImportRun) -> Context:
    """Return what record types need to know of the run."""
    organisation = current_organisation()
    return Context(
        run=run,
        by=run.created_by,
        system=run.system,
        mode=run.mode,
        currency=organisation.base_currency,
        country=str(organisation.country),
        source=f"{run.file_name}"[:120],
    )


def plan_import(run: ImportRun, progress: Steps | None = None) -> None:
    """Plan every row; goes on after the last planned one. Raises ImportStateError once the import has run."""
    progress = progress or Silent()
    if run.state not in (ImportState.UPLOADED, ImportState.PLANNING):
        raise ImportStateError
    if run.state == ImportState.UPLOADED:
        run.state, run.position = ImportState.PLANNING, 0
        run.save(update_fields=["state", "position"])
    progress.total(run.recognised["rows"])
    builder = RowBuilder(run, format_named(run.kind))
    context = context_of(run)
    with table_of(run) as table:
        progress.advance(ImportRow.objects.filter(run=run).count())
        rows = (row for row in table if row.number > run.position)
        while chunk := list(islice(rows, CHUNK)):
            _plan_chunk(context, [builder.build(row) for row in chunk])
            progress.advance(len(chunk))
    run.state, run.position = ImportState.PLANNED, 0
    run.summary = summarise(run)
    run.save(update_fields=["state", "position", "summary"])


def forget_plan(run: ImportRun) -> None:
    """Throw the plan away, to make another with other answers."""
    if run.state not in (ImportState.UPLOADED, ImportState.PLANNING, ImportState.PLANNED):
        raise ImportStateError
    with transaction.atomic():
        for related in (run.keys, run.records, run.rows):
            related.all().delete()
        run.state, run.position, run.summary, run.error = ImportState.UPLOADED, 0, {}, ""
        run.save(update_fields=["state", "position", "summary", "error"])


def hold(run: ImportRun) -> None:
    """Lock the import for this transaction. Raises ImportGoesOnElsewhere when another worker is further than we are."""
    stored = ImportRun.objects.select_for_update().get(pk=run.pk)
    if (stored.state, stored.position) != (run.state, run.position):
        raise ImportGoesOnElsewhere


@transaction.atomic
def _plan_chunk(context: Context, rows: Sequence[RowPlan]) -> None:
    run = context.run
    hold(run)
    for row in rows:
        row.items = {draft.ref: Item(draft, row) for draft in row.drafts}
        for item in row.items.values():
            item.links = {
                role: [row.items[ref] for ref in refs if ref in row.items] for role, refs in item.draft.links.items()
            }
    by_type: dict[str, list[Item]] = defaultdict(list)
    for item in _items(rows):
        by_type[item.draft.type].append(item)
    for kind in record_types():
        if items := by_type.get(kind.name):
            kind.check(items, context)
    book = _Book(context)
    for kind in record_types():
        if items := [item for item in by_type.get(kind.name, ()) if not item.row.problems]:
            book.identify(kind, items)
    skipped = _rows_to_skip(rows) if context.mode == ImportMode.SKIP else set()
    if skipped:
        book.leave_out(skipped, rows)
    for row in rows:
        if not row.problems and row.number not in skipped:
            _compare_row(row, context)
    book.suspect()
    book.save()
    insert_values(
        ImportRow,
        [
            {
                "run_id": run.pk,
                "number": row.number,
                "cells": row.cells,
                "actions": [] if row.problems else [_action(item) for item in row.items.values()],
                "problems": row.problems,
                "warnings": row.warnings,
                "state": (RowState.WRONG if row.problems else RowState.PLANNED).value,
            }
            for row in rows
        ],
    )
    run.position = rows[-1].number
    run.save(update_fields=["position"])


def _items(rows: Iterable[RowPlan]) -> Iterator[Item]:
    for row in rows:
        if not row.problems:
            yield from row.items.values()


def _rows_to_skip(rows: Iterable[RowPlan]) -> set[int]:
    """The rows about somebody who is on record already."""
    return {
        item.row.number
        for item in _items(rows)
        if item.record is not None and item.record.outcome != Outcome.CREATE and record_type(item.draft.type).is_party
    }


def _compare_row(row: RowPlan, context: Context) -> None:
    for item in sorted(row.items.values(), key=lambda item: record_type(item.draft.type).order):
        record = item.record
        if record is None:
            continue
        item.changes = record_type(item.draft.type).merge(item, record, context)
        if item.changes and record.outcome != Outcome.CREATE:
            record.outcome = Outcome.UPDATE
            record.changes = [*record.changes, *item.changes]


def _action(item: Item) -> dict[str, Any]:
    action: dict[str, Any] = {"type": item.draft.type, "record": item.record.number if item.record else 0}
    if item.creates:
        action |= {"do": "create", "values": item.values}
    elif item.changes:
        action |= {"do": "update", "changes": item.changes}
    if "do" in action and item.links:
        action["links"] = {role: [linked.number for linked in item.linked(role)] for role in item.links}
    return action


class _Book:
    """Which records the plan knows, for the length of one chunk."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.run = context.run
        self.next_number = (self.run.records.aggregate(last=Max("number"))["last"] or 0) + 1
        self.records: dict[int, ImportRecord] = {}
        self.new: list[ImportRecord] = []
        self.keys: dict[str, int] = {}
        self.new_keys: dict[str, int] = {}
        self.new_items: dict[str, list[Item]] = defaultdict(list)
        self.marked: list[Item] = []

    def identify(self, kind: RecordType, items: list[Item]) -> None:
        """Give every item its record: one the plan knows, one on file, or a new one."""
        self._count_marks(kind, items)
        for item in items:
            item.keys = kind.keys(item, self.context)
        self._fetch({key for item in items for key in item.keys})
        unknown: list[Item] = []
        for item in items:
            record = self._known(kind, item)
            if record is None:
                record = self._add(kind, item)
                unknown.append(item)
            item.record = record
            self._remember(item.keys, record)
        self._look_up(kind, unknown, items)

    def _count_marks(self, kind: RecordType, items: list[Item]) -> None:
        for item in items:
            item.marks = kind.marks(item)
        self.marked += [item for item in items if item.marks]
        marks = {mark for item in items for mark in item.marks}
        if not marks:
            return
        earlier = dict(
            ImportKey.objects.filter(run=self.run, key__in=marks)
            .values_list("key")
            .annotate(times=Count("pk"))
            .order_by()
        )
        self.context.occurrences = Counter(earlier)
        for item in items:
            for mark in item.marks:
                times = self.context.occurrences[mark]
                item.draft.hints[mark] = str(times)
                self.context.occurrences[mark] = times + 1

    def _fetch(self, keys: set[str]) -> None:
        wanted = keys - self.keys.keys()
        found = dict(ImportKey.objects.filter(run=self.run, key__in=wanted).values_list("key", "record_number"))
        numbers = set(found.values()) - self.records.keys()
        self.records |= {record.number: record for record in self.run.records.filter(number__in=numbers)}
        self.keys |= found

    def _known(self, kind: RecordType, item: Item) -> ImportRecord | None:
        for key in item.keys:
            number = self.keys.get(key)
            if number is not None and kind.same(item, self.records[number], self.context):
                return self.records[number]
        return None

    def _add(self, kind: RecordType, item: Item) -> ImportRecord:
        record = ImportRecord(
            run=self.run,
            number=self.next_number,
            type=kind.name,
            outcome=Outcome.CREATE,
            state=kind.first_state(item),
            first_row=item.row.number,
        )
        self.next_number += 1
        self.records[record.number] = record
        self.new.append(record)
        return record

    def _remember(self, keys: Iterable[str], record: ImportRecord) -> None:
        for key in keys:
            if key not in self.keys:
                self.keys[key] = record.number
                self.new_keys[key] = record.number

    def _look_up(self, kind: RecordType, unknown: list[Item], items: list[Item]) -> None:
        """Find which of the records new to the plan are on file, and load what those hold."""
        found = kind.find(unknown, self.context) if unknown else {}
        pk_keys = {at: f"#{kind.name}:{pk}" for at, pk in found.items()}
        self._fetch(set(pk_keys.values()))
        replaced: dict[int, ImportRecord] = {}
        to_load: dict[int, ImportRecord] = {}
        for at, pk in found.items():
            record = unknown[at].record
            if record is None:
                continue
            number = self.keys.get(pk_keys[at])
            if number is not None and number != record.number:
                if kind.apart(unknown[at], self.records[number]):
                    continue
                replaced[record.number] = self.records[number]
                continue
            record.object_id, record.outcome = pk, Outcome.SAME
            to_load[pk] = record
            self._remember([pk_keys[at]], record)
        if replaced:
            self._replace(replaced, items)
        for pk, state in kind.states(to_load, self.context).items():
            to_load[pk].state = state
        creating = set()
        for item in unknown:
            record = item.record
            if record is not None and record.outcome == Outcome.CREATE and record.number not in creating:
                item.creates = True
                creating.add(record.number)
                self.new_items[kind.name].append(item)
            if record is not None:
                record.label = kind.describe(record.state)[:255]

    def _replace(self, replaced: dict[int, ImportRecord], items: list[Item]) -> None:
        """Two items that looked like two records turned out to be one on file."""
        for item in items:
            if item.record is not None and item.record.number in replaced:
                item.record = replaced[item.record.number]
        for number, record in replaced.items():
            self.new.remove(self.records.pop(number))
            for key, known in self.keys.items():
                if known == number:
                    self.keys[key] = record.number
            for key, known in self.new_keys.items():
                if known == number:
                    self.new_keys[key] = record.number

    def suspect(self) -> None:
        """Let each type say of its new records why somebody should look at them."""
        for name, items in self.new_items.items():
            record_type(name).suspect(items, self.context)

    def leave_out(self, skipped: set[int], rows: Iterable[RowPlan]) -> None:
        """Do not create what only skipped rows speak of."""
        creators: dict[int, Item] = {}
        for item in _items(rows):
            item.creates = False
            if item.record is not None and item.row.number not in skipped:
                creators.setdefault(item.record.number, item)
        gone = {record.number for record in self.new if record.outcome == Outcome.CREATE} - creators.keys()
        for record in self.new:
            if record.outcome == Outcome.CREATE and record.number in creators:
                creators[record.number].creates = True
        self.new = [record for record in self.new if record.number not in gone]
        self.new_keys = {key: number for key, number in self.new_keys.items() if number not in gone}
        for items in self.new_items.values():
            items[:] = [item for item in items if item.creates]

    def save(self) -> None:
        """Write the chunk's records and keys."""
        fresh = {id(record) for record in self.new}
        ImportRecord.objects.bulk_create(self.new)
        earlier = [record for record in self.records.values() if id(record) not in fresh]
        update_rows(earlier, ["state", "outcome", "unsure", "changes"])
        marks = [(mark, item.record.number) for item in self.marked for mark in item.marks if item.record is not None]
        keys = [*((key, number) for key, number in self.new_keys.items()), *marks]
        insert_rows(ImportKey, ["run", "key", "record_number"], ((self.run.pk, key, number) for key, number in keys))
