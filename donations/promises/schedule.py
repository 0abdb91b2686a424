"""When something falls due: pure functions over dates, defined once for pledges and recurring gifts.

The last day of the month stays the last day: what begins on 31 January or on 28 February 2027 falls due on the last day
of every month. Any other day stays that day, and where a month is too short its last day stands in for it, once.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import count, islice

from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

#: As the day of a month: its last one.
LAST_DAY = 31


class Unit(models.TextChoices):
    """What a frequency counts."""

    WEEK = "week", _("weeks")
    MONTH = "month", _("months")
    QUARTER = "quarter", _("quarters")
    YEAR = "year", _("years")


_MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}
_WEEKS_A_MONTH = Fraction(52, 12)


@dataclass(frozen=True, slots=True)
class Frequency:
    """Every so many weeks, months, quarters or years."""

    every: int = 1
    unit: Unit | str = Unit.MONTH

    @property
    def months(self) -> int:
        """How many months it is; 0 for weeks, which do not divide them."""
        return _MONTHS.get(Unit(self.unit), 0) * self.every

    @property
    def days(self) -> int:
        """About how many days lie between two dates."""
        return 7 * self.every if self.unit == Unit.WEEK else self.months * 30

    def a_month(self, amount: Decimal) -> Decimal:
        """Return what the amount comes to in an average month, not rounded."""
        share = _WEEKS_A_MONTH / self.every if self.unit == Unit.WEEK else Fraction(1, self.months)
        return amount * share.numerator / share.denominator

    def __str__(self) -> str:
        """In words, as they go on after an amount."""
        match Unit(self.unit):
            case Unit.WEEK:
                words = ngettext("every week", "every %(count)d weeks", self.every)
            case Unit.MONTH:
                words = ngettext("every month", "every %(count)d months", self.every)
            case Unit.QUARTER:
                words = ngettext("every quarter", "every %(count)d quarters", self.every)
            case _:
                words = ngettext("every year", "every %(count)d years", self.every)
        return words % {"count": self.every} if "%(count)d" in words else words


@dataclass(frozen=True, slots=True)
class Series:
    """Dates that come again and again, the first of them included; without end."""

    first: dt.date
    frequency: Frequency = Frequency()
    #: The day of the month aimed at; left out: that of the first date, or the last one if that is what it is.
    day: int | None = None

    def nth(self, number: int) -> dt.date:
        """Return a date by its number; the first is number 0."""
        if not self.frequency.months:
            return self.first + dt.timedelta(weeks=self.frequency.every * number)
        day = self.day or (LAST_DAY if is_last_day(self.first) else self.first.day)
        return in_month(self.first.year, self.first.month + self.frequency.months * number, day)

    def __iter__(self) -> Iterator[dt.date]:
        return map(self.nth, count())

    def until(self, last: dt.date, *, since: dt.date = dt.date.min) -> Iterator[dt.date]:
        """Yield the dates from one day to another, both included."""
        for number in count(self._number_before(since)):
            date = self.nth(number)
            if date > last:
                return
            if date >= since:
                yield date

    def _number_before(self, date: dt.date) -> int:
        """Return the number of a date that is surely not after the day, so that old series need not be counted up."""
        if date <= self.first:
            return 0
        if months := self.frequency.months:
            between = (date.year - self.first.year) * 12 + date.month - self.first.month
            return max(0, between // months - 1)
        return (date - self.first).days // (7 * self.frequency.every)


def in_month(year: int, month: int, day: int) -> dt.date:
    """Return a day of a month, or its last where it has none such; months go on counting into the next years."""
    years, month = divmod(month - 1, 12)
    year, month = year + years, month + 1
    return dt.date(year, month, min(day, calendar.monthrange(year, month)[1]))


def is_last_day(date: dt.date) -> bool:
    """Return whether the month ends with the date."""
    return date.day == calendar.monthrange(date.year, date.month)[1]


def first_on_or_after(date: dt.date, day: int) -> dt.date:
    """Return the first date with this day of the month from a date on, that date included."""
    this_month = in_month(date.year, date.month, day)
    return this_month if this_month >= date else in_month(date.year, date.month + 1, day)


def due_dates(first: dt.date, frequency: Frequency, number: int) -> list[dt.date]:
    """Return the due dates of a schedule with so many instalments."""
    return list(islice(Series(first, frequency), number))


def day_of_month(day: int) -> str:
    """Return the day of the month as people say it."""
    return _t("the last day of the month") if day == LAST_DAY else _t("day %(day)d of the month") % {"day": day}
