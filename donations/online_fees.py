"""What a donor adds so that a gift arrives whole after the payment fee. Exact, in what the currency is charged in."""

from __future__ import annotations

from decimal import Decimal

from core.money import Money
from donations.stripe.minor import smallest_above


def fee_of(paid: Money, *, rate: Decimal, fixed: Decimal) -> Money:
    """Return what is kept of a payment: the rate, such as Decimal("0.029"), and the fixed part, rounded half up."""
    return Money(paid.amount * rate + fixed, paid.currency)


def total_with_fee(net: Money, *, rate: Decimal, fixed: Decimal) -> Money:
    """Return the smallest payment that leaves at least `net`: ceil((net + fixed) / (1 - rate)), in what can be charged.

    Raises ValueError unless the rate lies between nothing and one, and the fixed part is not below nothing.
    """
    if not 0 <= rate < 1 or fixed < 0:
        raise ValueError("The rate lies between 0 and 1, and the fixed part is not negative.")
    return smallest_above((net.amount + fixed) / (1 - rate), net.currency)
