"""Application: somebody asked to join or renew and has not paid yet, or waits for an answer."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ApplicationState(models.TextChoices):
    """How far it is."""

    APPROVAL = "approval", _("Waits for approval")
    PAYMENT = "payment", _("Waits for payment")
    DONE = "done", _("Done")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN_STATES = (ApplicationState.APPROVAL, ApplicationState.PAYMENT)


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Questions about applications."""

    def open(self) -> Self:
        """Not answered yet, or not paid."""
        return self.filter(state__in=OPEN_STATES)


class Application(models.Model):
    """A wish to join or renew at a level; the term begins when the dues have come."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    membership = models.ForeignKey("memberships.Membership", on_delete=models.PROTECT, related_name="applications")
    level = models.ForeignKey("memberships.Level", verbose_name=_("level"), on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=ApplicationState)
    method = models.CharField(_("will pay by"), max_length=12, blank=True)
    source = models.CharField(_("source"), max_length=8, blank=True)
    gift = models.OneToOneField(
        "donations.Gift",
        verbose_name=_("expected dues"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="membership_application",
    )
    asked_on = models.DateField(_("asked on"))
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=255, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["asked_on", "pk"]
        permissions = [("answer_application", _("Can approve and decline applications"))]
        constraints = [
            models.UniqueConstraint(
                fields=["membership"],
                condition=Q(state__in=["approval", "payment"]),
                name="memberships_one_open_application",
                violation_error_message=_("There is an open application already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.membership}: {self.level}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits for something."""
        return self.state in OPEN_STATES

    def answer(self, state: ApplicationState, *, on: dt.date, by: object, reason: str = "") -> None:
        """Note the answer; nothing is saved."""
        self.state, self.answered_on, self.answered_by, self.reason = state, on, by, reason  # type: ignore[assignment]
