"""Volunteering: opportunities, shifts past and coming, who came, and their hours."""

from __future__ import annotations

import datetime as dt
import random

from constituents.models import Constituent, HouseholdRole
from core import clock
from core.demo import DemoPlan
from volunteers.models import HoursEntry, HoursStatus, Opportunity, Shift, SignUp, SignUpStatus

OPPORTUNITIES = (
    (
        "Evening kitchen",
        "evening-kitchen",
        "Cook and serve a hot meal for sixty neighbours.",
        "The Kitchen, 12 Wharf Street",
        (0, 2, 4),
        17,
        3,
        6,
    ),
    (
        "Boat shed mentor",
        "boat-shed-mentor",
        "Help teenagers plane, plank and paint a dory.",
        "The Boat Shed, Ropewalk",
        (5,),
        10,
        4,
        4,
    ),
    (
        "Reading room",
        "reading-room",
        "Keep the desk, find the book, read to the small ones.",
        "Harbour Library, Chapel Hill",
        (1, 3),
        14,
        3,
        2,
    ),
    (
        "Shore clean-up",
        "shore-clean-up",
        "Two hours, gloves and good company on the beach.",
        "Meet at the ferry landing",
        (6,),
        9,
        2,
        12,
    ),
)


def add_volunteering(plan: DemoPlan) -> dict[str, int]:
    """Run every opportunity weekly for a year back and five weeks ahead, with people on the shifts."""
    rng = plan.random("volunteering")
    adults = list(
        Constituent.objects.people()
        .living()
        .exclude(household_memberships__role=HouseholdRole.CHILD)
        .order_by("pk")
        .values_list("pk", flat=True)[:20_000]
    )
    regulars = rng.sample(adults, max(1, min(len(adults), 12 + len(adults) // 25)))
    shifts, sign_ups, hours = [], [], []
    for name, slug, summary, place, weekdays, hour, length, capacity in OPPORTUNITIES:
        opportunity = Opportunity.objects.create(
            name=name,
            slug=slug,
            summary=summary,
            place=place,
            contact_name="Ivy Merriweather",
            contact_email="volunteers@example.org",
            description=_DESCRIPTION,
            minimum_age=16 if slug == "boat-shed-mentor" else None,
        )
        day = plan.today - dt.timedelta(days=364)
        while day <= plan.today + dt.timedelta(days=35):
            if day.weekday() in weekdays:
                shifts.append(_shift(opportunity, day, hour, length, capacity))
            day += dt.timedelta(days=1)
    busy: set[tuple[int, dt.date]] = set()
    today = clock.start_of_day(plan.today)
    for shift in shifts:
        past = shift.ends_at <= today
        wanted = shift.capacity if past else rng.choice([0, 1, shift.capacity - 1, shift.capacity, shift.capacity // 2])
        came = [
            pk for pk in rng.sample(regulars, min(len(regulars), wanted)) if (pk, shift.starts_at.date()) not in busy
        ]
        shift.places_taken = len(came)
        for pk in came:
            busy.add((pk, shift.starts_at.date()))
            sign_ups.append((shift, pk, _outcome(rng, past=past)))
    Shift.objects.bulk_create(shifts, batch_size=500)
    rows = [SignUp(shift=shift, volunteer_id=pk, status=status, source="demo") for shift, pk, status in sign_ups]
    SignUp.objects.bulk_create(rows, batch_size=500)
    hours = [
        HoursEntry(
            volunteer_id=row.volunteer_id,
            opportunity=row.shift.opportunity,
            sign_up=row,
            worked_on=clock.local_date(row.shift.starts_at),
            hours=row.shift.length,
            status=HoursStatus.APPROVED,
        )
        for row in rows
        if row.status == SignUpStatus.ATTENDED
    ]
    HoursEntry.objects.bulk_create(hours, batch_size=500)
    waiting = [
        HoursEntry(
            volunteer_id=pk,
            opportunity=shifts[0].opportunity,
            worked_on=plan.today - dt.timedelta(days=3 + index),
            hours=2,
            note="Washed the tablecloths at home",
        )
        for index, pk in enumerate(rng.sample(regulars, min(3, len(regulars))))
    ]
    HoursEntry.objects.bulk_create(waiting)
    return {"shifts": len(shifts), "sign_ups": len(rows), "hours": len(hours) + len(waiting)}


def _shift(opportunity: Opportunity, day: dt.date, hour: int, length: int, capacity: int) -> Shift:
    starts = dt.datetime.combine(day, dt.time(hour), tzinfo=clock.zone())
    ends = dt.datetime.combine(day, dt.time(hour + length), tzinfo=clock.zone())
    return Shift(
        opportunity=opportunity,
        starts_at=starts.astimezone(dt.UTC),
        ends_at=ends.astimezone(dt.UTC),
        capacity=capacity,
        minimum=max(1, capacity // 2),
    )


def _outcome(rng: random.Random, *, past: bool) -> SignUpStatus:
    if not past:
        return SignUpStatus.CONFIRMED
    return SignUpStatus.NO_SHOW if rng.random() < 0.04 else SignUpStatus.ATTENDED


_DESCRIPTION = (
    "No experience needed: someone who knows the work is always there. Wear shoes you can stand in, bring a friend if "
    "you like, and stay for a bowl of soup afterwards."
)
