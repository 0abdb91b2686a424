"""Account: where in the organisation's own books a kind of money movement goes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from donations.models.gift import Method


class AccountUse(models.TextChoices):
    """What an account is for: where money of each method lands, and what the other side of the line is called."""

    CARD = Method.CARD.value, _("Card payments")
    BANK_DEBIT = Method.BANK_DEBIT.value, _("Bank debits")
    TRANSFER = Method.TRANSFER.value, _("Bank transfers")
    CHEQUE = Method.CHEQUE.value, _("Cheques")
    CASH = Method.CASH.value, _("Cash")
    PAYROLL = Method.PAYROLL.value, _("Payroll giving")
    IN_KIND = Method.IN_KIND.value, _("Goods received")
    SECURITIES = Method.SECURITIES.value, _("Securities received")
    DONOR_ADVISED_FUND = Method.DONOR_ADVISED_FUND.value, _("Donor-advised funds")
    OTHER = Method.OTHER.value, _("Other ways")
    INCOME = "income", _("Gifts to funds without an account of their own")
    DUES = "dues", _("Membership dues")
    IN_KIND_INCOME = "in_kind_income", _("Gifts of goods")
    SECURITIES_INCOME = "securities_inc", _("Gifts of securities")
    REFUNDS = "refunds", _("Refunds")
    CHARGE_BACKS = "charge_backs", _("Charge-backs")
    FEES = "fees", _("Processing fees")
    STRIPE = "stripe", _("Money held by Stripe")
    DEPOSITS = "deposits", _("Bank account that Stripe pays into")
    STRIPE_OTHER = "stripe_other", _("Other movements at Stripe")
    RECEIVABLE = "receivable", _("Pledges receivable")
    WRITE_OFFS = "write_offs", _("Pledges written off")


#: Where money comes in; each of them is the debit side of a gift.
MONEY_USES = tuple(AccountUse(method.value) for method in Method)


class Account(models.Model):
    """The number and name of one account of the books, as the bookkeeping program knows it."""

    use = models.CharField(_("used for"), max_length=16, choices=AccountUse, unique=True)
    code = models.CharField(_("account number"), max_length=40, help_text=_("As your bookkeeping program knows it."))
    name = models.CharField(_("account name"), max_length=120, blank=True, help_text=_("Empty: what it is used for."))

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(code=""),
                name="donations_account_has_a_number",
                violation_error_message=_("An account has a number."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"

    @property
    def label(self) -> str:
        """Its own name, or what it is used for."""
        return self.name or str(AccountUse(self.use).label)
