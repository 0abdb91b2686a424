"""BalanceLine: one movement of the balance at Stripe, as Stripe booked it."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.money import AmountField, CurrencyField, Money
from donations.models.gift import Method


class LineKind(models.TextChoices):
    """What a movement is, for a deposit report; `type` keeps Stripe's own word."""

    CHARGE = "charge", _("Payments")
    REFUND = "refund", _("Refunds")
    DISPUTE = "dispute", _("Disputes")
    FEE = "fee", _("Fees")
    PAYOUT = "payout", _("Payouts")
    OTHER = "other", _("Other")


class BalanceLineQuerySet(models.QuerySet["BalanceLine"]):
    """Questions about what moved at Stripe."""

    def in_deposits(self) -> Self:
        """What a deposit is made of: everything but the payout itself."""
        return self.exclude(type="payout")

    def unpaid(self) -> Self:
        """Still held by Stripe."""
        return self.in_deposits().filter(payout__isnull=True)


class BalanceLine(models.Model):
    """What Stripe calls a balance transaction. What it says of money never changes; its payout is filled once.

    `gross - fee = net`, in the currency of the balance, which may be another than the donor's.
    """

    line_id = models.CharField(_("id at Stripe"), max_length=255, unique=True)
    livemode = models.BooleanField(_("real money"))
    type = models.CharField(_("type at Stripe"), max_length=60)
    category = models.CharField(_("category at Stripe"), max_length=60, blank=True)
    kind = models.CharField(_("what it is"), max_length=8, choices=LineKind)
    method = models.CharField(
        _("how it was paid"),
        max_length=16,
        choices=Method,
        default=Method.CARD,
        help_text=_("By card or wallet, or by bank debit: which account of the books the money stands in."),
    )
    currency = CurrencyField(_("currency"))
    gross = AmountField(_("gross"), help_text=_("Below zero when money left."))
    fee = AmountField(_("fee"), help_text=_("Above zero when Stripe kept it, below when it gave it back."))
    net = AmountField(_("net"))
    gross_minor = models.BigIntegerField(_("gross in Stripe’s units"), editable=False)
    fee_minor = models.BigIntegerField(_("fee in Stripe’s units"), editable=False)
    net_minor = models.BigIntegerField(_("net in Stripe’s units"), editable=False)
    exchange_rate = models.DecimalField(
        _("exchange rate"),
        max_digits=20,
        decimal_places=10,
        null=True,
        blank=True,
        help_text=_("What one unit of the donor’s currency became, where Stripe converted it."),
    )
    base_rate = models.DecimalField(
        _("rate to the base currency"),
        max_digits=18,
        decimal_places=8,
        null=True,
        blank=True,
        help_text=_("Of the day it is booked on, by your own table. Without one it waits to go into the journal."),
    )
    source_id = models.CharField(
        _("what it belongs to"), max_length=255, blank=True, help_text=_("The charge, refund, dispute or payout.")
    )
    description = models.CharField(_("description"), max_length=500, blank=True)
    happened_at = models.DateTimeField(_("happened at"))
    booked_on = models.DateField(
        _("booked on"), help_text=_("The local day, or the first open day when the books of it were closed.")
    )
    available_on = models.DateField(_("available on"))
    payout = models.ForeignKey(
        "donations.Payout",
        verbose_name=_("payout"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="lines",
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    # Of what stands in no row of ours, Stripe was asked once what it is.
    looked_at = models.DateTimeField(_("looked at"), null=True, blank=True, editable=False)

    objects = BalanceLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("balance line")
        verbose_name_plural = _("balance lines")
        ordering = ["-happened_at", "-pk"]
        indexes = [
            models.Index(fields=["source_id"]),
            models.Index(fields=["booked_on"]),
            models.Index(fields=["-happened_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(line_id=""),
                name="donations_balance_line_has_an_id",
                violation_error_message=_("A movement at Stripe has an id."),
            ),
            models.CheckConstraint(
                condition=Q(net_minor=F("gross_minor") - F("fee_minor")),
                name="donations_balance_line_adds_up",
                violation_error_message=_("What is left of a movement is what came less the fee."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.net_money}"

    @property
    def gross_money(self) -> Money:
        """What moved before the fee."""
        return Money(self.gross, self.currency)

    @property
    def fee_money(self) -> Money:
        """What Stripe kept."""
        return Money(self.fee, self.currency)

    @property
    def net_money(self) -> Money:
        """What it did to the balance."""
        return Money(self.net, self.currency)
