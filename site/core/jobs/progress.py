"""A running job's hold on its own row."""

from __future__ import annotations

import threading
import time
from typing import Any, ClassVar

from core.jobs.errors import JobCancelled, JobInterrupted, JobLost
from core.jobs.models import Job

# Set when this process is asked to end: its job stops at the next step and goes on elsewhere.
shutting_down = threading.Event()


class Progress:
    """Counts steps, keeps checkpoints and hears of cancelling; every method may raise a JobStopped."""

    # Steps are written at most this often, so that a loop may count each of a million rows.
    SECONDS_BETWEEN_WRITES: ClassVar = 0.3

    def __init__(self, job: Job) -> None:
        self.job = job
        self.saved: dict[str, Any] = job.checkpoint
        self._done = job.done
        self._written_at = time.monotonic()

    def total(self, steps: int) -> None:
        """Say how many steps the whole job has, those before a resume included."""
        self._write(total=steps)

    def advance(self, steps: int = 1) -> None:
        """Count steps done."""
        self._done += steps
        if time.monotonic() - self._written_at >= self.SECONDS_BETWEEN_WRITES:
            self._write(done=self._done)

    def checkpoint(self, saved: dict[str, Any], *, advance: int = 0) -> None:
        """Remember where to go on; call it inside the transaction of the work it stands for.

        After a resume `progress.saved` is what the last committed checkpoint held.
        """
        self._done += advance
        self._write(checkpoint=saved, done=self._done, done_at_checkpoint=self._done)
        self.saved = saved

    def flush(self) -> None:
        """Write what has been counted."""
        self._write(done=self._done)

    def _write(self, **values: Any) -> None:
        if shutting_down.is_set():
            raise JobInterrupted
        mine = Job.objects.held_as(self.job)
        if not mine.filter(cancel_requested=False).update(**values):
            raise JobCancelled if mine.exists() else JobLost
        self._written_at = time.monotonic()
