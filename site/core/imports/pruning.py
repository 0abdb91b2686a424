"""What an import leaves behind goes after a while: the file, and the rows and records of its plan."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from core import audit
from core.imports.models import ImportRun, ImportState
from core.imports.services import discard

KEPT_DAYS = 90
"""How long a finished import can be looked at row by row, and undone."""
_ABANDONED_DAYS = 30


def forget_old_imports(*, now: dt.datetime, **_kwargs: Any) -> int:
    """Take away what old imports staged; the run itself stays with its figures. Returns how many were cleared."""
    finished = ImportRun.objects.filter(
        state__in=[ImportState.DONE, ImportState.UNDONE, ImportState.FAILED],
        created_at__lt=now - dt.timedelta(days=KEPT_DAYS),
    ).exclude(file="")
    abandoned = ImportRun.objects.filter(
        state__in=[ImportState.UPLOADED, ImportState.PLANNED],
        created_at__lt=now - dt.timedelta(days=_ABANDONED_DAYS),
    )
    count = 0
    for run in finished:
        _clear(run)
        count += 1
    for run in abandoned:
        discard(run)
        count += 1
    return count


def _clear(run: ImportRun) -> None:
    name, storage = str(run.file.name), run.file.storage
    with transaction.atomic():
        for related in (run.keys, run.records, run.rows):
            related.all().delete()
        run.file = ""
        run.save(update_fields=["file"])
        audit.record("import.cleared", run, by=None, new={"file": run.file_name})
    storage.delete(name)
