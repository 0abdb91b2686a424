"""When a term begins and ends: pure functions over dates, defined once.

An end is the last day included. Each term is counted from its own start. Days that were paid for are never lost.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

ONE_DAY = dt.timedelta(days=1)


class Period(NamedTuple):
    """Days from the first to the last, both included; no end means for ever."""

    starts_on: dt.date
    ends_on: dt.date | None


class Day(NamedTuple):
    """A day that comes every year, such as 1 September."""

    month: int
    day: int

    def in_year(self, year: int) -> dt.date:
        """Return the date in a year; 29 February is the 28th where there is none."""
        return dt.date(year, self.month, min(self.day, calendar.monthrange(year, self.month)[1]))

    def on_or_before(self, date: dt.date) -> dt.date:
        """Return its latest coming, up to and including a date."""
        this_year = self.in_year(date.year)
        return this_year if this_year <= date else self.in_year(date.year - 1)

    def next_after(self, date: dt.date) -> dt.date:
        """Return its first coming after a date."""
        this_year = self.in_year(date.year)
        return this_year if this_year > date else self.in_year(date.year + 1)


def rolling_end(start: dt.date, months: int) -> dt.date:
    """Return the last day of a term of `months` months from its start.

    The day before the same day of the month so many months on; where that month has no such day, its last day:
    31 January and one month end on 28 or 29 February, 29 February and a year on 28 February.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    month += 1
    last = calendar.monthrange(year, month)[1]
    if start.day > last:
        return dt.date(year, month, last)
    return dt.date(year, month, start.day) - ONE_DAY


def fixed_year_end(start: dt.date, opens: Day, rollover: Day | None = None) -> dt.date:
    """Return the last day of a term in a membership year that opens on a day each year.

    From the rollover day on, the term runs through the whole of the next membership year too.
    """
    opened = opens.on_or_before(start)
    closes = opens.next_after(opened)
    if rollover is not None:
        turns = rollover.next_after(opened)  # on the opening day itself it would give everyone two years
        if turns <= start < closes:
            closes = opens.next_after(closes)
    return closes - ONE_DAY


def months_left(start: dt.date, opens: Day) -> int:
    """Return how many twelfths of the membership year are left on `start`, the one it falls in included."""
    opened = opens.on_or_before(start)
    whole = (start.year - opened.year) * 12 + start.month - opened.month
    if start.day < opened.day:
        whole -= 1
    return 12 - whole


def renewal_start(ends_on: dt.date, grace_until: dt.date, paid_on: dt.date) -> dt.date:
    """Return when a renewal begins: right after the old end while in time or in grace, else the day it is paid."""
    return ends_on + ONE_DAY if paid_on <= grace_until else paid_on


def length(period: Period) -> int:
    """Return how many days a period has; none when it ends before it starts. Endless ones have no length."""
    if period.ends_on is None:
        raise ValueError("An endless period has no length.")
    return max(0, (period.ends_on - period.starts_on).days + 1)


def unused_days(period: Period, on: dt.date) -> int:
    """Return how many of its days are left on a date, that day included."""
    if period.ends_on is None:
        raise ValueError("An endless period has no length.")
    return length(Period(max(period.starts_on, on), period.ends_on))


def member_since(periods: Iterable[Period], *, gap_days: int) -> dt.date | None:
    """Return the first day of the last unbroken run; gaps of up to `gap_days` days do not break it."""
    since: dt.date | None = None
    covered: dt.date | None = None
    for period in sorted(periods, key=lambda period: period.starts_on):
        if period.ends_on is not None and period.ends_on < period.starts_on:
            continue
        if since is None or (covered is not None and (period.starts_on - covered).days - 1 > gap_days):
            since = period.starts_on
        if period.ends_on is None:
            return since
        covered = max(covered or period.ends_on, period.ends_on)
    return since
