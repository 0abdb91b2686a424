"""Checkout: a form that was sent, and the payment page at Stripe it leads to; however often it is sent, one payment."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from core.money import Money
    from donations.models.gift import Gift
    from donations.models.recurring import RecurringGift


class CheckoutMode(models.TextChoices):
    """What is paid on the page, in Stripe's words."""

    PAYMENT = "payment", _("Once")
    SUBSCRIPTION = "subscription", _("Again and again")


class CheckoutState(models.TextChoices):
    """Where the payment page stands."""

    OPEN = "open", _("Open")
    COMPLETE = "complete", _("Completed")
    EXPIRED = "expired", _("Expired")
    FAILED = "failed", _("Failed")


class CheckoutQuerySet(models.QuerySet["Checkout"]):
    """Questions about forms that were sent."""

    def open(self) -> Self:
        """Neither completed nor given up."""
        return self.filter(state=CheckoutState.OPEN)

    def for_settling(self) -> Self:
        """With the gift it is for, which every question about it asks; of few it is a regular one, read when needed."""
        return self.select_related("gift")


class Checkout(models.Model):
    """A form that was sent, and the payment page at Stripe it leads to.

    The token of the form is unique: a double click, the back button or a reload meet the same row, and through it the
    same page. When that page has expired the next attempt gets a new one.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token = models.UUIDField(_("form token"), unique=True, help_text=_("One form, one payment."))
    donor = models.ForeignKey(
        "constituents.Constituent", verbose_name=_("donor"), on_delete=models.PROTECT, related_name="checkouts"
    )
    gift = models.OneToOneField(
        "donations.Gift",
        verbose_name=_("gift"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="checkout",
        help_text=_("For a gift made once."),
    )
    recurring = models.OneToOneField(
        "donations.RecurringGift",
        verbose_name=_("recurring gift"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="checkout",
        help_text=_("For a gift charged again and again."),
    )
    mode = models.CharField(_("mode"), max_length=12, choices=CheckoutMode)
    state = models.CharField(_("state"), max_length=8, choices=CheckoutState, default=CheckoutState.OPEN)
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("As it was given in the form."))
    # What must survive until the money is here: fee cover, tribute notice, language, the page to come back to.
    facts = models.JSONField(_("facts of the form"), default=dict, blank=True)

    attempt = models.PositiveSmallIntegerField(
        _("attempt"), default=0, help_text=_("How many payment pages were asked for; each under a key of its own.")
    )
    # Exactly what was asked of Stripe with this attempt: asked again after a time-out it has to be the very same.
    request = models.JSONField(_("request"), default=dict, blank=True, editable=False)
    session_id = models.CharField(_("session"), max_length=255, null=True, blank=True, unique=True)
    url = models.TextField(_("address of the payment page"), blank=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    livemode = models.BooleanField(_("real money"), default=False)
    created_at = models.DateTimeField(_("sent at"), auto_now_add=True)

    objects = CheckoutQuerySet.as_manager()

    class Meta:
        verbose_name = _("checkout")
        verbose_name_plural = _("checkouts")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state", "created_at"]), models.Index(fields=["email", "created_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(mode=CheckoutMode.PAYMENT, gift__isnull=False, recurring__isnull=True)
                | Q(mode=CheckoutMode.SUBSCRIPTION, gift__isnull=True, recurring__isnull=False),
                name="donations_checkout_is_for_one_thing",
                violation_error_message=_("A payment page is for one gift, or for one recurring gift."),
            ),
            models.CheckConstraint(
                condition=Q(session_id__isnull=True) | Q(expires_at__isnull=False) & ~Q(session_id=""),
                name="donations_checkout_session_expires",
                violation_error_message=_("A payment page has an id and a time when it closes."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.gift or self.recurring)

    @property
    def money(self) -> Money:
        """What is paid, or paid each time."""
        return self.subject.money

    @property
    def subject(self) -> Gift | RecurringGift:
        """The gift or the recurring gift it is for."""
        subject = self.gift or self.recurring
        if subject is None:  # the constraint keeps this from being stored
            raise ValueError("A checkout is for a gift or for a recurring gift.")
        return subject

    @property
    def key(self) -> str:
        """The idempotency key of this attempt."""
        return f"checkout-{self.uuid}-{self.attempt}"

    def is_usable(self, now: dt.datetime) -> bool:
        """Whether the donor can still pay on the page there is."""
        is_open = self.state == CheckoutState.OPEN and bool(self.url)
        return is_open and self.expires_at is not None and self.expires_at > now
