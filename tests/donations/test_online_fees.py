"""What a donor adds so that a gift arrives whole."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import Money
from donations.online_fees import fee_of, total_with_fee
from donations.stripe import minor

RATES = st.decimals("0", "0.2", places=4)
FIXED = st.decimals("0", "2", places=2)


@given(units=st.integers(1, 99_999_999), currency=st.sampled_from(["USD", "JPY", "KWD"]), rate=RATES, fixed=FIXED)
def test_the_whole_gift_arrives_and_at_most_one_smallest_unit_more(units, currency, rate, fixed) -> None:
    unit = minor.unit(currency)
    net = Money(units * unit, currency)
    total = total_with_fee(net, rate=rate, fixed=fixed)
    arrives = total - fee_of(total, rate=rate, fixed=fixed)
    assert net.amount <= arrives.amount <= net.amount + unit
    assert minor.to_minor(total) > 0, "exactly"


@given(units=st.integers(1, 99_999_999), rate=RATES, fixed=FIXED)
def test_one_cent_less_would_not_be_enough(units, rate, fixed) -> None:
    net = Money(Decimal(units) / 100, "USD")
    less = total_with_fee(net, rate=rate, fixed=fixed) - Money(Decimal("0.01"), "USD")
    assert less.amount * (1 - rate) - fixed < net.amount


def test_fifty_dollars_at_the_usual_fee() -> None:
    total = total_with_fee(Money(Decimal(50), "USD"), rate=Decimal("0.029"), fixed=Decimal("0.30"))
    assert str(total) == "$51.81"


@pytest.mark.parametrize(("rate", "fixed"), [("1", "0"), ("-0.1", "0"), ("0.02", "-1")])
def test_a_fee_that_cannot_be_is_refused(rate: str, fixed: str) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        total_with_fee(Money(Decimal(1), "USD"), rate=Decimal(rate), fixed=Decimal(fixed))
