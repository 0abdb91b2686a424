"""The working day: what is overdue, due today, this week and later, for one person, their team or everyone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, TextChoices
from django.utils.translation import gettext_lazy as _

from constituents.models import FollowUp
from constituents.models.follow_up import FollowUpQuerySet
from constituents.work.pointers import Pointer, pointers_of

PAGE = 100


class Whose(TextChoices):
    """Whose work is looked at."""

    MINE = "mine", _("Mine")
    TEAM = "team", _("My team’s")
    EVERYONE = "everyone", _("Everyone’s")


class When(TextChoices):
    """The parts of an agenda, in their order."""

    OVERDUE = "overdue", _("Overdue")
    TODAY = "today", _("Today")
    WEEK = "week", _("This week")
    LATER = "later", _("Later")


@dataclass(frozen=True, slots=True)
class Entry:
    """A follow-up with what it is about."""

    follow_up: FollowUp
    about: Pointer | None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the agenda: how many there are, and those of this page."""

    when: When
    count: int
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Agenda:
    """A page of somebody's work."""

    parts: list[Part]
    total: int
    shown: int
    page: int

    @property
    def has_next(self) -> bool:
        """Whether there is more than this page shows."""
        return self.page * PAGE < self.total


def part_of(due_on: dt.date, today: dt.date) -> When:
    """Return where in the agenda a day stands. The week ends on Sunday."""
    if due_on < today:
        return When.OVERDUE
    if due_on == today:
        return When.TODAY
    return When.WEEK if due_on <= _sunday(today) else When.LATER


def within(when: str, today: dt.date) -> Q:
    """Return the condition for a part of the agenda; no condition when none is named."""
    match when:
        case When.OVERDUE:
            return Q(due_on__lt=today)
        case When.TODAY:
            return Q(due_on=today)
        case When.WEEK:
            return Q(due_on__gt=today, due_on__lte=_sunday(today))
        case When.LATER:
            return Q(due_on__gt=_sunday(today))
    return Q()


def work_of(user: Any, whose: str) -> FollowUpQuerySet:
    """Return the open follow-ups of the user, of the user's teams, or of everyone."""
    rows = FollowUp.objects.open()
    match whose:
        case Whose.EVERYONE:
            return rows
        case Whose.TEAM:
            return rows.of_teams_of(user)
    return rows.of(user)


def counts(rows: FollowUpQuerySet, today: dt.date) -> dict[str, int]:
    """Return how many stand in each part, in one query."""
    return rows.aggregate(**{when.value: Count("pk", filter=within(when, today)) for when in When})


def agenda(
    user: Any, *, today: dt.date, whose: str = Whose.MINE, kinds: Sequence[str] = (), when: str = "", page: int = 1
) -> Agenda:
    """Return a page of somebody's work, in the order one would do it."""
    rows = work_of(user, whose)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    numbers = counts(rows, today)
    total = numbers[when] if when in numbers else sum(numbers.values())
    first = (page - 1) * PAGE
    shown = list(rows.filter(within(when, today)).for_list().in_order()[first : first + PAGE])
    about = pointers_of(shown)
    parts = {part: Part(part, numbers[part]) for part in When}
    for row in shown:
        parts[part_of(row.due_on, today)].entries.append(Entry(row, about.get(row.pk)))
    return Agenda(list(parts.values()), total, len(shown), page)


def _sunday(today: dt.date) -> dt.date:
    return today + dt.timedelta(days=6 - today.weekday())
