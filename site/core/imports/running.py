"""Running: the plan is written a chunk of rows at a time, each chunk together with how far the import has come.

What changed since the plan was made is looked at again: a record somebody added meanwhile is taken instead of another,
and a value somebody changed meanwhile is left alone and listed. A chunk that the database refuses is tried again in
halves, so that one bad row costs only itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from core import audit, clock
from core.errors import DomainError
from core.imports.drafts import Change, Context, Creation, Draft, Item, RowPlan, Update
from core.imports.errors import ImportProblem, ImportStateError
from core.imports.formats import format_named
from core.imports.models import ImportRecord, ImportRow, ImportRun, ImportState, Outcome, RowState
from core.imports.planning import Silent, Steps, context_of, hold
from core.imports.records import RecordType, record_types
from core.imports.summary import summarise
from core.sets import update_rows

CHUNK = 500

_RECORD_FIELDS = ["object_id", "outcome", "done", "unsure", "changes"]


def run_import(run: ImportRun, progress: Steps | None = None) -> None:
    """Apply the plan; goes on after the last row applied. Raises ImportStateError when there is none."""
    progress = progress or Silent()
    if run.state not in (ImportState.PLANNED, ImportState.RUNNING):
        raise ImportStateError(_("This import has no plan to run."))
    rows = run.rows.filter(state=RowState.PLANNED)
    if run.state == ImportState.PLANNED:
        with transaction.atomic():
            run.state, run.position = ImportState.RUNNING, 0
            run.save(update_fields=["state", "position"])
            audit.record("import.started", run, by=run.created_by, new={"file": run.file_name, "mode": run.mode})
    make_fields(run)
    progress.total(run.rows.exclude(state=RowState.WRONG).count())
    progress.advance(run.rows.filter(state=RowState.DONE).count())
    context = context_of(run)
    while chunk := list(rows.filter(number__gt=run.position).order_by("number")[:CHUNK]):
        _write_or_split(chunk, context)
        progress.advance(len(chunk))
    _finish(run)


def make_fields(run: ImportRun) -> None:
    """Have those fields made that a column was given and that odd cells are kept in; they may be there already."""
    keeper = format_named(run.kind).keeper
    if keeper is None:
        return
    wanted = {c["new"]["path"]: c["new"] for c in run.recognised["columns"] if c.get("new") and c["field"]}
    doubtful = run.rows.exclude(warnings=[]).values_list("warnings", flat=True)
    for warnings in doubtful.iterator(chunk_size=2_000):
        wanted |= {warning["kept"]["path"]: warning["kept"] for warning in warnings if "kept" in warning}
    keeper.make(run, list(wanted.values()))


@transaction.atomic
def _finish(run: ImportRun) -> None:
    run.state, run.finished_at = ImportState.DONE, clock.now()
    run.summary = summarise(run)
    run.save(update_fields=["state", "finished_at", "summary"])
    audit.record("import.finished", run, by=run.created_by, new=run.summary["result"])
    with connection.cursor() as cursor:
        # Without fresh statistics SQLite searches a hundred times slower after many rows came in.
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA optimize")


def _write_or_split(rows: Sequence[ImportRow], context: Context) -> None:
    try:
        with transaction.atomic():
            _write(rows, context)
    except (IntegrityError, ValidationError, DomainError) as error:
        if len(rows) > 1:
            half = len(rows) // 2
            _write_or_split(rows[:half], context)
            _write_or_split(rows[half:], context)
        else:
            _give_up(rows[0], error, context.run)


@transaction.atomic
def _give_up(row: ImportRow, error: Exception, run: ImportRun) -> None:
    messages = error.messages if isinstance(error, ValidationError) else [str(error)]
    if isinstance(error, IntegrityError):
        messages = [_("The database refused this row: %(error)s") % {"error": error}]
    row.problems = [{"column": "", "message": message} for message in messages]
    row.state = RowState.WRONG
    row.save(update_fields=["problems", "state"])
    run.position = row.number
    run.save(update_fields=["position"])


def _write(rows: Sequence[ImportRow], context: Context) -> None:
    run = context.run
    hold(run)
    context.settled.clear()
    records = _records_of(rows, run)
    touched: dict[str, set[int]] = {}
    for kind in record_types():
        creations, updates = _orders(kind, rows, records)
        creations, more = _take_what_came_meanwhile(kind, creations, context)
        if creations:
            kind.create(creations, context)
            for creation in creations:
                creation.record.done = True
        updates = _leave_what_changed_meanwhile(kind, [*more, *updates], context)
        if updates:
            kind.update(updates, context)
            for update in updates:
                record = update.record
                if record.outcome != Outcome.CREATE:
                    # What was planned makes way for what is really done.
                    record.changes = [*(record.changes if record.done else []), *update.changes]
                record.done = True
        orders: list[Creation | Update] = [*creations, *updates]
        touched[kind.name] = {_pk(order.record) for order in orders}
    for kind in record_types():
        if touched[kind.name]:
            kind.settle(touched[kind.name], context)
    update_rows(list(records.values()), _RECORD_FIELDS)
    run.rows.filter(number__in=[row.number for row in rows]).update(state=RowState.DONE)
    run.position = rows[-1].number
    run.save(update_fields=["position"])


def _records_of(rows: Sequence[ImportRow], run: ImportRun) -> dict[int, ImportRecord]:
    numbers = set()
    for row in rows:
        for action in row.actions:
            numbers.add(action["record"])
            for linked in action.get("links", {}).values():
                numbers.update(linked)
    return {record.number: record for record in run.records.filter(number__in=numbers).defer("state")}


def _orders(
    kind: RecordType, rows: Sequence[ImportRow], records: dict[int, ImportRecord]
) -> tuple[list[Creation], list[Update]]:
    """Return what the rows have in store for records of one type; earlier types are written by now."""
    creations, updates = [], []
    for row in rows:
        for action in row.actions:
            if action["type"] != kind.name or "do" not in action:
                continue
            record = records[action["record"]]
            linked = action.get("links", {})
            if action["do"] == "update":
                known = {number: _pk(records[number]) for numbers in linked.values() for number in numbers}
                updates.append(Update(record, action["changes"], row.number, known))
            elif not record.done:
                links = {role: [_pk(records[number]) for number in numbers] for role, numbers in linked.items()}
                creations.append(Creation(record, action["values"], links, row.number))
    return creations, updates


def _pk(record: ImportRecord) -> int:
    if record.object_id is None:
        raise ImportProblem(
            _("Row %(row)s, which this row builds on, could not be imported.") % {"row": record.first_row}
        )
    return record.object_id


def _take_what_came_meanwhile(
    kind: RecordType, creations: list[Creation], context: Context
) -> tuple[list[Creation], list[Update]]:
    """Return what is still to be created; what somebody added since the plan is compared and changed instead."""
    found = kind.find_again(creations, context) if creations else {}
    if not found:
        return creations, []
    states = kind.states(found.values(), context)
    updates = []
    for at, pk in found.items():
        creation = creations[at]
        record = creation.record
        record.object_id, record.outcome, record.state = pk, Outcome.SAME, states.get(pk, {})
        record.done = True
        item = Item(Draft(kind.name, "", creation.values), RowPlan(creation.row, []), record=record)
        if changes := kind.merge(item, record, context):
            record.outcome = Outcome.UPDATE
            updates.append(Update(record, changes, creation.row))
    return [creation for at, creation in enumerate(creations) if at not in found], updates


def _leave_what_changed_meanwhile(kind: RecordType, updates: list[Update], context: Context) -> list[Update]:
    """Return the updates without those values that are no longer what the plan saw."""
    if not updates:
        return []
    states = kind.states({_pk(update.record) for update in updates}, context)
    kept = []
    for update in updates:
        state = states.get(_pk(update.record), {})
        update.changes = [change for change in update.changes if _still_holds(kind, change, state, update.record)]
        if update.changes:
            kept.append(update)
    return kept


def _still_holds(kind: RecordType, change: Change, state: dict[str, Any], record: ImportRecord) -> bool:
    field, old, new = change
    if field in kind.several:
        return True
    if state.get(field, "") not in (old, new):
        record.unsure = (
            _("“%(field)s” was changed by somebody after this was planned, and was left alone.")
            % {"field": kind.label_of(field, record.run)}
        )[:300]
        return False
    state[field] = new
    return True
