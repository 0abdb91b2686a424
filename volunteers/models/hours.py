"""Hours: what a volunteer gave of their time, from a shift or logged and approved."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _


class HoursStatus(models.TextChoices):
    """Whether the hours count."""

    SUBMITTED = "submitted", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Not approved")


class HoursQuerySet(models.QuerySet["HoursEntry"]):
    """Questions about hours."""

    def approved(self) -> Self:
        """Those that count."""
        return self.filter(status=HoursStatus.APPROVED)

    def between(self, first: dt.date, last: dt.date) -> Self:
        """Worked from the first to the last day, both included."""
        return self.filter(worked_on__gte=first, worked_on__lte=last)

    def total(self) -> Decimal:
        """Their sum, in hours to the hundredth."""
        return (self.aggregate(total=Sum("hours"))["total"] or Decimal(0)).quantize(Decimal("0.01"))


class HoursEntry(models.Model):
    """Hours one volunteer worked on one day."""

    volunteer = models.ForeignKey(
        "constituents.Constituent", verbose_name=_("volunteer"), on_delete=models.PROTECT, related_name="hours"
    )
    opportunity = models.ForeignKey(
        "volunteers.Opportunity", verbose_name=_("opportunity"), on_delete=models.PROTECT, related_name="hours"
    )
    sign_up = models.OneToOneField(
        "volunteers.SignUp",
        verbose_name=_("sign-up"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="hours",
    )
    worked_on = models.DateField(_("day"))
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=2)
    status = models.CharField(_("status"), max_length=10, choices=HoursStatus, default=HoursStatus.SUBMITTED)
    note = models.CharField(_("note"), max_length=255, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("logged at"), auto_now_add=True)

    objects = HoursQuerySet.as_manager()

    class Meta:
        verbose_name = _("hours")
        verbose_name_plural = _("hours")
        ordering = ["-worked_on", "-pk"]
        indexes = [models.Index(fields=["volunteer", "-worked_on"]), models.Index(fields=["worked_on", "status"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__gt=Decimal(0), hours__lte=Decimal(24)),
                name="volunteers_hours_within_a_day",
                violation_error_message=_("Between a quarter of an hour and 24 hours fit in a day."),
            )
        ]
        permissions = [("approve_hours", _("Can approve hours")), ("export_hoursentry", _("Can export hours"))]

    def __str__(self) -> str:
        return f"{self.volunteer}: {self.hours} h, {self.worked_on}"
