"""StripeEvent: what Stripe told us, and whether we have looked; SyncCursor: how far we have read by ourselves."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class EventState(models.TextChoices):
    """What became of an event."""

    RECEIVED = "received", _("Received")
    DONE = "done", _("Done")
    IGNORED = "ignored", _("Not used")
    FAILED = "failed", _("Failed")


class StripeEventQuerySet(models.QuerySet["StripeEvent"]):
    """Questions about events."""

    def failed(self) -> Self:
        """Handling them raised an error; they are tried again, by the clock or by staff."""
        return self.filter(state=EventState.FAILED)

    def left_over(self, before: dt.datetime) -> Self:
        """Received before an instant, and never looked at: the worker that should have died or lost its task."""
        return self.filter(state=EventState.RECEIVED, received_at__lt=before)


class StripeEvent(models.Model):
    """What Stripe told us. A hint only: the object is asked for anew, and what it says there holds."""

    id = models.CharField(_("event"), primary_key=True, max_length=255)
    type = models.CharField(_("type"), max_length=80)
    object_id = models.CharField(_("object"), max_length=255, blank=True)
    created = models.DateTimeField(_("created at Stripe"))
    livemode = models.BooleanField(_("real money"), default=False)
    payload = models.JSONField(_("payload"))
    state = models.CharField(_("state"), max_length=8, choices=EventState, default=EventState.RECEIVED)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    error = models.TextField(_("error"), blank=True)
    received_at = models.DateTimeField(_("received at"))
    handled_at = models.DateTimeField(_("handled at"), null=True, blank=True)

    objects = StripeEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("Stripe event")
        verbose_name_plural = _("Stripe events")
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "received_at"]),
            models.Index(fields=["object_id"]),
            models.Index(fields=["-received_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=EventState.FAILED) | ~Q(error=""),
                name="donations_failed_event_says_why",
                violation_error_message=_("An event that failed says why."),
            ),
            models.CheckConstraint(
                condition=Q(state=EventState.RECEIVED) | Q(handled_at__isnull=False),
                name="donations_handled_event_says_when",
                violation_error_message=_("An event that was dealt with says when."),
            ),
        ]
        permissions = [("retry_stripeevent", _("Can have Stripe events handled again"))]

    def __str__(self) -> str:
        return f"{self.type} {self.object_id}"


class SyncCursor(models.Model):
    """How far one list at Stripe has been read: `events`, `balance_transactions`."""

    name = models.CharField(_("list"), primary_key=True, max_length=40)
    read_through = models.DateTimeField(_("read through"))
    updated_at = models.DateTimeField(_("read at"), auto_now=True)

    class Meta:
        verbose_name = _("reading position")
        verbose_name_plural = _("reading positions")

    def __str__(self) -> str:
        return f"{self.name}: {self.read_through:%Y-%m-%d %H:%M}"
