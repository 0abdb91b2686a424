"""Undoing: what an import created goes, what it changed gets its old values back, and what must stay is named.

Types are taken back in the opposite order they were written in, a chunk of records at a time, each chunk with the marks
on its records: an undo that was killed goes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, clock
from core.imports.drafts import Context
from core.imports.errors import ImportStateError
from core.imports.formats import format_named
from core.imports.models import ImportRecord, ImportRun, ImportState, Outcome
from core.imports.planning import Silent, Steps, context_of
from core.imports.records import RecordType, record_types
from core.sets import update_rows

CHUNK = 200


def undo_import(run: ImportRun, progress: Steps | None = None, *, by: Any = None) -> None:
    """Take the import back; goes on where it stopped. Raises ImportStateError when it has not run."""
    progress = progress or Silent()
    if run.state not in (ImportState.DONE, ImportState.UNDOING):
        raise ImportStateError(_("Only an import that has run can be undone."))
    if not run.file:
        raise ImportStateError(_("This import is too long ago: what it staged was cleared, and it cannot be undone."))
    if run.state == ImportState.DONE:
        with transaction.atomic():
            run.state = ImportState.UNDOING
            run.save(update_fields=["state"])
            audit.record("import.undo_started", run, by=by, new={"file": run.file_name})
    context = context_of(run)
    context.by = by
    to_do = _left(run)
    progress.total(to_do.count())
    for kind in reversed(record_types()):
        while chunk := list(to_do.filter(type=kind.name).order_by("-number")[:CHUNK]):
            _undo_chunk(kind, chunk, context)
            progress.advance(len(chunk))
    if (keeper := format_named(run.kind).keeper) is not None:
        keeper.clear(run)
    with transaction.atomic():
        run.state, run.undone_at = ImportState.UNDONE, clock.now()
        run.summary = run.summary | {"undone": _figures(run)}
        run.save(update_fields=["state", "undone_at", "summary"])
        audit.record("import.undone", run, by=by, new=run.summary["undone"])


def _left(run: ImportRun) -> Any:
    written = run.records.filter(done=True, removed=False, restored=False, kept="")
    return written.exclude(outcome=Outcome.SAME)


@transaction.atomic
def _undo_chunk(kind: RecordType, records: Sequence[ImportRecord], context: Context) -> None:
    created = [record for record in records if record.outcome == Outcome.CREATE]
    changed = [record for record in records if record.outcome == Outcome.UPDATE]
    if changed:
        reasons = kind.restore(changed, context)
        for at, record in enumerate(changed):
            record.restored = True
            record.kept = reasons.get(at, "")[:300]
    if created:
        reasons = kind.remove(created, context)
        for at, record in enumerate(created):
            record.kept = reasons.get(at, "")[:300]
            record.removed = not record.kept
    update_rows(records, ["restored", "removed", "kept"])


def _figures(run: ImportRun) -> dict[str, Any]:
    removed = Counter(run.records.filter(removed=True).values_list("type", flat=True))
    restored = Counter(run.records.filter(restored=True, kept="").values_list("type", flat=True))
    return {
        "removed": dict(sorted(removed.items())),
        "restored": dict(sorted(restored.items())),
        "kept": run.records.exclude(kept="").count(),
    }


def undone(run: ImportRun) -> dict[str, Any]:
    """Return the undo as `undo_import --json` prints it. A gift that counts as removed is void, or cancelled."""
    figures = run.summary.get("undone", {})
    kept = run.records.exclude(kept="").order_by("number")
    return {
        "id": run.pk,
        "state": run.state,
        "removed": figures.get("removed", {}),
        "restored": figures.get("restored", {}),
        "kept": [
            {"type": type_name, "id": pk, "label": label, "reason": reason}
            for type_name, pk, label, reason in kept.values_list("type", "object_id", "label", "kept")
        ],
    }
