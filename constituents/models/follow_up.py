"""FollowUp: a dated next step with somebody's name on it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User


def works_here() -> Q:
    """Whoever may open the workspace: work is given to nobody else."""
    return Q(is_active=True) & (Q(groups__permissions__codename="access_admin") | Q(is_superuser=True))


class FollowUpKind(models.TextChoices):
    """What is to be done."""

    CALL = "call", _("Call")
    LETTER = "letter", _("Letter")
    EMAIL = "email", _("E-mail")
    VISIT = "visit", _("Visit")
    TASK = "task", _("Task")


class FollowUpState(models.TextChoices):
    """Where it stands."""

    OPEN = "open", _("To do")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


class Priority(models.IntegerChoices):
    """What comes first on a full day."""

    HIGH = 1, _("High")
    NORMAL = 2, _("Normal")
    LOW = 3, _("Low")


class CountedFrom(models.TextChoices):
    """Which day of the step before the days are counted from."""

    DUE = "due", _("The day the step before is due")
    DONE = "done", _("The day the step before is done")


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    """Questions about follow-ups, as a working day asks them."""

    def open(self) -> Self:
        """What is still to be done."""
        return self.filter(state=FollowUpState.OPEN)

    def of(self, user: User | Any) -> Self:
        """What has this person's own name on it."""
        return self.filter(owner=user)

    def of_teams_of(self, user: User | Any) -> Self:
        """What this person's teams have to do, and what their people have taken on."""
        teams = user.groups.values("pk")
        colleagues = User.objects.filter(Q(groups__in=teams)).values("pk")
        return self.filter(Q(team__in=teams) | Q(owner__in=colleagues) | Q(owner=user))

    def overdue(self, today: dt.date) -> Self:
        """Open ones whose day has passed."""
        return self.open().filter(due_on__lt=today)

    def in_order(self) -> Self:
        """As one would work through them: by day, then by priority."""
        return self.order_by("due_on", "priority", "pk")

    def for_list(self) -> Self:
        """With what a list shows beside each, in a constant number of queries."""
        return self.select_related("constituent", "owner", "team", "run__plan")


class FollowUp(models.Model):
    """What is to be done next with a constituent, by whom, and by when."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    constituent = models.ForeignKey(
        "constituents.Constituent", verbose_name=_("with"), on_delete=models.CASCADE, related_name="follow_ups"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=FollowUpKind, default=FollowUpKind.CALL)
    subject = models.CharField(_("what"), max_length=255, help_text=_("In a few words: “Thank for the boat gift”."))
    note = models.TextField(
        _("note"), blank=True, max_length=4000, help_text=_("What whoever does it should know beforehand.")
    )
    due_on = models.DateField(_("due"))
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, default=Priority.NORMAL)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="follow_ups",
        limit_choices_to=works_here,
    )
    team = models.ForeignKey(
        Group,
        verbose_name=_("or which team"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="follow_ups",
        help_text=_("Everyone with this role sees it; whoever comes first takes it."),
    )
    # What it is about besides the person: a gift, a prospect, a membership; the rooms above know how to show theirs.
    about_type = models.ForeignKey(ContentType, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    about_id = models.PositiveBigIntegerField(null=True, blank=True)
    about = GenericForeignKey("about_type", "about_id")

    state = models.CharField(_("state"), max_length=8, choices=FollowUpState, default=FollowUpState.OPEN)
    outcome = models.TextField(_("how it went"), blank=True, max_length=4000, help_text=_("Or why it was dropped."))
    closed_at = models.DateTimeField(_("finished"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    interaction = models.ForeignKey(
        "constituents.Interaction", null=True, blank=True, on_delete=models.SET_NULL, related_name="follow_ups"
    )
    escalated_at = models.DateTimeField(_("escalated"), null=True, blank=True)

    # A step that follows another: so many days after it, and it moves along when that one moves.
    parent = models.ForeignKey(
        "self", verbose_name=_("follows"), null=True, blank=True, on_delete=models.SET_NULL, related_name="next_steps"
    )
    counted_from = models.CharField(
        _("days counted from"), max_length=4, choices=CountedFrom, blank=True, default="", editable=False
    )
    days_after = models.PositiveSmallIntegerField(_("days after"), null=True, blank=True, editable=False)
    skips_weekends = models.BooleanField(_("never on a weekend"), default=False, editable=False)
    run = models.ForeignKey(
        "constituents.PlanRun",
        verbose_name=_("plan"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="follow_ups",
    )

    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["due_on", "priority", "pk"]
        permissions = [("export_followup", _("Can export follow-ups"))]
        indexes = [
            models.Index(fields=["owner", "state", "due_on"], name="constituents_fu_owner"),
            models.Index(fields=["team", "state", "due_on"], name="constituents_fu_team"),
            models.Index(fields=["state", "due_on"], name="constituents_fu_due"),
            models.Index(fields=["constituent", "state", "due_on"], name="constituents_fu_person"),
            models.Index(fields=["about_type", "about_id"], name="constituents_fu_about"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=FollowUpState.OPEN, closed_at__isnull=True)
                | (~Q(state=FollowUpState.OPEN) & Q(closed_at__isnull=False)),
                name="constituents_fu_closed_has_time",
                violation_error_message=_("What is finished has the time it was finished; what is open has none."),
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=True) | Q(team__isnull=True),
                name="constituents_fu_one_owner",
                violation_error_message=_("Give it to one person or to one team, not to both."),
            ),
            models.CheckConstraint(
                condition=Q(about_type__isnull=True) | Q(about_id__isnull=False),
                name="constituents_fu_about_whole",
                violation_error_message=_("Say which record the follow-up is about."),
            ),
            models.CheckConstraint(
                condition=Q(counted_from="") | Q(days_after__isnull=False),
                name="constituents_fu_days_when_counted",
                violation_error_message=_("Say after how many days it is due."),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="constituents_fu_not_its_own_parent",
                violation_error_message=_("A follow-up cannot follow itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state == FollowUpState.OPEN

    @property
    def whose(self) -> str:
        """Who is to do it, in words; empty while it is nobody's."""
        return str(self.owner or self.team or "")
