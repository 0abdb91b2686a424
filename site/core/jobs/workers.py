"""The worker, and what becomes of the work of one that died."""

from __future__ import annotations

import datetime as dt
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as DatabaseWorker
from django_tasks_db.models import DBTaskResult, get_date_max

from core.jobs import machine
from core.jobs.models import Job, Worker
from core.jobs.progress import shutting_down
from core.jobs.running import give_back, pause_after

logger = logging.getLogger("core.jobs")

# A plain task is tried this often, whether it raised or its worker died under it.
TASK_ATTEMPTS = 5
# A job survives this many workers more than its own errors would let it: it may be what kills them.
WORKERS_A_JOB_MAY_LOSE = 5


class TaskWorker(DatabaseWorker):
    """Takes tasks from the database one after another; a task that fails is tried again after a pause."""

    def __init__(self, *, batch: bool, interval: float = 1, worker_id: str | None = None) -> None:
        super().__init__(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=interval,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=worker_id or get_random_string(32),
        )

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """Let the job in hand stop at its next step."""
        shutting_down.set()
        super().shutdown(signum, frame)

    def run_task(self, db_task_result: DBTaskResult) -> None:
        """Run one task; put it back when it failed and may yet go well."""
        super().run_task(db_task_result)
        tried = len(db_task_result.worker_ids)
        if db_task_result.status == TaskResultStatus.FAILED and tried < TASK_ATTEMPTS:
            db_task_result.run_after = timezone.now() + pause_after(tried)
            db_task_result.status = TaskResultStatus.READY
            db_task_result.finished_at = None
            db_task_result.save(update_fields=["status", "run_after", "finished_at"])


@contextmanager
def signed_on(worker_id: str) -> Iterator[None]:
    """Keep the worker's row fresh from a thread of its own, so that its work is left to it; take the row away after."""
    Worker.objects.create(id=worker_id, machine=machine.name(), pid=os.getpid(), seen_at=timezone.now())
    over = threading.Event()
    beat = threading.Thread(target=_beat, args=(worker_id, over), daemon=True)
    beat.start()
    try:
        yield
    finally:
        over.set()
        beat.join(timeout=5)
        Worker.objects.filter(pk=worker_id).delete()


def _beat(worker_id: str, over: threading.Event) -> None:
    while not over.wait(Worker.BEAT.total_seconds()):
        try:
            Worker.objects.filter(pk=worker_id).update(seen_at=timezone.now())
        except DatabaseError:
            # SQLite lets one write at a time: a long transaction of our own job may keep us out for a while.
            logger.debug("Worker %s could not say that it lives.", worker_id, exc_info=True)
        finally:
            connection.close()


def reap(now: dt.datetime | None = None) -> int:
    """Give what dead workers had in hand to the living; return how many tasks that were."""
    now = now or timezone.now()
    skip_locked = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        # First the work, then the workers: one that signed on in between is then seen alive.
        jobs = list(Job.objects.select_for_update(skip_locked=skip_locked).filter(state=Job.State.RUNNING))
        tasks = list(DBTaskResult.objects.select_for_update(skip_locked=skip_locked).running())
        workers = list(Worker.objects.all())
        alive = {worker.pk for worker in workers if worker.is_alive(now)}
        for worker in workers:
            if worker.pk not in alive:
                logger.warning("Worker %s is dead; its work goes to another.", worker.pk)
                worker.delete()
        for job in jobs:
            if job.worker not in alive:
                give_back(job, most_attempts=WORKERS_A_JOB_MAY_LOSE)
        orphans = [task for task in tasks if not alive.intersection(task.worker_ids[-1:])]
        for task in orphans:
            _put_back(task)
    return len(orphans)


def _put_back(task: DBTaskResult) -> None:
    if len(task.worker_ids) >= TASK_ATTEMPTS:
        task.set_failed(RuntimeError(f"{len(task.worker_ids)} workers died while they ran this task."))
        return
    task.status = TaskResultStatus.READY
    task.run_after = get_date_max()
    task.save(update_fields=["status", "run_after"])


def prune(*, now: dt.datetime, **_kwargs: Any) -> None:
    """Forget tasks that went well a month ago, and jobs of a year ago."""
    DBTaskResult.objects.successful().filter(finished_at__lt=now - dt.timedelta(days=30)).delete()
    Job.objects.filter(finished_at__lt=now - dt.timedelta(days=365)).delete()
