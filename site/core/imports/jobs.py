"""Planning, running and undoing beside the web; each asked for once at a time, and able to go on after a kill."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from core.imports.errors import ImportGoesOnElsewhere, ImportStateError
from core.imports.models import ImportRun, ImportState
from core.imports.planning import plan_import
from core.imports.running import run_import
from core.imports.undoing import undo_import
from core.jobs import Job, Progress, enqueue, job


@job(kind="imports.plan")
def plan_job(progress: Progress, *, run: int) -> None:
    """Compare every row with what is on record."""
    stored = ImportRun.objects.get(pk=run)
    if stored.state in (ImportState.UPLOADED, ImportState.PLANNING):
        _here_or_elsewhere(plan_import, stored, progress)


@job(kind="imports.run")
def run_job(progress: Progress, *, run: int) -> None:
    """Apply the plan."""
    stored = ImportRun.objects.get(pk=run)
    if stored.state in (ImportState.PLANNED, ImportState.RUNNING):
        _here_or_elsewhere(run_import, stored, progress)


@job(kind="imports.undo")
def undo_job(progress: Progress, *, run: int, user: int | None) -> None:
    """Take the import back."""
    stored = ImportRun.objects.get(pk=run)
    if stored.state in (ImportState.DONE, ImportState.UNDOING):
        undo_import(stored, progress, by=get_user_model().objects.filter(pk__in=[user]).first())


def _here_or_elsewhere(work: Any, run: ImportRun, progress: Progress) -> None:
    try:
        work(run, progress)
    except ImportGoesOnElsewhere:
        return


def start_plan(run: ImportRun, *, by: Any) -> Job:
    """Have the file compared with what is on record. Raises ImportStateError when that has begun."""
    return _start(plan_job, run, _("Compare %(file)s") % {"file": run.file_name}, (ImportState.UPLOADED,), by)


def start_run(run: ImportRun, *, by: Any) -> Job:
    """Have the plan applied. Raises ImportStateError when there is none, or it has begun."""
    return _start(run_job, run, _("Import %(file)s") % {"file": run.file_name}, (ImportState.PLANNED,), by)


def start_undo(run: ImportRun, *, by: Any) -> Job:
    """Have the import taken back. Raises ImportStateError when it has not run."""
    label = _("Undo the import of %(file)s") % {"file": run.file_name}
    return _start(undo_job, run, label, (ImportState.DONE,), by, user=by.pk if by else None)


@transaction.atomic
def _start(function: Any, run: ImportRun, label: str, states: tuple[str, ...], by: Any, **arguments: Any) -> Job:
    stored = ImportRun.objects.select_for_update(of=("self",)).select_related("job").get(pk=run.pk)
    if stored.state not in states or (stored.job is not None and not stored.job.is_finished):
        raise ImportStateError(_("This import is at work already, or not that far yet."))
    attempt = Job.objects.filter(key__startswith=f"import-{run.pk}-").count() + 1
    # The queue counts on the key alone, so each time is a key of its own; the lock above lets only one begin.
    stored.job = enqueue(function, key=f"import-{run.pk}-{attempt}", label=label, by=by, run=run.pk, **arguments)
    stored.save(update_fields=["job"])
    return stored.job
