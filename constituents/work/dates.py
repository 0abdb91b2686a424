"""When a step is due. Pure functions: no database, no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

SATURDAY = 5


def skip_weekend(day: dt.date) -> dt.date:
    """Return the day itself, or the Monday after when it falls on a weekend."""
    return day + dt.timedelta(days=7 - day.weekday()) if day.weekday() >= SATURDAY else day


def due_after(start: dt.date, days: int, *, skips_weekends: bool) -> dt.date:
    """Return the day so many days after another, moved off a weekend when asked.

    Later starts and more days never give an earlier day, so steps keep their order.
    """
    day = start + dt.timedelta(days=days)
    return skip_weekend(day) if skips_weekends else day


@dataclass(frozen=True, slots=True)
class Spacing:
    """How far a step is from the start of its plan, or from the step before it."""

    days: int
    follows_step_before: bool


def plan_dates(steps: Sequence[Spacing], start: dt.date, *, skips_weekends: bool) -> list[dt.date]:
    """Return when each step of a plan is due, if it starts that day and each step is done on its day."""
    dates: list[dt.date] = []
    for step in steps:
        begins = dates[-1] if dates and step.follows_step_before else start
        dates.append(due_after(begins, step.days, skips_weekends=skips_weekends))
    return dates
