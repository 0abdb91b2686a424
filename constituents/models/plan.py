"""Plan: a template of follow-ups, and the runs of it for one constituent each."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from constituents.models.follow_up import FollowUpKind, Priority, works_here


class AssignTo(models.TextChoices):
    """Who does a step: decided when it is written."""

    STARTER = "starter", _("Whoever starts it")
    RESPONSIBLE = "responsible", _("Whoever is responsible for the person")
    PERSON = "person", _("A named person")
    TEAM = "team", _("A team")


class StepAnchor(models.TextChoices):
    """What the days of a step are counted from."""

    START = "start", _("after the plan starts")
    DUE = "due", _("after the step before is due")
    DONE = "done", _("after the step before is done")


class Plan(ClusterableModel):
    """A template of follow-ups: what to do with everyone to whom the same thing has happened."""

    name = models.CharField(_("name"), max_length=120, unique=True, help_text=_("Such as “New donor over 500”."))
    description = models.TextField(_("what it is for"), blank=True, max_length=2000)
    skips_weekends = models.BooleanField(
        _("never on a weekend"), default=True, help_text=_("A step that would fall on one is due on the Monday after.")
    )
    is_active = models.BooleanField(
        _("in use"), default=True, help_text=_("What is not in use starts for nobody new; what runs goes on.")
    )

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PlanStep(Orderable):
    """One step of a plan, so many days after its start or after the step before."""

    plan = ParentalKey(Plan, verbose_name=_("plan"), on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(_("kind"), max_length=8, choices=FollowUpKind, default=FollowUpKind.CALL)
    subject = models.CharField(_("what"), max_length=255)
    note = models.TextField(_("note"), blank=True, max_length=4000)
    days = models.PositiveSmallIntegerField(_("days"), default=2)
    anchor = models.CharField(_("counted"), max_length=5, choices=StepAnchor, default=StepAnchor.START)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, default=Priority.NORMAL)
    assign_to = models.CharField(_("who"), max_length=12, choices=AssignTo, default=AssignTo.RESPONSIBLE)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("named person"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        limit_choices_to=works_here,
    )
    team = models.ForeignKey(
        Group, verbose_name=_("team"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta(Orderable.Meta):
        verbose_name = _("step")
        verbose_name_plural = _("steps")

    def __str__(self) -> str:
        return self.subject


class RunState(models.TextChoices):
    """Where a run of a plan stands."""

    RUNNING = "running", _("Running")
    FINISHED = "finished", _("Finished")
    STOPPED = "stopped", _("Stopped")


class PlanRunQuerySet(models.QuerySet["PlanRun"]):
    """Questions about runs."""

    def running(self) -> Self:
        """Those that still have steps to do."""
        return self.filter(state=RunState.RUNNING)


class PlanRun(models.Model):
    """A plan started for one constituent on one day."""

    plan = models.ForeignKey(Plan, verbose_name=_("plan"), on_delete=models.PROTECT, related_name="runs")
    constituent = models.ForeignKey(
        "constituents.Constituent", verbose_name=_("with"), on_delete=models.CASCADE, related_name="plan_runs"
    )
    starts_on = models.DateField(_("starts"))
    state = models.CharField(_("state"), max_length=8, choices=RunState, default=RunState.RUNNING)
    reason = models.CharField(_("why it was stopped"), max_length=500, blank=True)
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = PlanRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run of a plan")
        verbose_name_plural = _("runs of plans")
        permissions = [("start_plan", _("Can start and stop plans"))]
        ordering = ["-starts_on", "-pk"]
        indexes = [models.Index(fields=["constituent", "state"], name="constituents_run_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "constituent"],
                condition=Q(state=RunState.RUNNING),
                name="constituents_plan_runs_once",
                violation_error_message=_("This plan is already running for them."),
            ),
            models.CheckConstraint(
                condition=Q(state=RunState.RUNNING, ended_at__isnull=True)
                | (~Q(state=RunState.RUNNING) & Q(ended_at__isnull=False)),
                name="constituents_run_ended_has_time",
                violation_error_message=_("A plan that ended says when, and no other does."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan}: {self.constituent}"
