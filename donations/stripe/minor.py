"""Amounts as Stripe counts them: whole numbers of a currency's smallest unit, with exceptions."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from core.money import Money, currency_places

#: Sources: docs.stripe.com/currencies, "zero-decimal" and "three-decimal currencies" and "special cases".
_NO_DECIMALS = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
_THREE_DECIMALS = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
#: Kept with two decimals for old times' sake, of which the last two are always 00.
_WHOLE_IN_HUNDREDTHS = frozenset(["ISK", "UGX"])
#: The same page, "minimum and maximum charge amounts".
_LEAST = {
    **dict.fromkeys(["AUD", "BRL", "CAD", "CHF", "EUR", "INR", "NZD", "SGD", "USD"], Decimal("0.5")),
    **dict.fromkeys(["AED", "MYR", "PLN", "RON"], Decimal(2)),
    **dict.fromkeys(["NOK", "SEK"], Decimal(3)),
    **dict.fromkeys(["MXN", "THB"], Decimal(10)),
    "BGN": Decimal(1),
    "CZK": Decimal(15),
    "DKK": Decimal("2.5"),
    "GBP": Decimal("0.3"),
    "HKD": Decimal(4),
    "HUF": Decimal(175),
    "JPY": Decimal(50),
}
_MOST = 99_999_999


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


def unit(currency: str) -> Decimal:
    """Return what amounts that are charged are multiples of."""
    return max(Decimal(step(currency)).scaleb(-places(currency)), Decimal(1).scaleb(-currency_places(currency)))


def smallest_above(amount: Decimal, currency: str) -> Money:
    """Return the smallest amount that Stripe can charge exactly and that is not below the one given."""
    return Money((amount / unit(currency)).to_integral_value(ROUND_CEILING) * unit(currency), currency)


def least(currency: str) -> Money:
    """Return the smallest amount that Stripe charges in a currency that it settles in; of others it knows none."""
    return Money(_LEAST.get(currency, Decimal(0)), currency)


def is_chargeable(money: Money) -> bool:
    """Whether Stripe can charge an amount: neither too little nor too much, and exactly."""
    try:
        return money >= least(money.currency) and to_minor(money) <= _MOST
    except ValueError:
        return False


def from_minor(minor: int, currency: str) -> Money:
    """Return what Stripe counted; the currency may be written small, as Stripe does."""
    currency = currency.upper()
    return Money(Decimal(minor).scaleb(-places(currency)), currency)
