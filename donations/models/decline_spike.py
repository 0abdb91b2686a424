"""DeclineSpike: a time in which so many payments were declined that somebody seems to test stolen cards."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class DeclineSpikeQuerySet(models.QuerySet["DeclineSpike"]):
    """Questions about spikes."""

    def going_on(self) -> Self:
        """Not over yet; there is one at most."""
        return self.filter(is_over=False)


class DeclineSpike(models.Model):
    """Begins when an hour brought more declined payments than is usual, ends when it is quiet; told of once."""

    began_at = models.DateTimeField(_("began at"))
    seen_at = models.DateTimeField(_("last seen at"))
    most = models.PositiveIntegerField(_("most in an hour"), help_text=_("Declined payments."))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    is_over = models.BooleanField(_("over"), default=False, editable=False)

    objects = DeclineSpikeQuerySet.as_manager()

    class Meta:
        verbose_name = _("spike of declined payments")
        verbose_name_plural = _("spikes of declined payments")
        ordering = ["-began_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_over"],
                condition=Q(is_over=False),
                name="donations_one_decline_spike_at_a_time",
                violation_error_message=_("An alert about declined cards is open already."),
            ),
            models.CheckConstraint(
                condition=Q(is_over=False, ended_at__isnull=True) | Q(is_over=True, ended_at__isnull=False),
                name="donations_decline_spike_over_when_ended",
                violation_error_message=_("An alert that is over says when it ended."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")),
                name="donations_decline_spike_ends_after_it_began",
                violation_error_message=_("An alert cannot end before it began."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M}"
