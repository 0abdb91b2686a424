"""Adjustment: what stands between a gift as it was entered and the one that counts in its place."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Adjustment(models.Model):
    """A posted gift was wrong: another stands for it. Both keep all they ever said; this row says who, when and why."""

    original = models.OneToOneField(
        "donations.Gift", verbose_name=_("as it was"), on_delete=models.PROTECT, related_name="adjusted_by"
    )
    replacement = models.OneToOneField(
        "donations.Gift", verbose_name=_("as it is"), on_delete=models.PROTECT, related_name="adjustment"
    )
    reason = models.CharField(_("reason"), max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("on"))

    class Meta:
        verbose_name = _("adjustment")
        verbose_name_plural = _("adjustments")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(original=F("replacement")),
                name="donations_adjustment_is_of_two_gifts",
                violation_error_message=_("A gift cannot be adjusted by itself."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="donations_adjustment_says_why",
                violation_error_message=_("Say why."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.original} → {self.replacement}"
