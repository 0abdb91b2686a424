"""Amounts as Stripe counts them: whole numbers of a currency's smallest unit, with exceptions."""

from __future__ import annotations

from decimal import Decimal

from core.money import Money

#: Sources: docs.stripe.com/currencies, "zero-decimal" and "three-decimal currencies" and "special cases".
_NO_DECIMALS = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
_THREE_DECIMALS = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
#: Kept with two decimals for old times' sake, of which the last two are always 00.
_WHOLE_IN_HUNDREDTHS = frozenset(["ISK", "UGX"])


def places(currency: str) -> int:
    """Return how many decimals Stripe counts in a currency; that is not always what ISO 4217 says."""
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


def step(currency: str) -> int:
    """Return what amounts of a currency are multiples of, as Stripe counts them."""
    if currency in _WHOLE_IN_HUNDREDTHS:
        return 100
    return 10 if currency in _THREE_DECIMALS else 1


def to_minor(money: Money) -> int:
    """Return an amount as Stripe counts it. Raises ValueError when Stripe cannot charge it exactly."""
    minor = money.amount.scaleb(places(money.currency))
    if minor != int(minor) or int(minor) % step(money.currency):
        raise ValueError(f"Stripe cannot charge {money.plain} {money.currency} exactly.")
    return int(minor)


def from_minor(minor: int, currency: str) -> Money:
    """Return what Stripe counted; the currency may be written small, as Stripe does."""
    currency = currency.upper()
    return Money(Decimal(minor).scaleb(-places(currency)), currency)
