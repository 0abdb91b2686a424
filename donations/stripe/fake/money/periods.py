"""How long a paid period is: months end on the day they began, or on their last."""

from __future__ import annotations

import calendar
import datetime as dt

DAYS = {"day": 1, "week": 7}
MONTHS = {"month": 1, "year": 12}


def after(start: int, interval: str, count: int, *, anchor: int) -> int:
    """Return the end of the period that begins at `start`; the anchor says which day of the month is meant."""
    began = dt.datetime.fromtimestamp(start, dt.UTC)
    if interval in DAYS:
        return int((began + dt.timedelta(days=DAYS[interval] * count)).timestamp())
    months = began.year * 12 + began.month - 1 + MONTHS[interval] * count
    year, month = divmod(months, 12)
    day = min(dt.datetime.fromtimestamp(anchor, dt.UTC).day, calendar.monthrange(year, month + 1)[1])
    return int(began.replace(year=year, month=month + 1, day=day).timestamp())
