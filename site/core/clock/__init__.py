"""Time: instants are aware UTC; gift dates, terms and tax years are local dates in the organisation's zone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone

from core.organisation import current_organisation


def now() -> dt.datetime:
    """Return this instant, aware, in UTC."""
    return timezone.now()


def zone() -> ZoneInfo:
    """Return the organisation's time zone."""
    return ZoneInfo(current_organisation().time_zone)


def today() -> dt.date:
    """Return the date on the organisation's wall calendar."""
    return local_date(now())


def local_date(instant: dt.datetime) -> dt.date:
    """Return the organisation's local date at an aware instant."""
    return instant.astimezone(zone()).date()


def start_of_day(date: dt.date) -> dt.datetime:
    """Return the instant at which the local date begins (the first one, where a change of clocks repeats it)."""
    return dt.datetime.combine(date, dt.time.min, tzinfo=zone()).astimezone(dt.UTC)


def fiscal_year(date: dt.date) -> int:
    """Return the fiscal year a local date falls in, named by the year it ends in."""
    start_month = current_organisation().fiscal_year_start_month
    return date.year + 1 if start_month > 1 and date.month >= start_month else date.year


def fiscal_year_bounds(year: int) -> tuple[dt.date, dt.date]:
    """Return the first and last day of the fiscal year that ends in `year`."""
    month = current_organisation().fiscal_year_start_month
    if month == 1:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    return dt.date(year - 1, month, 1), dt.date(year, month, 1) - dt.timedelta(days=1)


def calendar_year_bounds(year: int) -> tuple[dt.date, dt.date]:
    """Return 1 January and 31 December of `year`."""
    return dt.date(year, 1, 1), dt.date(year, 12, 31)
