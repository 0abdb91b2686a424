"""Walk the gifts in the order they were given: who reached what on a ladder, and on which day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from constituents.models import HouseholdMembership
from core import clock
from core.money import quantize
from core.organisation import current_organisation
from donations import metrics
from donations.models import DonorLevel, Ladder, Measure, SoftCredit, SoftCreditRole

_PLACES = Decimal("0.001")  # as the columns keep amounts


@dataclass(slots=True)
class Sum:
    """What one donor's gifts add up to: the amount, the highest level it reaches, and the day it did."""

    amount: Decimal = Decimal(0)
    level: DonorLevel | None = None
    reached_on: dt.date | None = None


def days_of(ladder: Ladder, today: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and last day that count."""
    year = clock.fiscal_year(today)
    match Measure(ladder.measure):
        case Measure.THIS_YEAR:
            return clock.fiscal_year_bounds(year)
        case Measure.LAST_YEAR:
            return clock.fiscal_year_bounds(year - 1)
    return dt.date.min, dt.date.max


def period_of(ladder: Ladder, today: dt.date) -> str:
    """Return the name of the period: a level reached twice in it is reached once."""
    if ladder.measure == Measure.LIFETIME:
        return "life"
    return str(clock.fiscal_year(today) - (1 if ladder.measure == Measure.LAST_YEAR else 0))


def add_up(ladder: Ladder, people: Collection[int] | None = None, *, today: dt.date | None = None) -> dict[int, Sum]:
    """Return what each donor's gifts add up to, for these people or for everyone.

    With the household a gift counts for its donor, and for whoever lives today in the household it was given from: what
    somebody who died or moved out gave while living there stays with those who are left, as in the household's own
    total. With recognition it counts also for those who are thanked for it. For nobody it counts twice.
    """
    today = today or clock.today()
    levels = sorted(ladder.levels.all(), key=lambda level: level.from_amount)
    found: dict[int, Sum] = defaultdict(Sum)
    for on, credits in _credits(ladder, people, today):
        for person, amount in credits.items():
            if people is not None and person not in people:
                continue
            one = found[person]
            one.amount += amount
            for level in levels:
                if level.from_amount <= one.amount and (one.level is None or level.from_amount > one.level.from_amount):
                    one.level, one.reached_on = level, on
    for one in found.values():
        one.amount = one.amount.quantize(_PLACES)
    return dict(found)


def _credits(
    ladder: Ladder, people: Collection[int] | None, today: dt.date
) -> Iterator[tuple[dt.date, dict[int, Decimal]]]:
    """Yield each counted gift's day and whom it counts for with how much, oldest first."""
    first, last = days_of(ladder, today)
    gifts: QuerySet[Any] = metrics.counted(metrics.Switches(household=ladder.with_household))
    if ladder.measure != Measure.LIFETIME:
        gifts = gifts.filter(received_on__gte=first, received_on__lte=last)
    living_with = _households(people) if ladder.with_household else {}
    recognised = _recognised(ladder, people) if ladder.with_recognition else {}
    if people is not None:
        mates = {person for members in living_with.values() for person in members}
        gifts = gifts.filter(Q(donor__in={*people, *mates}) | Q(pk__in=list(recognised)))
    rows = gifts.order_by("received_on", "pk").values_list(
        "pk", "donor", "unit", "received_on", "amount", "net_base_amount"
    )
    base = current_organisation().base_currency
    for pk, donor, unit, on, amount, net in rows.iterator(chunk_size=5_000):
        credits = {donor: net}
        for person in living_with.get(-unit, ()):
            credits.setdefault(person, net)
        for person, share in recognised.get(pk, {}).items():
            credits.setdefault(person, quantize(share * net / amount, base))
        yield on, credits


def _households(people: Collection[int] | None) -> dict[int, list[int]]:
    """Return who lives in each household today; only those of these people when some are named."""
    memberships = HouseholdMembership.objects.now().order_by("pk")
    if people is not None:
        theirs = HouseholdMembership.objects.now().order_by().filter(person__in=people)
        memberships = memberships.filter(household__in=theirs.values("household"))
    found: dict[int, list[int]] = defaultdict(list)
    for household, person in memberships.values_list("household", "person"):
        found[household].append(person)
    return found


def _recognised(ladder: Ladder, people: Collection[int] | None) -> dict[int, dict[int, Decimal]]:
    """Return, for each gift, who is thanked for it and for how much of it; the most of several roles."""
    credits = SoftCredit.objects.counted()
    if ladder.with_household:
        # Whoever lives with the donor is counted already.
        credits = credits.exclude(role=SoftCreditRole.HOUSEHOLD)
    if people is not None:
        credits = credits.filter(constituent__in=people)
    found: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for gift, person, amount in credits.order_by("amount").values_list("gift", "constituent", "amount"):
        found[gift][person] = amount
    return found
