"""StripeSubscription: what Stripe says of a recurring gift it charges; what we asked it to change; what failed."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.money import AmountField, CurrencyField, Money, positive_amount

#: Of these, in Stripe's words, nothing more is ever charged.
OVER = ("canceled", "incomplete_expired")


class StripeSubscription(models.Model):
    """A subscription at Stripe, as it was last read there. It says; the recurring gift's dated changes follow."""

    recurring = models.OneToOneField(
        "donations.RecurringGift",
        verbose_name=_("recurring gift"),
        on_delete=models.PROTECT,
        related_name="subscription",
    )
    subscription_id = models.CharField(_("subscription"), max_length=255, unique=True)
    customer_id = models.CharField(_("customer at Stripe"), max_length=255)
    livemode = models.BooleanField(_("real money"))
    item_id = models.CharField(_("item"), max_length=255, blank=True)
    price_id = models.CharField(_("price"), max_length=255, blank=True)
    product_id = models.CharField(_("product"), max_length=255, blank=True)
    status = models.CharField(_("status at Stripe"), max_length=30)
    anchored_at = models.DateTimeField(_("charges count from"), null=True, blank=True)
    period_ends_at = models.DateTimeField(_("next charge"), null=True, blank=True)
    is_paused = models.BooleanField(_("paused"), default=False)
    resumes_at = models.DateTimeField(_("goes on at"), null=True, blank=True)
    cancel_at = models.DateTimeField(_("will be cancelled at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    payment_method_id = models.CharField(_("payment method"), max_length=255, blank=True)
    method_type = models.CharField(_("kind of payment method"), max_length=40, blank=True)
    card_brand = models.CharField(_("card"), max_length=40, blank=True)
    last4 = models.CharField(_("last four digits"), max_length=4, blank=True)
    expires_year = models.PositiveSmallIntegerField(_("expires in the year"), null=True, blank=True)
    expires_month = models.PositiveSmallIntegerField(_("expires in the month"), null=True, blank=True)
    card_asked_at = models.DateTimeField(_("sent to give another card at"), null=True, blank=True)
    latest_invoice_id = models.CharField(_("latest invoice"), max_length=255, blank=True)
    synced_at = models.DateTimeField(_("read at Stripe"))

    class Meta:
        verbose_name = _("subscription at Stripe")
        verbose_name_plural = _("subscriptions at Stripe")
        indexes = [models.Index(fields=["customer_id"])]

    def __str__(self) -> str:
        return self.subscription_id

    @property
    def is_over(self) -> bool:
        """Whether nothing more is ever charged."""
        return self.status in OVER

    @property
    def is_given_up(self) -> bool:
        """Whether Stripe charges it no more: it is over, or only its unpaid invoices are kept."""
        return self.is_over or self.status == "unpaid"

    @property
    def paid_with(self) -> str:
        """What is charged, for a list: `Visa ···· 4242`."""
        name = self.card_brand or self.method_type.replace("_", " ")
        name = f"{name[:1].upper()}{name[1:]}"
        return f"{name} ···· {self.last4}" if self.last4 else name


class Asked(models.TextChoices):
    """What is asked of Stripe."""

    AMOUNT = "amount", _("Another amount")
    DAY = "day", _("Another day")
    PAUSE = "pause", _("Pause")
    RESUME = "resume", _("Go on")
    STOP = "stop", _("Stop")
    CARD = "card", _("Use the new card")
    RHYTHM = "rhythm", _("Another rhythm")
    CHARGE = "charge", _("Charge what is open")


class AskedState(models.TextChoices):
    """What became of it."""

    ASKED = "asked", _("Being asked")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")


class AskedChangeQuerySet(models.QuerySet["AskedChange"]):
    """Questions about what was asked."""

    def waiting(self) -> Self:
        """Of which we do not know yet whether Stripe did it."""
        return self.filter(state=AskedState.ASKED)


class AskedChange(models.Model):
    """A change asked of Stripe: written first, so that asking twice is asking once, whatever breaks in between.

    Its uuid is the idempotency key. One at a time for a subscription: two under way could be done in either order.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subscription = models.ForeignKey(StripeSubscription, on_delete=models.CASCADE, related_name="asked")
    what = models.CharField(_("what"), max_length=8, choices=Asked)
    #: As Stripe is asked: {"amount": "25.00"}, {"from": "2026-12-01"}, {"until": "2027-03-01"}, {"method": "pm_..."},
    #: {"invoice": "in_..."}.
    terms = models.JSONField(_("terms"), default=dict)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    state = models.CharField(_("state"), max_length=8, choices=AskedState, default=AskedState.ASKED)
    tries = models.PositiveSmallIntegerField(_("times tried"), default=0)
    # Stripe answers a key for a day as it did at first, also where that was a failure of its own.
    keys_spent = models.PositiveSmallIntegerField(_("keys spent"), default=0, editable=False)
    answer = models.CharField(_("what Stripe said"), max_length=500, blank=True)
    asked_at = models.DateTimeField(_("asked at"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    objects = AskedChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change asked of Stripe")
        verbose_name_plural = _("changes asked of Stripe")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subscription"],
                condition=Q(state=AskedState.ASKED),
                name="donations_asked_change_one_at_a_time",
                violation_error_message=_("We are still asking the payment service for the change before this one."),
            ),
            models.CheckConstraint(
                condition=Q(state=AskedState.ASKED, settled_at__isnull=True)
                | (~Q(state=AskedState.ASKED) & Q(settled_at__isnull=False)),
                name="donations_asked_change_settled_when_known",
                violation_error_message=_("A change is settled once Stripe has answered, and says when."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} ({self.get_state_display()})"

    @property
    def key(self) -> str:
        """The idempotency key it is asked with."""
        return f"asked-{self.uuid}-{self.keys_spent}" if self.keys_spent else f"asked-{self.uuid}"


class FailedChargeQuerySet(models.QuerySet["FailedCharge"]):
    """Questions about charges that failed."""

    def open(self) -> Self:
        """Whose invoice is still unpaid, and not given up."""
        return self.filter(settled_at__isnull=True)


class FailedCharge(models.Model):
    """One attempt to charge an invoice that failed: what the donor is told of, once, and staff see."""

    subscription = models.ForeignKey(StripeSubscription, on_delete=models.CASCADE, related_name="failures")
    invoice_id = models.CharField(_("invoice"), max_length=255)
    attempt = models.PositiveSmallIntegerField(_("attempt"))
    amount = AmountField(_("amount"))
    currency = CurrencyField(_("currency"))
    code = models.CharField(_("code"), max_length=60, blank=True, help_text=_("The bank's answer, in Stripe's words."))
    needs_approval = models.BooleanField(
        _("needs the donor"), default=False, help_text=_("The bank asks the donor to approve the payment.")
    )
    invoice_url = models.URLField(_("page of the invoice"), max_length=1_000, blank=True)
    failed_at = models.DateTimeField(_("noticed at"))
    next_attempt_at = models.DateTimeField(_("tried again at"), null=True, blank=True)
    told_at = models.DateTimeField(_("donor told at"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    objects = FailedChargeQuerySet.as_manager()

    class Meta:
        verbose_name = _("failed charge")
        verbose_name_plural = _("failed charges")
        ordering = ["-failed_at", "-pk"]
        constraints = [
            positive_amount("amount", "donations_failed_charge_positive", _("A charge is more than nothing.")),
            models.UniqueConstraint(
                fields=["invoice_id", "attempt"],
                name="donations_failed_charge_once_an_attempt",
                violation_error_message=_("This attempt is on record already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} #{self.attempt}"

    @property
    def money(self) -> Money:
        """What was to be charged."""
        return Money(self.amount, self.currency)
