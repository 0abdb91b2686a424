"""Exchange rates: a dated table that staff fill or import; nothing is fetched."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.money import CurrencyField
from core.organisation import current_organisation
from donations.errors import MissingRateError


class ExchangeRate(models.Model):
    """How many units of the base currency one unit of another was worth from a day on."""

    currency = CurrencyField(_("currency"))
    valid_from = models.DateField(_("from"))
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=8, help_text=_("Base currency for one unit."))

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        ordering = ["currency", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["currency", "valid_from"],
                name="donations_one_rate_a_day",
                violation_error_message=_("There is a rate for this currency and day already: change that one."),
            ),
            models.CheckConstraint(
                condition=models.Q(rate__gt=Decimal(0)),
                name="donations_rate_positive",
                violation_error_message=_("A rate is more than nothing."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.valid_from}: {self.rate}"


def rate_on(currency: str, date: dt.date) -> Decimal:
    """Return the rate to the base currency that holds on a date: 1 for the base currency itself.

    Raises MissingRateError when none is on file.
    """
    if currency == current_organisation().base_currency:
        return Decimal(1)
    rate = ExchangeRate.objects.filter(currency=currency, valid_from__lte=date).order_by("-valid_from").first()
    if rate is None:
        raise MissingRateError(currency, date)
    return rate.rate


def has_rate(currency: str, date: dt.date) -> bool:
    """Whether a rate to the base currency is on file for a date."""
    try:
        return bool(rate_on(currency, date))
    except MissingRateError:
        return False


def accepted_currencies() -> list[str]:
    """Return the currencies a gift may be in: the base currency, then those with a rate on file."""
    base = current_organisation().base_currency
    others = ExchangeRate.objects.exclude(currency=base).order_by("currency").values_list("currency", flat=True)
    return [base, *others.distinct()]
