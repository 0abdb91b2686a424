"""Bank accounts, the statements that were read, and each credit on them: applied to a gift, put aside, or waiting."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.money import AmountField, CurrencyField, Money


class BankAccount(models.Model):
    """An account of ours, and how its files are read."""

    name = models.CharField(_("name"), max_length=120, unique=True, help_text=_("As you call it: Gifts account."))
    number = models.CharField(
        _("account number"),
        max_length=60,
        blank=True,
        help_text=_("IBAN, or sort code and number, as the bank writes it."),
    )
    currency = CurrencyField(_("currency"))
    columns = models.JSONField(
        _("columns of its CSV files"), default=dict, blank=True, help_text=_("Which heading holds what, as used last.")
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class StatementFormat(models.TextChoices):
    """What a statement was written in."""

    CAMT = "camt", _("CAMT.053")
    OFX = "ofx", _("OFX")
    CSV = "csv", _("CSV or XLSX")


class BankStatement(models.Model):
    """A file from the bank that was read. Reading it again adds nothing: each credit on it is known."""

    account = models.ForeignKey(
        BankAccount, verbose_name=_("bank account"), on_delete=models.PROTECT, related_name="statements"
    )
    format = models.CharField(_("format"), max_length=4, choices=StatementFormat)
    file_name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    begins_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    credits = models.PositiveIntegerField(_("credits in the file"), default=0)
    known = models.PositiveIntegerField(_("known before"), default=0)
    debits = models.PositiveIntegerField(_("debits left out"), default=0)
    read_at = models.DateTimeField(_("read at"))
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("bank statement")
        verbose_name_plural = _("bank statements")
        ordering = ["-read_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.account} · {self.file_name}"


class CreditState(models.TextChoices):
    """What became of a credit."""

    WAITING = "waiting", _("Waiting")
    APPLIED = "applied", _("Applied")
    PAYOUT = "payout", _("Stripe payout")
    ASIDE = "aside", _("Put aside")


class BankCreditQuerySet(models.QuerySet["BankCredit"]):
    """Questions about credits."""

    def waiting(self) -> Self:
        """Nobody has said yet what they are."""
        return self.filter(state=CreditState.WAITING)

    def for_list(self) -> Self:
        """With what a list shows beside each."""
        return self.select_related("statement__account", "gift__donor", "payout")


class BankCredit(models.Model):
    """Money that came into an account. What the bank said of it never changes; what it was for is decided here."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    statement = models.ForeignKey(
        BankStatement, verbose_name=_("bank statement"), on_delete=models.PROTECT, related_name="lines"
    )
    fingerprint = models.CharField(_("fingerprint"), max_length=64, unique=True, editable=False)
    booked_on = models.DateField(_("booked on"))
    amount = AmountField(_("amount"))
    currency = CurrencyField(_("currency"))
    payer = models.CharField(_("payer"), max_length=200, blank=True)
    payer_account = models.CharField(_("payer’s account"), max_length=60, blank=True)
    payer_address = models.CharField(
        _("payer’s address"), max_length=300, blank=True, help_text=_("As the bank wrote it, line by line.")
    )
    reference = models.CharField(_("reference"), max_length=200, blank=True)
    text = models.CharField(_("text"), max_length=1000, blank=True)
    bank_id = models.CharField(_("the bank’s own id"), max_length=120, blank=True)

    state = models.CharField(_("state"), max_length=8, choices=CreditState, default=CreditState.WAITING)
    gift = models.OneToOneField(
        "donations.Gift",
        verbose_name=_("gift"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bank_credit",
    )
    payout = models.OneToOneField(
        "donations.Payout",
        verbose_name=_("Stripe payout"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bank_credit",
        help_text=_("The payout whose money this is; the gifts in it are on record by themselves."),
    )
    was_sure = models.BooleanField(_("applied by itself"), default=False)
    why = models.CharField(_("why"), max_length=300, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = BankCreditQuerySet.as_manager()

    class Meta:
        verbose_name = _("bank credit")
        verbose_name_plural = _("bank credits")
        permissions = [
            ("apply_bankcredit", _("Can read bank statements and apply credits")),
            ("export_bankcredit", _("Can export bank credits")),
        ]
        ordering = ["-booked_on", "-pk"]
        indexes = [
            models.Index(fields=["state", "-booked_on"]),
            models.Index(
                fields=["payer_account"], condition=~Q(payer_account=""), name="donations_credit_payer_account"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=Decimal(0)),
                name="donations_credit_positive",
                violation_error_message=_("A credit is more than nothing."),
            ),
            models.CheckConstraint(
                condition=Q(state=CreditState.APPLIED, gift__isnull=False)
                | ~Q(state=CreditState.APPLIED) & Q(gift__isnull=True),
                name="donations_applied_credit_has_its_gift",
                violation_error_message=_("A credit that is applied names its gift, and no other does."),
            ),
            models.CheckConstraint(
                condition=Q(state=CreditState.PAYOUT, payout__isnull=False)
                | ~Q(state=CreditState.PAYOUT) & Q(payout__isnull=True),
                name="donations_credit_of_a_payout_names_it",
                violation_error_message=_("A credit that is a payout names it, and no other does."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.money} · {self.payer or self.text[:60]}"

    @property
    def money(self) -> Money:
        """What came."""
        return Money(self.amount, self.currency)

    @property
    def words(self) -> str:
        """All the payer sent along, for finding a reference in."""
        return " ".join(part for part in (self.reference, self.text) if part)
