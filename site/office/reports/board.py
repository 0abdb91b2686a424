"""The board's page: giving, membership and volunteering of a year, against the year before and against goal."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count

from core import clock
from core.money import Money
from core.organisation import current_organisation
from donations import metrics
from donations.campaigns.results import campaign_lines
from memberships.models import Membership
from memberships.movement import Movement, movement
from volunteers.models import HoursEntry, Shift


@dataclass(frozen=True, slots=True)
class CampaignLine:
    """A campaign's result."""

    name: str
    raised: Decimal
    goal: Decimal | None
    gifts: int
    donors: int


@dataclass(frozen=True, slots=True)
class LevelLine:
    """Members of one level on a day, and a year before."""

    name: str
    members: int
    before: int


@dataclass(frozen=True, slots=True)
class BoardFigures:
    """Everything the board's page says. A year that still runs is compared with the same days of the year before."""

    year: int
    as_of: dt.date
    currency: str
    giving: metrics.Giving
    before: metrics.Giving
    months: list[tuple[dt.date, Decimal]]
    months_before: list[tuple[dt.date, Decimal]]
    moved: metrics.Movement
    campaigns: list[CampaignLine]
    funds: list[dict[str, Any]]
    levels: list[LevelLine]
    membership: Movement
    hours: Decimal
    hours_before: Decimal
    volunteers: int
    short_shifts: int

    @property
    def members(self) -> int:
        """Memberships on the day."""
        return sum(level.members for level in self.levels)

    @property
    def members_before(self) -> int:
        """Memberships a year before."""
        return sum(level.before for level in self.levels)

    @property
    def raised(self) -> Money:
        """What came in."""
        return Money(self.giving.raised, self.currency)


def board_figures(year: int, *, as_of: dt.date | None = None, calendar: bool = False) -> BoardFigures:
    """Return the figures of a fiscal (or calendar) year up to a day, today when none is named."""
    switches = metrics.Switches(calendar=calendar)
    first, last = switches.bounds(year)
    as_of = min(as_of or clock.today(), last)
    before_first, before_last = switches.bounds(year - 1)
    same_day = min(before_first + (as_of - first), before_last)
    hours = HoursEntry.objects.approved()
    return BoardFigures(
        year=year,
        as_of=as_of,
        currency=current_organisation().base_currency,
        giving=metrics.giving_between(first, as_of, switches),
        before=metrics.giving_between(before_first, same_day, switches),
        months=metrics.raised_by_month(year, switches),
        months_before=metrics.raised_by_month(year - 1, switches),
        moved=metrics.movement(year, switches),
        campaigns=_campaigns(first, as_of, switches),
        funds=metrics.by_fund(first, as_of),
        levels=_levels(as_of, as_of - dt.timedelta(days=365)),
        membership=movement(first, as_of),
        hours=hours.between(first, as_of).total(),
        hours_before=hours.between(before_first, same_day).total(),
        volunteers=hours.between(first, as_of).aggregate(people=Count("volunteer", distinct=True))["people"],
        short_shifts=Shift.objects.coming().short().count(),
    )


def _campaigns(first: dt.date, last: dt.date, switches: metrics.Switches) -> list[CampaignLine]:
    # A goal is for a campaign with all its parts, and so is what stands beside it.
    lines = [
        CampaignLine(line.campaign.name, line.raised_with_parts, line.campaign.goal, line.own.gifts, line.own.donors)
        for line in campaign_lines(first, last, switches)
    ]
    return sorted(lines, key=lambda line: (-line.raised, line.name))


def _levels(day: dt.date, year_before: dt.date) -> list[LevelLine]:
    counts = [
        dict(
            Membership.objects.members(date)
            .order_by()
            .values_list("level__name")
            .annotate(number=Count("pk"))
            .values_list("level__name", "number")
        )
        for date in (day, year_before)
    ]
    now, before = counts
    names = sorted({*now, *before} - {None}, key=lambda name: (-now.get(name, 0), name))
    return [LevelLine(name, now.get(name, 0), before.get(name, 0)) for name in names]
