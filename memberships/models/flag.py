"""Flag: money came or went in a way that somebody has to look at. Never a silent lapse, never a silent keep."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class FlagKind(models.TextChoices):
    """What happened."""

    PAID_TWICE = "paid_twice", _("Paid twice: one payment to refund")
    DUES_REVERSED = "reversed", _("The dues were voided or refunded")


class FlagQuerySet(models.QuerySet["Flag"]):
    """Questions about flags."""

    def open(self) -> Self:
        """Not settled yet."""
        return self.filter(settled_at__isnull=True)


class Flag(models.Model):
    """Something about a membership's money that waits for a person's decision."""

    membership = models.ForeignKey("memberships.Membership", on_delete=models.PROTECT, related_name="flags")
    term = models.ForeignKey("memberships.Term", null=True, blank=True, on_delete=models.PROTECT, related_name="flags")
    gift = models.ForeignKey("donations.Gift", on_delete=models.PROTECT, related_name="membership_flags")
    kind = models.CharField(_("what happened"), max_length=12, choices=FlagKind)
    note = models.CharField(_("note"), max_length=255, blank=True)
    raised_at = models.DateTimeField(_("raised"), auto_now_add=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    settlement = models.CharField(_("what was decided"), max_length=255, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        ordering = ["raised_at", "pk"]
        permissions = [("settle_flag", _("Can settle flags"))]
        constraints = [
            models.UniqueConstraint(
                fields=["gift", "kind"],
                name="memberships_flag_once_a_gift",
                violation_error_message=_("This is flagged for the gift already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.membership}"
