"""Sign-up: one person's place in a shift, or on its waiting list."""

from __future__ import annotations

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SignUpStatus(models.TextChoices):
    """Where the sign-up stands."""

    CONFIRMED = "confirmed", _("Signed up")
    WAITING = "waiting", _("On the waiting list")
    ATTENDED = "attended", _("Was there")
    NO_SHOW = "no_show", _("Did not come")
    CANCELLED = "cancelled", _("Cancelled")


# These hold a place.
PLACE_HOLDING = (SignUpStatus.CONFIRMED, SignUpStatus.ATTENDED, SignUpStatus.NO_SHOW)
ACTIVE = (*PLACE_HOLDING, SignUpStatus.WAITING)


class SignUpQuerySet(models.QuerySet["SignUp"]):
    """Questions about sign-ups."""

    def active(self) -> Self:
        """Leave out the cancelled ones."""
        return self.filter(status__in=ACTIVE)

    def holding_a_place(self) -> Self:
        """Those that take up room."""
        return self.filter(status__in=PLACE_HOLDING)

    def waiting(self) -> Self:
        """The waiting list, first come first."""
        return self.filter(status=SignUpStatus.WAITING).order_by("created_at", "pk")


class SignUp(models.Model):
    """One person's place in a shift."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    shift = models.ForeignKey(
        "volunteers.Shift", verbose_name=_("shift"), on_delete=models.PROTECT, related_name="sign_ups"
    )
    volunteer = models.ForeignKey(
        "constituents.Constituent", verbose_name=_("volunteer"), on_delete=models.PROTECT, related_name="sign_ups"
    )
    status = models.CharField(_("status"), max_length=10, choices=SignUpStatus, default=SignUpStatus.CONFIRMED)
    source = models.CharField(_("source"), max_length=40, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    override_reason = models.CharField(_("why despite another shift"), max_length=255, blank=True)
    created_at = models.DateTimeField(_("signed up at"), auto_now_add=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    cancel_reason = models.CharField(_("why cancelled"), max_length=255, blank=True)

    objects = SignUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        ordering = ["shift__starts_at", "created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["shift", "volunteer"],
                condition=~Q(status=SignUpStatus.CANCELLED),
                name="volunteers_one_place_each",
                violation_error_message=_("This person is signed up for the shift already."),
            ),
            models.CheckConstraint(
                condition=(Q(status=SignUpStatus.CANCELLED) & Q(cancelled_at__isnull=False))
                | (~Q(status=SignUpStatus.CANCELLED) & Q(cancelled_at__isnull=True)),
                name="volunteers_cancelled_has_a_time",
                violation_error_message=_("A place that was given back says when, and no other does."),
            ),
        ]
        indexes = [models.Index(fields=["volunteer", "status"])]
        permissions = [("export_signup", _("Can export sign-ups"))]

    def __str__(self) -> str:
        return f"{self.volunteer}: {self.shift}"
