"""OnlinePayment: what Stripe says of one payment, and the gift it is."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.money import AmountField, CurrencyField, Money, positive_amount


class PaymentStatus(models.TextChoices):
    """Where a payment stands. Its rank only rises: see `RANK`."""

    STARTED = "started", _("Started")
    PROCESSING = "processing", _("Processing")
    FAILED = "failed", _("Failed")
    CANCELED = "canceled", _("Cancelled")
    SUCCEEDED = "succeeded", _("Paid")


#: A status never gives way to one of lower rank; of two of the same rank the one asked for later holds.
RANK = {
    PaymentStatus.STARTED: 0,
    PaymentStatus.PROCESSING: 1,
    PaymentStatus.FAILED: 1,
    PaymentStatus.CANCELED: 2,
    PaymentStatus.SUCCEEDED: 3,
}


class Resolution(models.TextChoices):
    """What staff decided of a payment that no form of ours had asked for."""

    GIFT = "gift", _("Made a gift")
    NOT_OURS = "not_ours", _("No gift")


class OnlinePaymentQuerySet(models.QuerySet["OnlinePayment"]):
    """Questions about payments."""

    def paid(self) -> Self:
        """The money came, whatever became of it since."""
        return self.filter(status=PaymentStatus.SUCCEEDED)

    def unmatched(self) -> Self:
        """Paid, and nobody knows yet what for."""
        return self.paid().filter(gift=None, resolution="")

    def for_list(self) -> Self:
        """With what a list shows beside each, in a constant number of queries."""
        return self.select_related("gift__donor", "recurring__donor", "resolved_by")


class OnlinePayment(models.Model):
    """What Stripe says of one payment. It is one gift, or waits until somebody says what it is.

    What stands here is Stripe's; what became of it in our books stands on the gift and its ledger entries.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    payment_intent = models.CharField(_("payment"), max_length=255, null=True, blank=True, unique=True)
    charge_id = models.CharField(_("charge"), max_length=255, null=True, blank=True, unique=True)
    invoice_id = models.CharField(_("invoice"), max_length=255, null=True, blank=True, unique=True)
    customer_id = models.CharField(_("customer"), max_length=255, blank=True)
    gift = models.OneToOneField(
        "donations.Gift",
        verbose_name=_("gift"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="online_payment",
    )
    recurring = models.ForeignKey(
        "donations.RecurringGift",
        verbose_name=_("recurring gift"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="online_payments",
    )
    amount = AmountField(_("amount"))
    currency = CurrencyField(_("currency"))
    amount_minor = models.BigIntegerField(_("amount as Stripe counts it"))
    refunded_minor = models.BigIntegerField(_("refunded as Stripe counts it"), default=0)
    status = models.CharField(_("status"), max_length=10, choices=PaymentStatus, default=PaymentStatus.STARTED)
    method_type = models.CharField(_("paid with"), max_length=40, blank=True, help_text=_("Stripe’s word, as `card`."))
    method_brand = models.CharField(_("card or bank"), max_length=60, blank=True)
    method_last4 = models.CharField(_("last four digits"), max_length=4, blank=True)
    method_wallet = models.CharField(_("wallet"), max_length=40, blank=True)
    payer_name = models.CharField(_("name of the payer"), max_length=255, blank=True)
    payer_email = models.CharField(_("e-mail of the payer"), max_length=255, blank=True)
    statement = models.CharField(_("description"), max_length=500, blank=True)
    failure_code = models.CharField(_("failure code"), max_length=80, blank=True)
    failure_message = models.CharField(_("why it failed"), max_length=500, blank=True)
    charged_at = models.DateTimeField(_("charged at"), null=True, blank=True)
    # The balance is kept in the currency of our bank account, which need not be that of the gift.
    balance_transaction = models.CharField(_("balance transaction"), max_length=255, null=True, blank=True, unique=True)
    settled_currency = CurrencyField(_("settled in"), blank=True)
    fee = AmountField(_("fee"), null=True, blank=True, help_text=_("What Stripe kept, in the currency settled in."))
    net = AmountField(_("net"), null=True, blank=True, help_text=_("What is left, in the currency settled in."))
    livemode = models.BooleanField(_("real money"), default=False)

    # What of refunds and disputes at Stripe stands in our books, so that each is entered once.
    refunded_in_books = AmountField(_("refunds entered"), default=Decimal(0), editable=False)
    charged_back_in_books = AmountField(_("charge-backs entered"), default=Decimal(0), editable=False)

    resolution = models.CharField(_("decision"), max_length=8, choices=Resolution, blank=True)
    resolution_reason = models.CharField(_("why"), max_length=300, blank=True)
    resolved_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(_("first seen at"), auto_now_add=True)
    # When what stands here was asked of Stripe: an answer that was asked for earlier and comes later changes nothing.
    fetched_at = models.DateTimeField(_("as of"))

    objects = OnlinePaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("online payment")
        verbose_name_plural = _("online payments")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["status", "-created_at"]),
            models.Index(fields=["livemode", "status"]),
            models.Index(fields=["customer_id"]),
            models.Index(fields=["-charged_at"]),
            models.Index(
                fields=["created_at"],
                condition=Q(status="succeeded", gift__isnull=True, resolution=""),
                name="donations_payment_unmatched",
            ),
        ]
        constraints = [
            positive_amount("amount", "donations_payment_amount_positive", _("A payment is more than nothing.")),
            models.CheckConstraint(
                condition=Q(payment_intent__isnull=False) | Q(charge_id__isnull=False),
                name="donations_payment_has_an_id",
                violation_error_message=_("A payment has an id at Stripe."),
            ),
            models.CheckConstraint(
                condition=~Q(status="succeeded") | Q(charge_id__isnull=False, charged_at__isnull=False),
                name="donations_paid_has_its_charge",
                violation_error_message=_("A payment that was made has its charge and its time."),
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, refunded_minor__gte=0, refunded_minor__lte=F("amount_minor")),
                name="donations_payment_refunded_within",
                violation_error_message=_("A payment is more than nothing, and no more of it goes back than was paid."),
            ),
            models.CheckConstraint(
                condition=Q(refunded_in_books__gte=Decimal(0), charged_back_in_books__gte=Decimal(0)),
                name="donations_payment_entered_not_negative",
                violation_error_message=_("What the books say went back is nothing or more."),
            ),
            models.CheckConstraint(
                condition=Q(resolution="", resolved_at__isnull=True)
                | ~Q(resolution="") & ~Q(resolution_reason="") & Q(resolved_at__isnull=False),
                name="donations_payment_decision_says_why",
                violation_error_message=_("Say why."),
            ),
        ]
        permissions = [
            ("resolve_onlinepayment", _("Can say what unmatched payments are")),
            ("export_onlinepayment", _("Can export online payments")),
        ]

    def __str__(self) -> str:
        return f"{self.money} · {self.get_status_display()}"

    @property
    def money(self) -> Money:
        """What was paid, or is to be."""
        return Money(self.amount, self.currency)

    @property
    def refunded(self) -> Money:
        """What went back at Stripe: of the same kind of units as the payment, so no table of currencies is needed."""
        return self.money * (Decimal(self.refunded_minor) / self.amount_minor)

    @property
    def who(self) -> str:
        """The donor; of a payment that is no gift yet, whom Stripe names."""
        if self.gift is not None:
            return str(self.gift.donor)
        return self.payer_name or self.payer_email or self.charge_id or self.payment_intent or ""

    @property
    def is_paid(self) -> bool:
        """Whether the money came, whatever became of it since."""
        return self.status == PaymentStatus.SUCCEEDED

    @property
    def paid_with(self) -> str:
        """What it was paid with, for a list: `Visa ···· 4242`, `Apple Pay`."""
        name = self.method_brand or self.method_type.replace("_", " ")
        name = f"{name[:1].upper()}{name[1:]}"
        wallet = f" ({self.method_wallet.replace('_', ' ').title()})" if self.method_wallet else ""
        return f"{name} ···· {self.method_last4}{wallet}" if self.method_last4 else f"{name}{wallet}"
