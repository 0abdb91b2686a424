"""Asking for a job, running it, cancelling it."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import TaskContext, task

from core.jobs.errors import JobCancelled, JobFailed, JobInterrupted, JobLost
from core.jobs.kinds import JobFunction, function_at
from core.jobs.models import Job
from core.jobs.progress import Progress

logger = logging.getLogger("core.jobs")

FIRST_PAUSE = dt.timedelta(seconds=30)


@transaction.atomic
def enqueue(function: JobFunction, *, key: str, label: str, by: Any = None, **arguments: Any) -> Job:
    """Ask for a job and return it; with a key that exists, return that job, whatever has become of it.

    The arguments are kept as JSON. The job starts once the caller's transaction has committed.
    """
    job, created = Job.objects.get_or_create(
        key=key,
        defaults={
            "kind": function.kind,
            "label": str(label)[:200],
            "function": function.path,
            "arguments": arguments,
            "created_by": by,
        },
    )
    if created:
        _queue(job)
    return job


@transaction.atomic
def cancel(job: Job) -> Job:
    """Stop a job: one that waits at once, one that runs at its next step, one that is finished not at all."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.state == Job.State.WAITING:
        _finish(job, Job.State.CANCELLED)
    elif job.state == Job.State.RUNNING:
        job.cancel_requested = True
        job.save(update_fields=["cancel_requested"])
    return job


@transaction.atomic
def try_again(job: Job) -> Job:
    """Queue a failed or cancelled job again; it goes on from its last checkpoint."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.state in (Job.State.FAILED, Job.State.CANCELLED):
        job.attempt = 0
        job.cancel_requested = False
        _wait(job)
        _queue(job)
    return job


@task(takes_context=True)
def run_job(context: TaskContext, job_id: int) -> None:
    """Run a job to its end, or queue it again when it may go better later; one that is not waiting is left alone."""
    job = _claim(job_id, context.task_result.worker_ids[-1])
    if job is None:
        return
    progress = Progress(job)
    try:
        function = function_at(job.function)
        result = function(progress, **job.arguments)
        progress.flush()
        _end(job, Job.State.DONE, result=result)
    except JobLost:
        logger.warning("Job %s (%s) goes on in another worker.", job.pk, job.kind)
    except JobInterrupted:
        _interrupt(job)
    except JobCancelled:
        _end(job, Job.State.CANCELLED)
    except JobFailed as failure:
        _end(job, Job.State.FAILED, error=str(failure))
    except Exception as error:  # whatever a job raises must end in its row, where people see it
        logger.exception("Job %s (%s) failed, attempt %s.", job.pk, job.kind, job.attempt)
        _after_error(job, error)


@transaction.atomic
def _claim(job_id: int, worker: str) -> Job | None:
    job = Job.objects.select_for_update().filter(pk=job_id, state=Job.State.WAITING).first()
    if job is None:
        return None
    job.state = Job.State.RUNNING
    job.attempt += 1
    job.worker = worker
    job.started_at = job.started_at or timezone.now()
    job.done = job.done_at_checkpoint
    job.save(update_fields=["state", "attempt", "worker", "started_at", "done"])
    return job


@transaction.atomic
def _end(job: Job, state: Job.State, *, result: Any = None, error: str = "") -> None:
    mine = Job.objects.select_for_update().held_as(job).first()
    if mine is None:
        logger.warning("Job %s (%s) ended here after another worker took it over.", job.pk, job.kind)
        return
    _finish(mine, state, result=result, error=error)


def _finish(job: Job, state: Job.State, *, result: Any = None, error: str = "") -> None:
    job.state = state
    job.result = result
    job.error = error
    job.finished_at = timezone.now()
    job.save(update_fields=["state", "result", "error", "finished_at"])


def _after_error(job: Job, error: Exception) -> None:
    try:
        attempts = function_at(job.function).attempts
    except ImportError:
        attempts = 1
    text = f"{type(error).__name__}: {error}"
    if job.attempt >= attempts:
        _end(job, Job.State.FAILED, error=text)
        return
    with transaction.atomic():
        mine = Job.objects.select_for_update().held_as(job).first()
        if mine is not None:
            _wait(mine, error=text)
            _queue(mine, pause=pause_after(job.attempt))


@transaction.atomic
def _interrupt(job: Job) -> None:
    mine = Job.objects.select_for_update().held_as(job).first()
    if mine is not None:
        mine.attempt -= 1  # being asked to stop is no failure
        _wait(mine)
        _queue(mine)


def give_back(job: Job, *, most_attempts: int) -> None:
    """Queue a running job whose worker died; end it when it has outlived too many workers. The row must be locked."""
    if job.cancel_requested:
        _finish(job, Job.State.CANCELLED)
    elif job.attempt >= most_attempts:
        _finish(job, Job.State.FAILED, error=f"{job.attempt} workers died while they ran this job.")
    else:
        _wait(job)
        _queue(job)


def _wait(job: Job, *, error: str = "") -> None:
    job.state = Job.State.WAITING
    job.finished_at = None
    job.error = error
    job.save(update_fields=["state", "finished_at", "error", "attempt", "cancel_requested"])


def pause_after(attempt: int) -> dt.timedelta:
    """How long to wait after the nth failure: 30 seconds, 2 minutes, 8, 32, two hours."""
    return FIRST_PAUSE * 4 ** (attempt - 1)


def _queue(job: Job, *, pause: dt.timedelta | None = None) -> None:
    (run_job.using(run_after=timezone.now() + pause) if pause else run_job).enqueue(job.pk)
