"""What the clock causes: daily and recurring work, each due time attended to once, a missed one caught up once.

    schedule.register("memberships.status", update_statuses, every=Daily(hour=3))
    schedule.register("volunteers.waitlist", promote, every=timedelta(minutes=10))

The function is called as `func(now=instant)` inside one transaction and must go by that instant alone; it should be a
matter of seconds, and enqueue a job for more. When days were missed it is called once, not once for each.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

from core import clock
from core.jobs.models import Schedule
from core.organisation import forget_organisation

logger = logging.getLogger("core.jobs")

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Daily:
    """Once a day, at an hour of the organisation's own clock."""

    hour: int = 3

    def last_due(self, now: dt.datetime) -> dt.datetime:
        """Return the latest due time that is not after `now`."""
        today = clock.local_date(now)
        return max(due for day in (today, today - dt.timedelta(days=1)) if (due := self._on(day)) <= now)

    def _on(self, day: dt.date) -> dt.datetime:
        # Where the clocks change at that hour, Python takes the first reading: still once a day.
        return dt.datetime.combine(day, dt.time(self.hour), tzinfo=clock.zone()).astimezone(dt.UTC)


@dataclass(frozen=True)
class Every:
    """Again and again, after each length of time counted from the same start for everyone."""

    length: dt.timedelta

    def last_due(self, now: dt.datetime) -> dt.datetime:
        """Return the latest due time that is not after `now`."""
        return now - (now - EPOCH) % self.length


@dataclass(frozen=True)
class Outcome:
    """What came of one schedule that was due."""

    name: str
    error: str = ""


_entries: dict[str, tuple[Callable[..., object], Daily | Every]] = {}


def register(name: str, func: Callable[..., object], *, every: dt.timedelta | Daily) -> None:
    """Have the clock call `func(now=instant)`; call this from `AppConfig.ready()`."""
    entry = (func, Every(every) if isinstance(every, dt.timedelta) else every)
    if _entries.setdefault(name, entry) != entry:
        raise ImproperlyConfigured(f"Two schedules are called {name!r}.")


def run_due(now: dt.datetime | None = None) -> list[Outcome]:
    """Do everything that is due at an instant and not done yet. One that fails hinders no other and is due again."""
    now = now or clock.now()
    forget_organisation()
    outcomes = [_run_one(name, func, every.last_due(now), now) for name, (func, every) in sorted(_entries.items())]
    return [outcome for outcome in outcomes if outcome is not None]


def _run_one(name: str, func: Callable[..., object], due: dt.datetime, now: dt.datetime) -> Outcome | None:
    Schedule.objects.get_or_create(name=name)
    try:
        with transaction.atomic():
            skip = connection.features.has_select_for_update_skip_locked
            row = Schedule.objects.select_for_update(skip_locked=skip).filter(name=name).first()
            # No row: another process is at it this moment.
            if row is None or (row.done_for is not None and row.done_for >= due):
                return None
            func(now=now)
            row.done_for = due
            row.error = ""
            row.save()
    except Exception as error:  # whatever one entry raises must not keep the others from their turn
        logger.exception("What the clock causes failed: %s", name)
        text = f"{type(error).__name__}: {error}"
        Schedule.objects.filter(name=name).update(error=text)
        return Outcome(name, text)
    return Outcome(name)
