"""Giving totals: what lists and pages show of a donor's giving, kept beside the ledger and provable from it."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.money import AmountField


class GivingTotals(models.Model):
    """A donor's counted gifts (without dues), net of refunds, in the base currency; and, apart, their recognition.

    Recognition is for gifts of others (soft credits). It is a number with its own name and never part of the others.
    """

    constituent = models.OneToOneField(
        "constituents.Constituent", primary_key=True, on_delete=models.CASCADE, related_name="giving"
    )
    gift_count = models.PositiveIntegerField(_("gifts"), default=0)
    lifetime = AmountField(_("lifetime giving"), default=Decimal(0))
    largest = AmountField(_("largest gift"), default=Decimal(0))
    first_gift_on = models.DateField(_("first gift"), null=True, blank=True)
    last_gift_on = models.DateField(_("last gift"), null=True, blank=True)
    last_amount = AmountField(_("last amount"), default=Decimal(0))
    recognition_count = models.PositiveIntegerField(_("gifts recognised for"), default=0)
    recognition_amount = AmountField(_("recognised for"), default=Decimal(0))
    recognition_last_on = models.DateField(_("last recognised"), null=True, blank=True)

    class Meta:
        verbose_name = _("giving totals")
        verbose_name_plural = _("giving totals")
        indexes = [models.Index(fields=["-lifetime"]), models.Index(fields=["-last_gift_on"])]

    def __str__(self) -> str:
        return f"{self.constituent_id}: {self.lifetime}"

    @property
    def with_recognition(self) -> Decimal:
        """What they gave and are recognised for together: a number to thank by, never to add up."""
        return self.lifetime + self.recognition_amount
