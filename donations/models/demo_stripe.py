"""What the double of Stripe remembers (donations.stripe.fake), in rows, so that web, worker and tests see one state.

Only the demo and the tests write here; nothing of it is money.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class FakeObject(models.Model):
    """One object as Stripe's API would return it."""

    stripe_id = models.CharField(_("ID"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=40, help_text=_("What Stripe writes under “object”."))
    created = models.BigIntegerField(_("created"), help_text=_("Seconds since 1970, as Stripe counts."))
    data: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(_("data"))

    class Meta:
        verbose_name = _("object of the demo")
        verbose_name_plural = _("objects of the demo")
        # The row number tells apart what was made within one second.
        ordering = ["-pk"]
        indexes = [models.Index(fields=["kind", "-id"], name="donations_fake_newest_of_kind")]

    def __str__(self) -> str:
        return self.stripe_id


class FakeKey(models.Model):
    """An idempotency key that was used, and what was answered."""

    key = models.CharField(_("key"), max_length=255, unique=True)
    fingerprint = models.CharField(_("fingerprint"), max_length=64, help_text=_("Of the request it came with."))
    status = models.PositiveSmallIntegerField(_("status"))
    body: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(_("answer"))
    created_at = models.DateTimeField(_("used at"))

    class Meta:
        verbose_name = _("idempotency key of the demo")
        verbose_name_plural = _("idempotency keys of the demo")

    def __str__(self) -> str:
        return self.key


class FaultKind(models.TextChoices):
    """How the double fails on request."""

    TIMEOUT = "timeout", _("Acts, and the answer is lost")
    UNREACHABLE = "unreachable", _("Cannot be reached")
    HANG = "hang", _("Says nothing until the time is up")
    SLOW = "slow", _("Answers late")
    SERVER_ERROR = "server_error", _("Answers 500")
    BROKEN = "broken", _("Acts, and answers 500")
    RATE_LIMIT = "rate_limit", _("Answers 429")


class FakeFault(models.Model):
    """A failure the double commits for the next requests that match."""

    kind = models.CharField(_("kind"), max_length=20, choices=FaultKind)
    method = models.CharField(_("method"), max_length=8, blank=True, help_text=_("GET, POST or DELETE; empty: any."))
    path = models.CharField(_("path"), max_length=200, blank=True, help_text=_("What the path starts with."))
    seconds = models.FloatField(_("seconds"), default=0, help_text=_("How long it takes to answer."))
    times_left = models.PositiveIntegerField(
        _("times left"), null=True, default=1, help_text=_("Empty: until it is taken away.")
    )

    class Meta:
        verbose_name = _("fault of the demo")
        verbose_name_plural = _("faults of the demo")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.get_kind_display()


class FakeAccount(models.Model):
    """The one account of the double; its row is the lock that lets one change happen at a time."""

    class Meta:
        verbose_name = _("account of the demo")
        verbose_name_plural = _("accounts of the demo")

    def __str__(self) -> str:
        return "acct_demo"
