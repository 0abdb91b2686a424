"""Relative dates and years: the operators every date has, and the days each stands for."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core import clock

ONE_DAY = dt.timedelta(days=1)


class Unit(TextChoices):
    """What a span of time is counted in."""

    DAYS = "days", _("days")
    WEEKS = "weeks", _("weeks")
    MONTHS = "months", _("months")
    YEARS = "years", _("years")


@dataclass(frozen=True, slots=True)
class Span:
    """So many days, weeks, months or years."""

    count: int
    unit: Unit

    def before(self, date: dt.date) -> dt.date:
        """Return the day so long before."""
        return _moved(date, self, -1)

    def after(self, date: dt.date) -> dt.date:
        """Return the day so long after."""
        return _moved(date, self, 1)

    def __str__(self) -> str:
        words = {
            Unit.DAYS: ngettext("%(count)d day", "%(count)d days", self.count),
            Unit.WEEKS: ngettext("%(count)d week", "%(count)d weeks", self.count),
            Unit.MONTHS: ngettext("%(count)d month", "%(count)d months", self.count),
            Unit.YEARS: ngettext("%(count)d year", "%(count)d years", self.count),
        }
        return words[self.unit] % {"count": self.count}


def _moved(date: dt.date, span: Span, sign: int) -> dt.date:
    match span.unit:
        case Unit.DAYS:
            return date + dt.timedelta(days=sign * span.count)
        case Unit.WEEKS:
            return date + dt.timedelta(weeks=sign * span.count)
    months = span.count * (12 if span.unit == Unit.YEARS else 1)
    number = date.year * 12 + date.month - 1 + sign * months
    year, month = number // 12, number % 12 + 1
    # 31 January and a month is the last day of February.
    return dt.date(year, month, min(date.day, calendar.monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Days:
    """From the first to the last day, both included; None is open."""

    first: dt.date | None
    last: dt.date | None

    def q(self, column: str) -> Q:
        """Return the condition on a date column."""
        condition = Q()
        if self.first:
            condition &= Q(**{f"{column}__gte": self.first})
        if self.last:
            condition &= Q(**{f"{column}__lte": self.last})
        return condition

    def q_of_instants(self, column: str) -> Q:
        """Return the condition on a column of instants: days begin at the organisation's own midnight."""
        condition = Q()
        if self.first:
            condition &= Q(**{f"{column}__gte": clock.start_of_day(self.first)})
        if self.last:
            condition &= Q(**{f"{column}__lt": clock.start_of_day(self.last + ONE_DAY)})
        return condition


def days_of(operator: str, value: Any, today: dt.date) -> Days:
    """Return the days a date operator stands for; the operators are those of `shapes.DATE_OPERATORS`."""
    match operator:
        case "on_or_after":
            return Days(value, None)
        case "before":
            return Days(None, value - ONE_DAY)
        case "between":
            return Days(*value)
        case "in_last":
            return Days(value.before(today), today)
        case "longer_ago":
            return Days(None, value.before(today) - ONE_DAY)
        case "in_next":
            return Days(today, value.after(today))
        case "in_fiscal_year":
            return Days(*clock.fiscal_year_bounds(value))
        case "in_calendar_year":
            return Days(*clock.calendar_year_bounds(value))
        case "this_fiscal_year":
            return Days(*clock.fiscal_year_bounds(clock.fiscal_year(today)))
        case "last_fiscal_year":
            return Days(*clock.fiscal_year_bounds(clock.fiscal_year(today) - 1))
        case "in_past":
            return Days(None, today - ONE_DAY)
    raise ValueError(operator)
