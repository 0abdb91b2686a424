"""The movement table: members at the start, who joined, came back and left, members at the end. It always adds up.

Each month compares every membership's status on the day before it with that on its last day, so that one month's end is
the next one's start. Suspended members have not left. A membership begun and ended within one month is in neither.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from itertools import pairwise

from django.db.models import Count, Exists, OuterRef

from memberships.models import BELONGING, Membership, Standing, Status, Term
from memberships.periods import ONE_DAY
from memberships.status import status_in_sql


@dataclass(slots=True)
class Movement:
    """Memberships from the first to the last day."""

    first: dt.date
    last: dt.date
    start: int = 0
    joined: int = 0
    rejoined: int = 0
    lapsed: int = 0
    cancelled: int = 0
    deceased: int = 0
    end: int = 0

    @property
    def adds_up(self) -> bool:
        """Whether start, those who came and those who went make the end."""
        came, went = self.joined + self.rejoined, self.lapsed + self.cancelled + self.deceased
        return self.start + came - went == self.end


def movement(first: dt.date, last: dt.date) -> Movement:
    """Return what moved from the first to the last day, in one query."""
    terms, standings = Term.objects.all(), Standing.objects.all()
    before = first - ONE_DAY
    had_before = Exists(Term.objects.begun(before).filter(membership=OuterRef("pk")).order_by())
    rows = (
        Membership.objects.order_by()
        .annotate(
            was=status_in_sql(before, terms=terms, standings=standings),
            becomes=status_in_sql(last, terms=terms, standings=standings),
            known=had_before,
        )
        .values_list("was", "becomes", "known")
        .annotate(number=Count("pk"))
    )
    row = Movement(first, last)
    for was, becomes, known, number in rows:
        belonged, belongs = was in BELONGING, becomes in BELONGING
        row.start += number if belonged else 0
        row.end += number if belongs else 0
        if belongs and not belonged:
            name = "rejoined" if known else "joined"
        elif belonged and not belongs:
            name = {Status.DECEASED: "deceased", Status.CANCELLED: "cancelled"}.get(becomes, "lapsed")
        else:
            continue
        setattr(row, name, getattr(row, name) + number)
    return row


def movement_by_month(year: int) -> list[Movement]:
    """Return the twelve months of a year."""
    opens = [dt.date(year, month, 1) for month in range(1, 13)] + [dt.date(year + 1, 1, 1)]
    return [movement(first, after - ONE_DAY) for first, after in pairwise(opens)]


def total(months: list[Movement]) -> Movement:
    """Add months that follow each other up: comings and goings of each, start of the first, end of the last."""
    whole = Movement(months[0].first, months[-1].last, start=months[0].start, end=months[-1].end)
    for field in fields(Movement):
        if field.name not in {"first", "last", "start", "end"}:
            setattr(whole, field.name, sum(getattr(month, field.name) for month in months))
    return whole
