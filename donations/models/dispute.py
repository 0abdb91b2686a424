"""Dispute and FraudWarning: a payer or a bank questions a payment."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.money import AmountField, CurrencyField, Money, positive_amount


class DisputeStatus(models.TextChoices):
    """Where a dispute stands, in Stripe's words; a *warning* is an inquiry that took no money."""

    WARNING_NEEDS_RESPONSE = "warning_needs_response", _("Inquiry: needs an answer")
    WARNING_UNDER_REVIEW = "warning_under_review", _("Inquiry: under review")
    WARNING_CLOSED = "warning_closed", _("Inquiry closed")
    NEEDS_RESPONSE = "needs_response", _("Needs an answer")
    UNDER_REVIEW = "under_review", _("Under review")
    PREVENTED = "prevented", _("Prevented")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")
    APPEAL_NEEDS_RESPONSE = "appeal_needs_response", _("Lost: may be appealed")
    APPEAL_UNDER_REVIEW = "appeal_under_review", _("Lost: appeal under review")


#: A status never gives way to one of lower rank; of two of the same rank the one asked for later holds.
#: An inquiry that was closed may still become a dispute, and what was decided may be appealed.
DISPUTE_RANK = {
    DisputeStatus.WARNING_NEEDS_RESPONSE: 0,
    DisputeStatus.WARNING_UNDER_REVIEW: 1,
    DisputeStatus.WARNING_CLOSED: 2,
    DisputeStatus.NEEDS_RESPONSE: 3,
    DisputeStatus.UNDER_REVIEW: 4,
    DisputeStatus.PREVENTED: 5,
    DisputeStatus.WON: 5,
    DisputeStatus.LOST: 5,
    DisputeStatus.APPEAL_NEEDS_RESPONSE: 5,
    DisputeStatus.APPEAL_UNDER_REVIEW: 5,
}
#: The bank only asks; no money is taken, and a refund settles it.
INQUIRIES = (DisputeStatus.WARNING_NEEDS_RESPONSE, DisputeStatus.WARNING_UNDER_REVIEW)
#: The money is gone, for good unless an appeal is won.
GONE = (DisputeStatus.LOST, DisputeStatus.APPEAL_NEEDS_RESPONSE, DisputeStatus.APPEAL_UNDER_REVIEW)
#: Somebody has to answer.
WAITING_FOR_US = (
    DisputeStatus.WARNING_NEEDS_RESPONSE,
    DisputeStatus.NEEDS_RESPONSE,
    DisputeStatus.APPEAL_NEEDS_RESPONSE,
)
#: The bank decides over money it has taken.
CONTESTED = (
    DisputeStatus.NEEDS_RESPONSE,
    DisputeStatus.UNDER_REVIEW,
    DisputeStatus.APPEAL_NEEDS_RESPONSE,
    DisputeStatus.APPEAL_UNDER_REVIEW,
)
#: The bank has not decided yet.
UNDECIDED = (*INQUIRIES, *CONTESTED)


class DisputeQuerySet(models.QuerySet["Dispute"]):
    """Questions about disputes."""

    def lost(self) -> Self:
        """The money is gone."""
        return self.filter(Q(status__in=GONE) | Q(status=DisputeStatus.PREVENTED, took_money=True))

    def waiting_for_us(self) -> Self:
        """Somebody has to answer."""
        return self.filter(status__in=WAITING_FOR_US)

    def for_list(self) -> Self:
        """With what a list shows beside each."""
        return self.select_related("payment__gift__donor")


class Dispute(models.Model):
    """A payer or a bank questions a payment. Only when it is lost does the gift count no more."""

    stripe_id = models.CharField(_("dispute"), max_length=255, unique=True)
    payment = models.ForeignKey(
        "donations.OnlinePayment", verbose_name=_("payment"), on_delete=models.PROTECT, related_name="disputes"
    )
    amount = AmountField(_("amount"))
    currency = CurrencyField(_("currency"))
    amount_minor = models.BigIntegerField(_("amount as Stripe counts it"))
    reason = models.CharField(_("reason"), max_length=60, help_text=_("Stripe’s word for it, such as `fraudulent`."))
    status = models.CharField(_("status"), max_length=24, choices=DisputeStatus)
    # What is prevented was either turned down, or paid back to the donor there and then: only the balance tells.
    took_money = models.BooleanField(_("took money from the balance"), default=False, editable=False)
    evidence_due_at = models.DateTimeField(_("answer by"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened at"))
    closed_at = models.DateTimeField(
        _("closed at"), null=True, blank=True, help_text=_("When we heard that it was decided.")
    )
    fetched_at = models.DateTimeField(_("as of"))
    livemode = models.BooleanField(_("real money"), default=False)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["status", "evidence_due_at"])]
        constraints = [
            positive_amount("amount", "donations_dispute_amount_positive", _("A dispute is about something.")),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0),
                name="donations_dispute_minor_positive",
                violation_error_message=_("A dispute is about more than nothing."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.money} · {self.get_status_display()}"

    @property
    def money(self) -> Money:
        """What is questioned."""
        return Money(self.amount, self.currency)

    @property
    def answer_by(self) -> dt.datetime | None:
        """Until when we may answer; None when nobody waits for us."""
        return self.evidence_due_at if self.status in WAITING_FOR_US else None

    @property
    def is_lost(self) -> bool:
        """Whether the money is gone."""
        return self.status in GONE or (self.status == DisputeStatus.PREVENTED and self.took_money)


class FraudWarning(models.Model):
    """A card network suspects a payment: refunding it in time spares a dispute."""

    stripe_id = models.CharField(_("warning"), max_length=255, unique=True)
    payment = models.ForeignKey(
        "donations.OnlinePayment", verbose_name=_("payment"), on_delete=models.PROTECT, related_name="fraud_warnings"
    )
    type = models.CharField(_("kind"), max_length=60, help_text=_("Stripe’s word for it."))
    is_actionable = models.BooleanField(_("a refund would help"), default=True)
    warned_at = models.DateTimeField(_("warned at"))
    fetched_at = models.DateTimeField(_("as of"))
    livemode = models.BooleanField(_("real money"), default=False)

    class Meta:
        verbose_name = _("early fraud warning")
        verbose_name_plural = _("early fraud warnings")
        ordering = ["-warned_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.payment} · {self.type}"
