"""Rule: when something happens, if it is so, then do this; what happened; and what each rule made of it."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from constituents.models.consent import Purpose
from constituents.models.follow_up import FollowUpKind, Priority, works_here
from constituents.models.plan import AssignTo

# An event caused by a rule is one deeper than the event it answers; past this nothing more is set off.
DEEPEST = 3


class WorkEventQuerySet(models.QuerySet["WorkEvent"]):
    """Questions about what happened."""

    def waiting(self) -> Self:
        """What no rule has looked at yet, oldest first."""
        return self.filter(handled_at__isnull=True).order_by("pk")


class WorkEvent(models.Model):
    """Something that happened with a constituent, written in the transaction that caused it, for rules to answer."""

    name = models.CharField(_("what happened"), max_length=60)
    key = models.CharField(max_length=160, unique=True, help_text=_("The same key is the same event."))
    constituent = models.ForeignKey(
        "constituents.Constituent", verbose_name=_("with"), on_delete=models.CASCADE, related_name="work_events"
    )
    facts = models.JSONField(_("facts"), default=dict)
    about_type = models.ForeignKey(ContentType, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    about_id = models.PositiveBigIntegerField(null=True, blank=True)
    about = GenericForeignKey("about_type", "about_id")
    happened_at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    depth = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(DEEPEST)], help_text=_("How many rules stand behind it.")
    )
    handled_at = models.DateTimeField(null=True, blank=True)

    objects = WorkEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-happened_at", "-pk"]
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["id"], condition=Q(handled_at__isnull=True), name="constituents_event_waiting"),
            models.Index(fields=["name", "happened_at"], name="constituents_event_name"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(depth__lte=DEEPEST),
                name="constituents_event_not_too_deep",
                violation_error_message=_("Rules set each other off too often: three in a row at most."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Rule(ClusterableModel):
    """When something happens, if what is asked of it and of the constituent holds, then act."""

    name = models.CharField(_("name"), max_length=120, unique=True, help_text=_("Such as “Thank large new donors”."))
    event = models.CharField(_("when"), max_length=60)
    conditions = models.JSONField(
        default=list, blank=True, help_text=_("What the event's own facts must be: a list of fact, test and value.")
    )
    criteria = models.JSONField(
        default=dict, blank=True, help_text=_("What must hold of the constituent, as a segment asks it.")
    )
    is_active = models.BooleanField(
        _("on"), default=False, help_text=_("Try it out first; it acts only on what happens while it is on.")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["name"]
        indexes = [models.Index(fields=["event", "is_active"], name="constituents_rule_event")]

    def __str__(self) -> str:
        return self.name


class ActionKind(models.TextChoices):
    """What a rule can do."""

    FOLLOW_UP = "follow_up", _("Add a follow-up")
    PLAN = "plan", _("Start a plan")
    TAG = "tag", _("Put on a tag")
    NOTIFY = "notify", _("Tell somebody on the staff by e-mail")
    LETTER = "letter", _("Send the constituent an e-mail")


class RuleAction(Orderable):
    """One thing a rule does. Which fields count depends on the kind."""

    rule = ParentalKey(Rule, verbose_name=_("rule"), on_delete=models.CASCADE, related_name="actions")
    kind = models.CharField(_("then"), max_length=10, choices=ActionKind, default=ActionKind.FOLLOW_UP)
    plan = models.ForeignKey(
        "constituents.Plan", verbose_name=_("plan"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    tag = models.ForeignKey(
        "constituents.Tag", verbose_name=_("tag"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    follow_up_kind = models.CharField(_("kind"), max_length=8, choices=FollowUpKind, default=FollowUpKind.CALL)
    subject = models.CharField(_("what, or the e-mail's subject"), max_length=255, blank=True)
    text = models.TextField(_("note, or the e-mail's text"), blank=True, max_length=4000)
    purpose = models.CharField(
        _("what they must have agreed to"),
        max_length=12,
        choices=Purpose,
        blank=True,
        help_text=_(
            "Empty: the e-mail only answers what they did, such as a thank-you. Appeals and news need consent."
        ),
    )
    days = models.PositiveSmallIntegerField(_("due in days"), default=1)
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
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=ActionKind.PLAN) | Q(plan__isnull=False),
                name="constituents_action_plan_named",
                violation_error_message=_("Say which plan to start."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=ActionKind.TAG) | Q(tag__isnull=False),
                name="constituents_action_tag_named",
                violation_error_message=_("Say which tag to put on."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[ActionKind.PLAN, ActionKind.TAG]) | ~Q(subject=""),
                name="constituents_action_has_words",
                violation_error_message=_("Say in a few words what is to be done, or what the e-mail's subject is."),
            ),
        ]

    def __str__(self) -> str:
        return self.subject or str(self.plan or self.tag or self.get_kind_display())

    def clean(self) -> None:
        """Ask for what the kind of action needs, beside the field it belongs in."""
        missing = {
            "plan": self.kind == ActionKind.PLAN and self.plan is None,
            "tag": self.kind == ActionKind.TAG and self.tag is None,
            "subject": self.kind not in (ActionKind.PLAN, ActionKind.TAG) and not self.subject,
            "text": self.kind == ActionKind.LETTER and not self.text,
            "person": self.assign_to == AssignTo.PERSON and self.is_assigned and self.person is None,
            "team": self.assign_to == AssignTo.TEAM and self.is_assigned and self.team is None,
        }
        if any(missing.values()):
            raise ValidationError(
                {name: _("This action needs it.") for name, is_missing in missing.items() if is_missing}
            )

    @property
    def is_assigned(self) -> bool:
        """Whether somebody on the staff has to do something, or to be told."""
        return self.kind in (ActionKind.FOLLOW_UP, ActionKind.NOTIFY)


class RuleOutcome(models.TextChoices):
    """What came of a rule meeting an event."""

    DONE = "done", _("Done")
    NOT_MET = "not_met", _("Did not apply")
    FAILED = "failed", _("Failed")


class RuleRun(models.Model):
    """What one rule made of one event. Written once: no rule runs twice for one event."""

    rule = models.ForeignKey(Rule, verbose_name=_("rule"), on_delete=models.PROTECT, related_name="runs")
    event = models.ForeignKey(WorkEvent, verbose_name=_("event"), on_delete=models.CASCADE, related_name="rule_runs")
    outcome = models.CharField(_("what came of it"), max_length=8, choices=RuleOutcome)
    why = models.CharField(_("why"), max_length=500, blank=True)
    done = models.JSONField(_("what was done"), default=list, blank=True)
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("run of a rule")
        verbose_name_plural = _("runs of rules")
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["rule", "-at"], name="constituents_rulerun_rule")]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "event"],
                name="constituents_rule_once_an_event",
                violation_error_message=_("The rule has answered this already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.event}"

    @property
    def what_came_of_it(self) -> str:
        """What was done, or why not, in a line."""
        return "; ".join([*(deed["text"] for deed in self.done), *([self.why] if self.why else [])])
