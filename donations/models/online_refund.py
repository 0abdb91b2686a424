"""OnlineRefund: money that goes back through Stripe, asked for here or made there."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.money import AmountField, CurrencyField, Money, positive_amount


class RefundStatus(models.TextChoices):
    """Where a refund stands; all but the first are Stripe's words."""

    ASKED = "asked", _("Asked for")
    PENDING = "pending", _("On its way")
    REQUIRES_ACTION = "requires_action", _("Waits for the donor’s bank details")
    SUCCEEDED = "succeeded", _("Refunded")
    FAILED = "failed", _("Failed")
    CANCELED = "canceled", _("Cancelled")


#: A status never gives way to one of lower rank; of two of the same rank the one asked for later holds.
REFUND_RANK = {
    RefundStatus.ASKED: 0,
    RefundStatus.PENDING: 1,
    RefundStatus.REQUIRES_ACTION: 1,
    RefundStatus.SUCCEEDED: 2,
    RefundStatus.FAILED: 3,
    RefundStatus.CANCELED: 3,
}
#: It has not arrived yet.
UNDER_WAY = (RefundStatus.PENDING, RefundStatus.REQUIRES_ACTION)
#: The money has left our balance at Stripe.
TAKEN = (*UNDER_WAY, RefundStatus.SUCCEEDED)
#: It takes up part of what may be refunded: taken, or about to be.
CLAIMING = (RefundStatus.ASKED, *TAKEN)


class OnlineRefundQuerySet(models.QuerySet["OnlineRefund"]):
    """Questions about refunds."""

    def taken(self) -> Self:
        """The money has left our balance at Stripe."""
        return self.filter(status__in=TAKEN)

    def claiming(self) -> Self:
        """Taken, or about to be."""
        return self.filter(status__in=CLAIMING)

    def for_list(self) -> Self:
        """With what a list shows beside each."""
        return self.select_related("payment__gift__donor", "by")


class OnlineRefund(models.Model):
    """Money that goes back through Stripe. Its own id is the key it is asked for with: two of one amount are two."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    payment = models.ForeignKey(
        "donations.OnlinePayment", verbose_name=_("payment"), on_delete=models.PROTECT, related_name="refunds"
    )
    amount = AmountField(_("amount"))
    currency = CurrencyField(_("currency"))
    amount_minor = models.BigIntegerField(_("amount as Stripe counts it"))
    reason = models.CharField(_("reason"), max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Empty: made at Stripe."),
    )
    stripe_id = models.CharField(_("refund"), max_length=255, null=True, blank=True, unique=True)
    status = models.CharField(_("status"), max_length=16, choices=RefundStatus, default=RefundStatus.ASKED)
    failure = models.CharField(_("why it failed"), max_length=500, blank=True)
    asked_at = models.DateTimeField(_("asked for at"))
    fetched_at = models.DateTimeField(_("as of"), null=True, blank=True)
    livemode = models.BooleanField(_("real money"), default=False)

    objects = OnlineRefundQuerySet.as_manager()

    class Meta:
        verbose_name = _("online refund")
        verbose_name_plural = _("online refunds")
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["status", "-asked_at"])]
        constraints = [
            positive_amount("amount", "donations_online_refund_positive", _("A refund is more than nothing.")),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0) & ~Q(reason=""),
                name="donations_online_refund_says_why",
                violation_error_message=_("Say why."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["asked", "failed"]) | Q(stripe_id__isnull=False),
                name="donations_online_refund_known_at_stripe",
                violation_error_message=_("A refund that was made has its id at Stripe."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.money} · {self.get_status_display()}"

    @property
    def money(self) -> Money:
        """What goes back."""
        return Money(self.amount, self.currency)

    @property
    def key(self) -> str:
        """The idempotency key it is asked for with."""
        return f"refund-{self.uuid}"

    @property
    def is_ours(self) -> bool:
        """Whether it was asked for on our screens, not at Stripe."""
        return self.by_id is not None
