"""The ledger: append-only entries, the only source of totals."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Self

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.money import AmountField, CurrencyField


class EntryKind(models.TextChoices):
    """Why money moved in the books."""

    POSTED = "posted", _("Gift posted")
    ADJUSTMENT = "adjustment", _("Adjustment")
    VOID = "void", _("Void")
    REFUND = "refund", _("Refund")
    REFUND_RETURNED = "returned", _("Refund that came back")
    CHARGE_BACK = "charge_back", _("Charge-back")
    REINSTATED = "reinstated", _("Charge-back reversed")


class LedgerQuerySet(models.QuerySet["LedgerEntry"]):
    """Questions about the books."""

    def recorded_by(self, instant: dt.datetime) -> Self:
        """The books as they stood at an instant."""
        return self.filter(recorded_at__lte=instant)


def hold_the_ledger() -> None:
    """Wait until whoever enters something is through, and let nobody enter more before this transaction ends.

    For closing a period: an entry that is on its way is seen, one that comes after meets the closed period. SQLite has
    one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                f"LOCK TABLE {connection.ops.quote_name(LedgerEntry._meta.db_table)} IN SHARE ROW EXCLUSIVE MODE"
            )


class LedgerEntry(models.Model):
    """One movement of one gift in one fund; signed, never changed, never deleted."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    gift = models.ForeignKey("donations.Gift", verbose_name=_("gift"), on_delete=models.PROTECT, related_name="entries")
    fund = models.ForeignKey("donations.Fund", verbose_name=_("fund"), on_delete=models.PROTECT, related_name="entries")
    # Whose it was when it was recorded; a later merge or adjustment moves the gift, not this.
    donor = models.ForeignKey(
        "constituents.Constituent", verbose_name=_("donor"), on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=EntryKind)
    amount = AmountField(_("amount"))
    currency = CurrencyField(_("currency"))
    base_amount = AmountField(_("in base currency"))
    effective_on = models.DateField(_("effective on"))
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["recorded_at", "pk"]
        indexes = [
            models.Index(fields=["fund", "effective_on"]),
            models.Index(fields=["effective_on"]),
            models.Index(fields=["recorded_at"]),
            models.Index(fields=["fund", "gift", "base_amount"], name="donations_entry_fund_sums"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[EntryKind.POSTED, EntryKind.REFUND_RETURNED, EntryKind.REINSTATED], amount__gt=0)
                | Q(kind__in=[EntryKind.VOID, EntryKind.REFUND, EntryKind.CHARGE_BACK], amount__lt=0)
                | (Q(kind=EntryKind.ADJUSTMENT) & ~Q(amount=0)),
                name="donations_entry_sign_fits_kind",
                violation_error_message=_("What comes in is entered with a plus, what goes out with a minus."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[EntryKind.POSTED]) | ~Q(reason=""),
                name="donations_entry_says_why",
                violation_error_message=_("Say why."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount} {self.currency}"
