"""What is to be done, who is doing it, and when the clock last rang."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.jobs import machine


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs by where they stand."""

    def held_as(self, job: Job) -> JobQuerySet:
        """The job, if it still runs where `job` was claimed: a worker that was taken for dead finds nothing here."""
        return self.filter(pk=job.pk, state=Job.State.RUNNING, worker=job.worker, attempt=job.attempt)

    def unfinished(self) -> JobQuerySet:
        """Jobs that wait or run."""
        return self.exclude(state__in=Job.FINISHED)


class Job(models.Model):
    """One long piece of work, from the moment it is asked for."""

    class State(models.TextChoices):
        """Where the work stands."""

        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    FINISHED: ClassVar = (State.DONE, State.FAILED, State.CANCELLED)

    key = models.CharField(
        _("key"), max_length=200, unique=True, help_text=_("The same key is the same piece of work.")
    )
    kind = models.CharField(_("kind"), max_length=80)
    label = models.CharField(_("what"), max_length=200)
    function = models.CharField(max_length=200, editable=False)
    arguments = models.JSONField(default=dict, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    total = models.PositiveBigIntegerField(_("steps"), null=True, help_text=_("Empty while nobody knows how many."))
    done = models.PositiveBigIntegerField(_("steps done"), default=0)
    checkpoint = models.JSONField(default=dict, help_text=_("Where the work goes on after an interruption."))
    done_at_checkpoint = models.PositiveBigIntegerField(default=0)
    result = models.JSONField(null=True)
    error = models.TextField(_("error"), blank=True)
    attempt = models.PositiveSmallIntegerField(_("attempts"), default=0)
    worker = models.CharField(max_length=64, blank=True)
    cancel_requested = models.BooleanField(default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked for by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state"], name="core_job_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["done", "failed", "cancelled"], finished_at__isnull=False)
                | Q(state__in=["waiting", "running"], finished_at__isnull=True),
                name="core_job_finished_has_a_time",
                violation_error_message=_("A job that is over says when, and no other does."),
            ),
            models.CheckConstraint(
                condition=Q(done_at_checkpoint__lte=F("done")),
                name="core_job_checkpoint_is_not_ahead",
                violation_error_message=_("No more can be safe than was done."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        """The staff page that shows the progress."""
        return reverse("core_job", args=[self.pk])

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in self.FINISHED

    @property
    def percent(self) -> int | None:
        """How much is done, 0 to 100; None while the number of steps is unknown."""
        if self.state == self.State.DONE:
            return 100
        return min(100, self.done * 100 // self.total) if self.total else None


class Worker(models.Model):
    """A process that runs jobs; what a dead one had in hand is given to another."""

    id = models.CharField(primary_key=True, max_length=64)
    machine = models.CharField(max_length=120)
    pid = models.PositiveIntegerField()
    seen_at = models.DateTimeField()

    # A worker says that it lives every BEAT; one that has said nothing for LEASE is dead.
    BEAT: ClassVar = dt.timedelta(seconds=10)
    LEASE: ClassVar = dt.timedelta(seconds=90)
    # One whose process is seen to run may be kept from the database by its own long transaction.
    LONG_LEASE: ClassVar = dt.timedelta(minutes=15)

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")

    def __str__(self) -> str:
        return self.id

    def is_alive(self, now: dt.datetime) -> bool:
        """Whether the process still runs, as far as this machine can tell."""
        silence = now - self.seen_at
        if self.machine != machine.name():
            return silence < self.LEASE
        return machine.is_running(self.pid) and silence < self.LONG_LEASE


class Schedule(models.Model):
    """The last time that each thing the clock causes was done."""

    name = models.CharField(primary_key=True, max_length=80)
    done_for = models.DateTimeField(_("done for"), null=True, help_text=_("The last due time that was attended to."))
    error = models.TextField(_("error"), blank=True, help_text=_("Why the last try failed; empty when it did not."))

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")

    def __str__(self) -> str:
        return self.name
