"""The tax that is claimed back: what the donor paid on the money before it became a gift."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from core.money import quantize
from donations.models.hmrc_claim import CURRENCY

# The basic rate of income tax, by the first day it held, the newest first. A gift of 80 is 100 less 20 percent.
BASIC_RATES = ((dt.date(2008, 4, 6), Decimal(20)),)


def basic_rate(day: dt.date) -> Decimal:
    """Return the basic rate, in percent, for a gift of that day."""
    return next((rate for since, rate in BASIC_RATES if since <= day), BASIC_RATES[-1][1])


def tax_on(amount: Decimal, day: dt.date) -> Decimal:
    """Return the tax, in pounds and pence, on what a donor gave: 25 pence in the pound at a rate of 20 percent."""
    rate = basic_rate(day)
    return quantize(amount * rate / (100 - rate), CURRENCY)
