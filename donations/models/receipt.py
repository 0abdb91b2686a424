"""Receipt: the official document over one or more gifts of one donor, numbered without gaps and frozen."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Round
from django.utils.translation import gettext_lazy as _

from core.money import AmountField, CurrencyField, Money

if TYPE_CHECKING:
    from constituents.models import Constituent


def private_storage() -> Storage:
    """Return where receipts are kept: never below a public address."""
    return storages["private"]


def receipt_path(receipt: Receipt, _filename: str = "") -> str:
    """Return where the receipt's file is stored, the same at every attempt."""
    return f"receipts/{receipt.year}/{receipt.uuid}.pdf"


class ReceiptCounter(models.Model):
    """The last number taken in a series and year; locked while the next one is taken, so that none is lost or doubled.

    `max() + 1` gives two people the same number, a database sequence leaves gaps when a transaction is rolled back.
    """

    series = models.CharField(_("series"), max_length=8)
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("receipt counter")
        verbose_name_plural = _("receipt counters")
        constraints = [
            models.UniqueConstraint(
                fields=["series", "year"],
                name="donations_one_receipt_counter",
                violation_error_message=_("The numbers of this series and year are being counted already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.series}{self.year}: {self.last}"


class ReceiptState(models.TextChoices):
    """Where the receipt stands. Only an issued one is given to anybody; a void one stays, and says so."""

    NUMBERED = "numbered", _("Being printed")
    ISSUED = "issued", _("Issued")
    VOID = "void", _("Void")


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    """Questions about receipts."""

    def of(self, constituent: Constituent) -> Self:
        """Those made out to a constituent, or to a record that was merged into it."""
        return self.filter(recipient__in=constituent.lineage_ids)

    def live(self) -> Self:
        """Not void."""
        return self.exclude(state=ReceiptState.VOID)

    def issued(self) -> Self:
        """Ready to be given to the donor."""
        return self.filter(state=ReceiptState.ISSUED)

    def unfinished(self) -> Self:
        """Numbered, but the file is not stored yet: to be finished."""
        return self.filter(state=ReceiptState.NUMBERED)

    def for_list(self) -> Self:
        """With what a list shows beside each receipt."""
        return self.select_related("recipient", "replaces", "replaced_by")


class Receipt(models.Model):
    """What we certified to a donor: words, names and amounts as they were that day, and the very file they got.

    A trigger keeps all of it. What may still happen: the file is stored, once; the receipt is voided, once. A merge of
    records leaves it with the one it was made out to: the record kept finds it by its `lineage_ids`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    series = models.CharField(_("series"), max_length=8)
    year = models.PositiveSmallIntegerField(_("year of issue"))
    number = models.PositiveIntegerField(_("number in the series"))
    serial = models.CharField(_("receipt number"), max_length=40, unique=True)
    regime = models.CharField(_("receipt rules"), max_length=8)
    recipient = models.ForeignKey(
        "constituents.Constituent", verbose_name=_("recipient"), on_delete=models.PROTECT, related_name="receipts"
    )
    covers_year = models.PositiveSmallIntegerField(
        _("yearly receipt for"), null=True, blank=True, help_text=_("Empty for a receipt over single gifts.")
    )
    currency = CurrencyField(_("currency"))
    amount = AmountField(_("amount"))
    advantage = AmountField(_("value of what the donor got"))
    eligible = AmountField(_("eligible amount"))
    issued_on = models.DateField(_("issued on"))
    snapshot = models.JSONField(_("as printed"), editable=False)

    state = models.CharField(_("state"), max_length=8, choices=ReceiptState, default=ReceiptState.NUMBERED)
    numbered_at = models.DateTimeField(_("numbered at"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("issued by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    file = models.FileField(_("file"), storage=private_storage, upload_to=receipt_path, max_length=200, blank=True)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)
    byte_count = models.PositiveIntegerField(_("size in bytes"), default=0)

    replaces = models.OneToOneField(
        "self", verbose_name=_("replaces"), null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    voided_at = models.DateTimeField(_("voided at"), null=True, blank=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("voided by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    void_reason = models.CharField(_("why it is void"), max_length=500, blank=True)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ["-year", "-number"]
        indexes = [
            models.Index(fields=["recipient", "-issued_on"]),
            models.Index(fields=["-issued_on", "-number"]),
            models.Index(fields=["state"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "year", "number"],
                name="donations_receipt_number_unique",
                violation_error_message=_("This number is taken by another receipt of the series and year."),
            ),
            models.CheckConstraint(
                condition=Q(number__gt=0),
                name="donations_receipt_number_positive",
                violation_error_message=_("Receipts are numbered from 1."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0, advantage__gte=0, eligible__gte=0)
                & Q(eligible=Round(F("amount") - F("advantage"), precision=3)),
                name="donations_receipt_amounts_agree",
                violation_error_message=_("The eligible amount is the amount less what the donor got."),
            ),
            models.CheckConstraint(
                condition=~Q(state=ReceiptState.ISSUED) | ~Q(file="") & ~Q(sha256="") & Q(byte_count__gt=0),
                name="donations_issued_receipt_has_a_file",
                violation_error_message=_("A receipt is issued once its file is stored."),
            ),
            models.CheckConstraint(
                condition=Q(state=ReceiptState.VOID, voided_at__isnull=False) & ~Q(void_reason="")
                | ~Q(state=ReceiptState.VOID) & Q(voided_at__isnull=True, void_reason=""),
                name="donations_void_receipt_says_why",
                violation_error_message=_("Say why the receipt is void."),
            ),
        ]
        permissions = [
            ("issue_receipt", _("Can issue receipts")),
            ("void_receipt", _("Can void and replace receipts")),
            ("export_receipt", _("Can export receipts")),
        ]

    def __str__(self) -> str:
        return self.serial

    @property
    def eligible_money(self) -> Money:
        """What the donor may declare."""
        return Money(self.eligible, self.currency)

    @property
    def money(self) -> Money:
        """What the donor gave."""
        return Money(self.amount, self.currency)

    @property
    def is_void(self) -> bool:
        """Whether it counts no more."""
        return self.state == ReceiptState.VOID

    @property
    def is_deliverable(self) -> bool:
        """Whether it may be given to the donor: its file is stored and it is not void."""
        return self.state == ReceiptState.ISSUED

    @property
    def file_name(self) -> str:
        """The name a download gets."""
        return f"receipt-{self.serial}.pdf"


class ReceiptLine(models.Model):
    """One gift on a receipt, with the part that is eligible; a gift stands on one live receipt at most."""

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="lines")
    gift = models.ForeignKey(
        "donations.Gift", verbose_name=_("gift"), on_delete=models.PROTECT, related_name="receipt_lines"
    )
    amount = AmountField(_("amount"))
    advantage = AmountField(_("value of what the donor got"))
    eligible = AmountField(_("eligible amount"))
    is_described = models.BooleanField(_("goods, described and not valued"), default=False)
    # False from the moment the receipt is void; it is what lets the database hold "one live receipt a gift".
    is_live = models.BooleanField(_("on a live receipt"), default=True)

    class Meta:
        verbose_name = _("receipt line")
        verbose_name_plural = _("receipt lines")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["gift"],
                condition=Q(is_live=True),
                name="donations_gift_on_one_live_receipt",
                violation_error_message=_("This gift has been receipted already."),
            ),
            models.UniqueConstraint(
                fields=["receipt", "gift"],
                name="donations_gift_once_a_receipt",
                violation_error_message=_("The gift stands on this receipt already."),
            ),
            models.CheckConstraint(
                condition=Q(is_described=True, amount=0, advantage=0, eligible=0)
                | Q(is_described=False, eligible__gt=0, advantage__gte=0)
                & Q(eligible=Round(F("amount") - F("advantage"), precision=3)),
                name="donations_receipt_line_amounts_agree",
                violation_error_message=_("The eligible amount is the amount less what the donor got."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt}: {self.eligible}"
