"""JournalExport: what was handed to the bookkeeping, line by line, and which movements were in it."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from core.money import AmountField, CurrencyField


class JournalGrouping(models.TextChoices):
    """How much one line sums up."""

    DAY = "day", _("A line for each day")
    MONTH = "month", _("A line for each month")


class JournalSettings(models.Model):
    """How this organisation's journal is kept; one row."""

    begins_on = models.DateField(
        _("the journal begins on"),
        null=True,
        blank=True,
        help_text=_("What is dated earlier stands in your books already and is not exported. Empty: everything is."),
    )
    begins_set_at = models.DateTimeField(null=True, blank=True, editable=False)
    grouping = models.CharField(
        _("how much one line sums up"), max_length=8, choices=JournalGrouping, default=JournalGrouping.MONTH
    )

    class Meta:
        verbose_name = _("journal settings")
        verbose_name_plural = _("journal settings")
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1),
                name="donations_one_journal_settings",
                violation_error_message=_("There is one set of accounts for the journal."),
            )
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class JournalExportQuerySet(models.QuerySet["JournalExport"]):
    """Questions about exports."""

    def live(self) -> Self:
        """Not taken back."""
        return self.filter(taken_back_at__isnull=True)


class JournalExport(models.Model):
    """One hand-over to the bookkeeping, numbered; its lines never change, so that it can be downloaded again."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    through = models.DateField(_("through"), help_text=_("Everything dated up to this day that no export had yet."))
    grouping = models.CharField(_("grouping"), max_length=8, choices=JournalGrouping)
    currency = CurrencyField(_("currency"))
    # Filled at the end of the transaction that makes the export, and then frozen.
    entry_count = models.PositiveIntegerField(_("movements"), null=True, blank=True)
    late_count = models.PositiveIntegerField(
        _("late"), null=True, blank=True, help_text=_("Dated into days an earlier export had covered.")
    )
    total = AmountField(_("debit and credit"), null=True, blank=True)
    exported_at = models.DateTimeField(_("exported at"))
    exported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("exported by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    taken_back_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("taken back by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    take_back_reason = models.CharField(_("why it was taken back"), max_length=500, blank=True)

    objects = JournalExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("journal export")
        verbose_name_plural = _("journal exports")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True, take_back_reason="")
                | Q(taken_back_at__isnull=False) & ~Q(take_back_reason=""),
                name="donations_taken_back_export_says_why",
                violation_error_message=_("Say why the export is taken back."),
            )
        ]
        permissions = [("export_journal", _("Can export the journal"))]

    def __str__(self) -> str:
        return f"J{self.pk:05d}" if self.pk else "J"

    @property
    def is_live(self) -> bool:
        """Whether it counts: it was not taken back."""
        return self.taken_back_at is None

    @property
    def state(self) -> str:
        """How it stands, for lists."""
        return "live" if self.is_live else "taken_back"

    def get_state_display(self) -> str:
        """Return how it stands in words."""
        return _text("Handed over") if self.is_live else _text("Taken back")


class JournalLine(models.Model):
    """One line of an export: an amount on one side of one account, in base currency."""

    export = models.ForeignKey(JournalExport, on_delete=models.PROTECT, related_name="lines")
    # Which kind of movement it sums up, so that the line can be proved from its rows.
    source = models.CharField(_("kind of movement"), max_length=16, editable=False)
    date = models.DateField(_("date"))
    text = models.CharField(_("text"), max_length=120)
    account = models.CharField(_("account"), max_length=40, blank=True)
    account_name = models.CharField(_("account name"), max_length=120)
    fund = models.CharField(_("fund"), max_length=40, blank=True)
    method = models.CharField(_("method"), max_length=16, blank=True)
    debit = AmountField(_("debit"), default=Decimal(0))
    credit = AmountField(_("credit"), default=Decimal(0))
    own_currency = CurrencyField(_("original currency"), blank=True)
    own_amount = AmountField(_("in original currency"), null=True, blank=True)

    class Meta:
        verbose_name = _("journal line")
        verbose_name_plural = _("journal lines")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(debit__gt=0, credit=0) | Q(debit=0, credit__gt=0),
                name="donations_journal_line_on_one_side",
                violation_error_message=_(
                    "A line of the journal is a debit or a credit of more than nothing, not both."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.account} {self.debit or -self.credit}"


class ExportedEntry(models.Model):
    """One movement that an export had; a movement is in one live export at most."""

    export = models.ForeignKey(JournalExport, on_delete=models.PROTECT, related_name="entries")
    source = models.CharField(_("kind of movement"), max_length=16)
    row = models.BigIntegerField(_("number of the movement"))
    # False from the moment the export is taken back; it is what lets the database hold "exported once".
    is_live = models.BooleanField(_("in a live export"), default=True)

    class Meta:
        verbose_name = _("exported movement")
        verbose_name_plural = _("exported movements")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "row"],
                condition=Q(is_live=True),
                name="donations_movement_exported_once",
                violation_error_message=_("This movement was handed over already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.row}"


def journal_settings() -> JournalSettings:
    """Return how the journal is kept; made with what is usual when nobody has said anything yet."""
    return JournalSettings.objects.get_or_create(pk=1)[0]
