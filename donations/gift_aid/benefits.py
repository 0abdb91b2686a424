"""What a donor may get in return before a gift is none in the eyes of Gift Aid.

Sources: Income Tax Act 2007, section 418, as amended by Finance Act 2019, section 42 (from 6 April 2019: 25 percent of
the first 100 pounds and 5 percent beyond, at most 2,500 pounds, for each gift and for all gifts of a tax year
together); Finance Act 2011, section 41 (2,500 pounds from 6 April 2011). The three steps before 2019 as in HMRC's
former guidance, chapter 3, section 3.29, and as the Charity Tax Group gives them for reference.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

_QUARTER = Decimal("0.25")
_TWENTIETH = Decimal("0.05")
_HUNDRED = Decimal(100)
_THOUSAND = Decimal(1_000)


def _in_two_slices(given: Decimal) -> Decimal:
    return min(given, _HUNDRED) * _QUARTER + max(given - _HUNDRED, Decimal(0)) * _TWENTIETH


def _in_three_steps(given: Decimal) -> Decimal:
    if given <= _HUNDRED:
        return given * _QUARTER
    return Decimal(25) if given <= _THOUSAND else given * _TWENTIETH


class BenefitLimits(NamedTuple):
    """The limits that hold from a day on, in pounds."""

    since: dt.date
    by_gift: Callable[[Decimal], Decimal]
    most: Decimal  # for one gift, and for all of a donor's gifts of a tax year together


# By the date of the gift, the newest first.
LIMITS = (
    BenefitLimits(dt.date(2019, 4, 6), _in_two_slices, Decimal(2_500)),
    BenefitLimits(dt.date(2011, 4, 6), _in_three_steps, Decimal(2_500)),
)


def limits_on(day: dt.date) -> BenefitLimits:
    """Return the limits for a gift of that day; the oldest on file for one that is older still."""
    return next((limits for limits in LIMITS if limits.since <= day), LIMITS[-1])


def most_for_gift(given: Decimal, day: dt.date) -> Decimal:
    """Return what the donor may get at most for a gift of so many pounds."""
    limits = limits_on(day)
    return min(limits.by_gift(given), limits.most)


def most_in_year(day: dt.date) -> Decimal:
    """Return what a donor may get at most for all gifts of the tax year the day is in."""
    return limits_on(day).most
