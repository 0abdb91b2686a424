"""Shifts: add many from a weekly pattern, change one, call one off. Who is signed up hears of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, clock
from volunteers.errors import ShiftClosedError, VolunteersError
from volunteers.models import Opportunity, Shift
from volunteers.services.signing_up import cancel_sign_up, fill_from_waiting_list
from volunteers.services.telling import tell

# More than this at once is a slip of the year.
MOST_SHIFTS = 400


@dataclass(frozen=True, slots=True)
class WeeklyPattern:
    """So many people, on these weekdays at these hours, from the first day to the last, but not on the exceptions.

    Days and hours are the organisation's: five o'clock stays five o'clock when the clocks change. A shift whose end is
    not after its start goes on past midnight.
    """

    weekdays: Collection[int]
    starts: dt.time
    ends: dt.time
    first: dt.date
    last: dt.date
    capacity: int
    minimum: int = 1
    notes: str = ""
    exceptions: Collection[dt.date] = field(default_factory=frozenset)

    def times(self) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """Return start and end of each shift, as instants."""
        zone = clock.zone()
        for number in range((self.last - self.first).days + 1):
            day = self.first + dt.timedelta(days=number)
            if day.weekday() not in self.weekdays or day in self.exceptions:
                continue
            until = day if self.ends > self.starts else day + dt.timedelta(days=1)
            start = dt.datetime.combine(day, self.starts, tzinfo=zone)
            end = dt.datetime.combine(until, self.ends, tzinfo=zone)
            yield start.astimezone(dt.UTC), end.astimezone(dt.UTC)


def plan_shifts(opportunity: Opportunity, pattern: WeeklyPattern) -> list[Shift]:
    """Return the shifts a pattern makes, unsaved; those that are on record already are left out.

    Raises VolunteersError for a pattern that makes too many.
    """
    there = set(opportunity.shifts.filter(cancelled_at__isnull=True).values_list("starts_at", flat=True))
    shifts = [
        Shift(
            opportunity=opportunity,
            starts_at=starts_at,
            ends_at=ends_at,
            capacity=pattern.capacity,
            minimum=pattern.minimum,
            notes=pattern.notes,
        )
        for starts_at, ends_at in pattern.times()
        if starts_at not in there
    ]
    if len(shifts) > MOST_SHIFTS:
        raise VolunteersError(_("That would be %(count)s shifts. Is the last day right?") % {"count": len(shifts)})
    return shifts


@transaction.atomic
def add_shifts(opportunity: Opportunity, pattern: WeeklyPattern, *, by: User | None) -> list[Shift]:
    """Add the shifts of a pattern. Running it twice adds nothing the second time."""
    opportunity = Opportunity.objects.select_for_update().get(pk=opportunity.pk)
    shifts = plan_shifts(opportunity, pattern)
    for shift in shifts:
        shift.full_clean(exclude=["opportunity", "uuid"])
        shift.save()
    audit.record_many(
        audit.Draft(verb="shift.added", obj=shift, by=by, new={"starts": shift.starts_at, "capacity": shift.capacity})
        for shift in shifts
    )
    return shifts


@transaction.atomic
def change_shift(shift: Shift, *, by: User | None, **changed: Any) -> Shift:
    """Change a shift. New times are told to who is signed up; new room goes to the waiting list, in its order.

    Raises ShiftClosedError once it is called off.
    """
    locked = Shift.objects.select_for_update(of=("self",)).select_related("opportunity").get(pk=shift.pk)
    if locked.cancelled_at:
        raise ShiftClosedError
    before, times = audit.snapshot(locked), (locked.starts_at, locked.ends_at)
    for name, value in changed.items():
        setattr(locked, name, value)
    locked.full_clean()
    locked.save()
    old, new = audit.changes(before, audit.snapshot(locked))
    audit.record("shift.changed", locked, by=by, old=old, new=new)
    if times != (locked.starts_at, locked.ends_at) and locked.ends_at > clock.now():
        for place in locked.sign_ups.active().select_related("volunteer"):
            tell(place, template="shift_changed", shift=locked, by=by)
    fill_from_waiting_list(locked)
    return locked


@transaction.atomic
def cancel_shift(shift: Shift, *, by: User | None, reason: str, tell_them: bool = True) -> Shift:
    """Call a shift off: everybody signed up or waiting is taken off it, and told why.

    Raises VolunteersError when it is over or was called off.
    """
    locked = Shift.objects.select_for_update(of=("self",)).select_related("opportunity").get(pk=shift.pk)
    if locked.cancelled_at or locked.ends_at <= clock.now():
        raise VolunteersError(_("Only a shift that is still to come can be cancelled."))
    locked.cancelled_at = clock.now()
    locked.save(update_fields=["cancelled_at"])
    audit.record("shift.called_off", locked, by=by, reason=reason)
    for place in locked.sign_ups.active().select_related("volunteer"):
        cancel_sign_up(place, by=by, reason=reason)
        if tell_them:
            tell(place, template="shift_called_off", shift=locked, by=by, reason=reason)
    return locked
