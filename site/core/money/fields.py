"""The columns: an amount and its currency, side by side on every money row."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from babel.core import get_global
from django import forms
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class AmountFormField(forms.DecimalField):
    """An amount to be typed: shown with the cents people write, and a third decimal only where there is one."""

    def prepare_value(self, value: Any) -> Any:
        """Leave out the third decimal that only the column has."""
        if isinstance(value, Decimal) and value == round(value, 2):
            return f"{value:.2f}"
        return value


class AmountField(models.DecimalField):
    """An exact amount: 15 digits, 3 of them decimals.

    Three decimals hold every currency in use (dinars have three), and 15 digits is what an SQLite number keeps exactly.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 15)
        kwargs.setdefault("decimal_places", 3)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> Any:
        """Show it as people write it."""
        return super().formfield(**{"form_class": AmountFormField, **kwargs})


class CurrencyField(models.CharField):
    """An ISO 4217 code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 3)
        kwargs.setdefault(
            "validators",
            [RegexValidator(r"^[A-Z]{3}$", _("Use the three capital letters of the currency, such as EUR."))],
        )
        super().__init__(*args, **kwargs)


def positive_amount(field: str, name: str, message: Any) -> models.CheckConstraint:
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
