"""Tax years, and the last day on which the tax on a gift can still be claimed.

Sources: a tax year runs from 6 April to 5 April (Income Tax Act 2007, section 4). A claim is made within four years of
the end of the year the gift came in: the tax year for a trust, the accounting period for a company, CIO or sports club
(gov.uk, Claiming Gift Aid as a charity or CASC). Small donations are claimed within two years of the tax year's end.
"""

from __future__ import annotations

import calendar
import datetime as dt

from core.clock import fiscal_year, fiscal_year_bounds
from donations.models import ClaimPeriod

CLAIM_YEARS = 4
SMALL_DONATION_YEARS = 2
# A declaration may cover what was given before it, as far back as this.
PAST_YEARS = 4


def tax_year(day: dt.date) -> int:
    """Return the tax year a day is in, named by the year it ends in: 2026 for 6 April 2025 to 5 April 2026."""
    return day.year + 1 if (day.month, day.day) >= (4, 6) else day.year


def tax_year_bounds(year: int) -> tuple[dt.date, dt.date]:
    """Return the first and last day of the tax year that ends in `year`."""
    return dt.date(year - 1, 4, 6), dt.date(year, 4, 5)


def tax_year_name(year: int) -> str:
    """Return how people write the tax year that ends in `year`: `2025/26`."""
    return f"{year - 1}/{year % 100:02d}"


def years_later(day: dt.date, years: int) -> dt.date:
    """Return the same day so many years later (or before, for a negative number); 28 February where 29 is missing."""
    year = day.year + years
    last = calendar.monthrange(year, day.month)[1]
    return day.replace(year=year, day=min(day.day, last))


def first_covered_before(declared_on: dt.date) -> dt.date:
    """Return the first day whose gifts a declaration for the past four years covers."""
    return years_later(declared_on, -PAST_YEARS)


def last_claim_day(given_on: dt.date, period: str) -> dt.date:
    """Return the last day on which the tax on a gift of that day can be claimed; `period` is a ClaimPeriod."""
    if period == ClaimPeriod.FINANCIAL_YEAR:
        end = fiscal_year_bounds(fiscal_year(given_on))[1]
    else:
        end = tax_year_bounds(tax_year(given_on))[1]
    return years_later(end, CLAIM_YEARS)


def first_claimable_day(today: dt.date, period: str) -> dt.date:
    """Return the first day whose gifts can be claimed today."""
    if period == ClaimPeriod.FINANCIAL_YEAR:
        start = fiscal_year_bounds(fiscal_year(today))[0]
    else:
        start = tax_year_bounds(tax_year(today))[0]
    first = years_later(start, -CLAIM_YEARS)
    # On the very last day of a year the year that ended four years ago can be claimed still.
    before = first - dt.timedelta(days=1)
    if last_claim_day(before, period) >= today:
        first = years_later(start, -CLAIM_YEARS - 1)
    return first
