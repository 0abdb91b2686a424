"""The columns: an amount and its currency, side by side on every money row."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from babel.core import get_global
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class AmountField(models.DecimalField):
    """An exact amount: 15 digits, 3 of them decimals.

    Three decimals hold every currency in use (dinars have three), and 15 digits is what an SQLite number keeps exactly.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 15)
        kwargs.setdefault("decimal_places", 3)
        super().__init__(*args, **kwargs)


class CurrencyField(models.CharField):
    """An ISO 4217 code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 3)
        kwargs.setdefault(
            "validators",
            [RegexValidator(r"^[A-Z]{3}$", _("Use the three capital letters of the currency, such as EUR."))],
        )
        super().__init__(*args, **kwargs)


def positive_amount(field: str, name: str, message: str) -> models.CheckConstraint:
    """Return the constraint that the named amount is above zero."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__gt": Decimal(0)}), name=name, violation_error_message=message
    )


def known_currencies() -> list[str]:
    """Return the codes of the currencies in use somewhere today, in alphabetical order."""
    current = {
        code
        for uses in get_global("territory_currencies").values()
        for code, _from, to, tender in uses
        if not to and tender
    }
    return sorted(current)
