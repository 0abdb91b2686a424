"""Where a page of a timeline ends, exactly: no event is shown twice, none is passed over, whatever shares its instant.

A timeline runs from the newest event to the oldest; of one instant the kinds follow each other by name, and of one kind
the higher keys come first. A page ends at one event, its cursor; the next page begins right after it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

from core import clock
from core.staff.parts import TimelineEvent

Rows = TypeVar("Rows", bound=QuerySet[Any])

# Events that have a day and no hour stand at noon of the organisation's day.
NOON = dt.timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last event of a page."""

    at: dt.datetime
    kind: str
    pk: int

    @classmethod
    def of(cls, event: TimelineEvent) -> Cursor:
        """Return the cursor that stands at an event."""
        return cls(event.at, event.kind, event.pk)

    @classmethod
    def parse(cls, text: str | None) -> Cursor | None:
        """Return what `str(cursor)` wrote; None for anything else."""
        instant, _tilde, rest = (text or "").partition("~")
        kind, _tilde, key = rest.rpartition("~")
        try:
            at = parse_datetime(instant)
        except ValueError:
            return None
        if at is None or at.tzinfo is None or not kind or not key.isdecimal():
            return None
        return cls(at, kind, int(key))

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.kind}~{self.pk}"

    def before(self, kind: str) -> Before:
        """Return what of one kind comes after the cursor."""
        if kind == self.kind:
            return Before(self.at, below=self.pk)
        return Before(self.at, whole_instant=kind > self.kind)


@dataclass(frozen=True, slots=True)
class Before:
    """What one kind may still offer: all that is earlier, and of the instant itself all, nothing, or the lower keys."""

    at: dt.datetime
    whole_instant: bool = False
    below: int | None = None

    def narrow(self, rows: Rows, field: str) -> Rows:
        """Return the rows whose instant comes after the cursor."""
        if self.whole_instant:
            return rows.filter(**{f"{field}__lte": self.at})
        if self.below is None:
            return rows.filter(**{f"{field}__lt": self.at})
        # The first condition lets the index find the place; the second cuts exactly there.
        rows = rows.filter(**{f"{field}__lte": self.at})
        return rows.filter(Q(**{f"{field}__lt": self.at}) | Q(pk__lt=self.below))

    def narrow_days(self, rows: Rows, field: str) -> Rows:
        """Return the rows whose day, taken as its noon, comes after the cursor."""
        day = clock.local_date(self.at)
        noon = noon_of(day)
        if noon > self.at or (noon == self.at and not self.whole_instant and self.below is None):
            return rows.filter(**{f"{field}__lt": day})
        rows = rows.filter(**{f"{field}__lte": day})
        if noon == self.at and self.below is not None:
            rows = rows.filter(Q(**{f"{field}__lt": day}) | Q(pk__lt=self.below))
        return rows


def noon_of(day: dt.date) -> dt.datetime:
    """Return the instant at which an event that only has a day stands."""
    return clock.start_of_day(day) + NOON


def newest_first(events: list[TimelineEvent]) -> list[TimelineEvent]:
    """Return the events in the order of a timeline."""
    by_kind = sorted(events, key=lambda event: (event.kind, -event.pk))
    return sorted(by_kind, key=lambda event: event.at, reverse=True)
