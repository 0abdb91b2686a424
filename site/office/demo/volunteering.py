"""Volunteering: opportunities, shifts past and coming, who came, and their hours."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass

from constituents.models import Constituent, HouseholdRole
from core import clock
from core.demo import DemoPlan
from volunteers.models import HoursEntry, HoursStatus, Opportunity, Shift, SignUp, SignUpStatus


@dataclass(frozen=True, slots=True)
class Weekly:
    """An opportunity, and when its shifts are."""

    name: str
    slug: str
    summary: str
    place: str
    weekdays: tuple[int, ...]
    hour: int
    length: int
    capacity: int
    minimum_age: int | None = None


OPPORTUNITIES = (
    Weekly(
        "Evening kitchen",
        "evening-kitchen",
        "Cook and serve a hot meal for sixty neighbours.",
        "The Kitchen, 12 Wharf Street",
        weekdays=(0, 2, 4),
        hour=17,
        length=3,
        capacity=6,
    ),
    Weekly(
        "Boat shed mentor",
        "boat-shed-mentor",
        "Help teenagers plane, plank and paint a dory.",
        "The Boat Shed, Ropewalk",
        weekdays=(5,),
        hour=10,
        length=4,
        capacity=4,
        minimum_age=16,
    ),
    Weekly(
        "Reading room",
        "reading-room",
        "Keep the desk, find the book, read to the small ones.",
        "Harbour Library, Chapel Hill",
        weekdays=(1, 3),
        hour=14,
        length=3,
        capacity=2,
    ),
    Weekly(
        "Shore clean-up",
        "shore-clean-up",
        "Two hours, gloves and good company on the beach.",
        "Meet at the ferry landing",
        weekdays=(6,),
        hour=9,
        length=2,
        capacity=12,
    ),
)
_BACK, _AHEAD = dt.timedelta(days=364), dt.timedelta(days=35)


def add_volunteering(plan: DemoPlan) -> dict[str, int]:
    """Run every opportunity weekly for a year back and five weeks ahead, with people on the shifts."""
    rng = plan.random("volunteering")
    regulars = _regulars(rng)
    shifts = [shift for weekly in OPPORTUNITIES for shift in _shifts(weekly, plan.today)]
    places = _places(rng, shifts, regulars, today=plan.today)
    Shift.objects.bulk_create(shifts, batch_size=500)
    SignUp.objects.bulk_create(places, batch_size=500)
    worked = HoursEntry.objects.bulk_create(_worked(places), batch_size=500)
    waiting = HoursEntry.objects.bulk_create(_at_home(rng, shifts[0].opportunity, regulars, plan.today))
    return {"shifts": len(shifts), "sign_ups": len(places), "hours": len(worked) + len(waiting)}


def _regulars(rng: random.Random) -> list[int]:
    adults = list(
        Constituent.objects.people()
        .living()
        .exclude(household_memberships__role=HouseholdRole.CHILD)
        .order_by("pk")
        .values_list("pk", flat=True)[:20_000]
    )
    return rng.sample(adults, max(1, min(len(adults), 12 + len(adults) // 25)))


def _shifts(weekly: Weekly, today: dt.date) -> Iterator[Shift]:
    """Open an opportunity, and yield its shifts, not yet saved."""
    opportunity = Opportunity.objects.create(
        name=weekly.name,
        slug=weekly.slug,
        summary=weekly.summary,
        place=weekly.place,
        contact_name="Ivy Merriweather",
        contact_email="volunteers@example.org",
        description=_DESCRIPTION,
        minimum_age=weekly.minimum_age,
    )
    for days in range((_BACK + _AHEAD).days + 1):
        day = today - _BACK + dt.timedelta(days=days)
        if day.weekday() in weekly.weekdays:
            yield _shift(opportunity, weekly, day)


def _places(rng: random.Random, shifts: list[Shift], regulars: list[int], *, today: dt.date) -> list[SignUp]:
    """Give regulars a place, nobody two on a day: all of what is past, more or less of what is to come."""
    places: list[SignUp] = []
    busy: set[tuple[int, dt.date]] = set()
    for shift in shifts:
        past = shift.ends_at <= clock.start_of_day(today)
        wanted = shift.capacity if past else rng.choice([0, 1, shift.capacity - 1, shift.capacity, shift.capacity // 2])
        day = shift.starts_at.date()
        came = [pk for pk in rng.sample(regulars, min(len(regulars), wanted)) if (pk, day) not in busy]
        shift.places_taken = len(came)
        for pk in came:
            busy.add((pk, day))
            places.append(SignUp(shift=shift, volunteer_id=pk, status=_outcome(rng, past=past), source="demo"))
    return places


def _worked(places: list[SignUp]) -> list[HoursEntry]:
    return [
        HoursEntry(
            volunteer_id=place.volunteer_id,
            opportunity=place.shift.opportunity,
            sign_up=place,
            worked_on=clock.local_date(place.shift.starts_at),
            hours=place.shift.length,
            status=HoursStatus.APPROVED,
        )
        for place in places
        if place.status == SignUpStatus.ATTENDED
    ]


def _at_home(rng: random.Random, opportunity: Opportunity, regulars: list[int], today: dt.date) -> list[HoursEntry]:
    """Return hours outside any shift, which wait for approval."""
    return [
        HoursEntry(
            volunteer_id=pk,
            opportunity=opportunity,
            worked_on=today - dt.timedelta(days=3 + index),
            hours=2,
            note="Washed the tablecloths at home",
        )
        for index, pk in enumerate(rng.sample(regulars, min(3, len(regulars))))
    ]


def _shift(opportunity: Opportunity, weekly: Weekly, day: dt.date) -> Shift:
    starts = dt.datetime.combine(day, dt.time(weekly.hour), tzinfo=clock.zone())
    ends = dt.datetime.combine(day, dt.time(weekly.hour + weekly.length), tzinfo=clock.zone())
    return Shift(
        opportunity=opportunity,
        starts_at=starts.astimezone(dt.UTC),
        ends_at=ends.astimezone(dt.UTC),
        capacity=weekly.capacity,
        minimum=max(1, weekly.capacity // 2),
    )


def _outcome(rng: random.Random, *, past: bool) -> SignUpStatus:
    if not past:
        return SignUpStatus.CONFIRMED
    return SignUpStatus.NO_SHOW if rng.random() < 0.04 else SignUpStatus.ATTENDED


_DESCRIPTION = (
    "No experience needed: someone who knows the work is always there. Wear shoes you can stand in, bring a friend if "
    "you like, and stay for a bowl of soup afterwards."
)
