"""Valuation: what goods or securities were worth, by whom and how; kept apart from what any paper prints."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.money import AmountField, Money, positive_amount


class ValuationMethod(models.TextChoices):
    """How the value was found."""

    MARKET = "market", _("Market price of the day")
    HIGH_LOW = "high_low", _("Mean of the day’s high and low")
    APPRAISAL = "appraisal", _("Independent appraisal")
    COST = "cost", _("What it would cost to buy")
    DONOR = "donor", _("Named by the donor")
    ESTIMATE = "estimate", _("Our own estimate")


class Valuation(models.Model):
    """What a gift in kind or of securities was valued at. For the books and the appraiser’s file, not for the donor."""

    gift = models.OneToOneField(
        "donations.Gift", verbose_name=_("gift"), on_delete=models.PROTECT, related_name="valuation"
    )
    amount = AmountField(_("valued at"), help_text=_("In the gift’s currency."))
    method = models.CharField(_("how"), max_length=10, choices=ValuationMethod, default=ValuationMethod.ESTIMATE)
    valuer = models.CharField(
        _("by whom"), max_length=255, blank=True, help_text=_("The appraiser’s name and address.")
    )
    valued_on = models.DateField(_("on"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("valuation")
        verbose_name_plural = _("valuations")
        ordering = ["-valued_on"]
        constraints = [
            positive_amount("amount", "donations_valuation_positive", _("A value is more than nothing.")),
            models.CheckConstraint(
                condition=~models.Q(method=ValuationMethod.APPRAISAL) | ~models.Q(valuer=""),
                name="donations_appraisal_names_the_appraiser",
                violation_error_message=_("Say who appraised it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.money}, {self.get_method_display()}"

    @property
    def money(self) -> Money:
        """What it was valued at."""
        return Money(self.amount, self.gift.currency)
