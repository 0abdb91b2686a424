"""What a gift, a pledge and a recurring gift have in common: parts, each for one fund, that add up to the whole."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.money import AmountField


class Allocation(models.Model):
    """A part for one fund, in the currency of the whole."""

    fund = models.ForeignKey("donations.Fund", verbose_name=_("fund"), on_delete=models.PROTECT, related_name="+")
    amount = AmountField(_("amount"))

    class Meta:
        abstract = True
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.fund}: {self.amount}"
