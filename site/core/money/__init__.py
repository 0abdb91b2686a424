"""Money: an exact amount in one currency. Two currencies never add up by accident, and nothing is ever a float."""

from core.money.fields import AmountField, CurrencyField, positive_amount
from core.money.values import (
    CurrencyMismatchError,
    InvalidAmountError,
    Money,
    currency_places,
    format_amount,
    parse_amount,
    quantize,
)

__all__ = [
    "AmountField",
    "CurrencyField",
    "CurrencyMismatchError",
    "InvalidAmountError",
    "Money",
    "currency_places",
    "format_amount",
    "parse_amount",
    "positive_amount",
    "quantize",
]
