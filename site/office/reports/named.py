"""Reports by name: the rows behind each number, as columns and plain values for a sheet, a page or a program."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Sum

from constituents.models import Constituent, Household
from core.money import Money
from core.organisation import current_organisation
from donations import metrics
from donations.campaigns.results import campaign_lines
from donations.metrics import Switches
from donations.models import Fund
from memberships.movement import movement_by_month
from volunteers.models import HoursEntry


@dataclass(frozen=True, slots=True)
class Report:
    """A report's columns and rows; amounts are plain texts in the base currency."""

    columns: Sequence[str]
    rows: list[list[Any]]


def _plain(amount: Any) -> str:
    return Money(amount, current_organisation().base_currency).plain


def _by_unit(rows: QuerySet[Any, Any], total: str) -> Report:
    found = list(rows)
    households = Household.objects.in_bulk([-row["unit"] for row in found if row["unit"] < 0])
    donors = Constituent.objects.in_bulk([row["donor"] for row in found])
    lines = []
    for row in found:
        household = households.get(-row["unit"])
        name = str(household) if household else str(donors[row["donor"]])
        lines.append(["household" if household else "person", abs(row["unit"]), name, _plain(row["total"])])
    return Report(["unit", "id", "name", total], lines)


def lybunt(year: int, switches: Switches) -> Report:
    """Gave last year but not this."""
    return _by_unit(metrics.lybunt(year, switches), "given_last_year")


def sybunt(year: int, switches: Switches) -> Report:
    """Gave some year but not this."""
    return _by_unit(metrics.sybunt(year, switches), "given_before")


def retention(year: int, switches: Switches) -> Report:
    """Who stayed."""
    moved = metrics.movement(year, switches)
    return Report(
        ["donors_before", "kept", "retention", "new_before", "kept_new", "first_year_retention"],
        [[moved.donors_before, moved.kept, _share(moved.retention), moved.new_before, moved.kept_new,
          _share(moved.first_year_retention)]],
    )  # fmt: skip


def _share(share: Any) -> str | None:
    return None if share is None else str(round(share, 4))


def growth(year: int, switches: Switches) -> Report:
    """Gains and losses: their difference is the change in what was raised."""
    moved = metrics.movement(year, switches)
    names = ["raised", "raised_before", "new", "recaptured", "upgraded", "gains", "lapsed", "downgraded", "losses"]
    return Report(names, [[_plain(getattr(moved, name)) for name in names]])


def campaigns(year: int, switches: Switches) -> Report:
    """What campaigns brought, each alone, so that the column adds up; and what it raised with its parts."""
    lines = campaign_lines(*switches.bounds(year), switches)
    return Report(
        [
            "campaign", "raised", "goal", "gifts", "donors", "code", "part_of", "raised_with_parts", "new_donors",
            "average", "median", "sent", "response_rate", "cost", "net", "roi", "cost_to_raise_one", "pledged",
        ],
        [
            [
                line.campaign.name,
                _plain(line.own.revenue),
                _plain_or_none(line.campaign.goal),
                line.own.gifts,
                line.own.donors,
                line.campaign.code,
                line.part_of,
                _plain(line.raised_with_parts),
                line.own.new_donors,
                _plain_or_none(line.own.average),
                _plain_or_none(line.own.median),
                line.own.sent,
                _share(line.own.response_rate),
                _plain(line.own.cost),
                _plain(line.own.net),
                _share(line.own.roi),
                _share(line.own.cost_to_raise_one),
                _plain(line.own.promised.pledged),
            ]
            for line in lines
        ],
    )  # fmt: skip


def _plain_or_none(amount: Any) -> str | None:
    return None if amount is None else _plain(amount)


def funds(year: int, switches: Switches) -> Report:
    """What funds received."""
    rows = metrics.by_fund(*switches.bounds(year), dues=switches.dues)
    known = Fund.objects.in_bulk([row["fund"] for row in rows])
    lines = [(row, known[row["fund"]]) for row in rows]
    return Report(
        ["fund", "raised", "gifts", "code", "restriction", "account"],
        [
            [fund.name, _plain(row["raised"]), row["gifts"], fund.code, fund.restriction, fund.accounting_code]
            for row, fund in lines
        ],
    )


def membership_movement(year: int, switches: Switches) -> Report:
    """Start, comings, goings and end of each month."""
    names = ["start", "joined", "rejoined", "lapsed", "cancelled", "deceased", "end"]
    rows = [
        [month.first.isoformat()[:7], *(getattr(month, name) for name in names)] for month in movement_by_month(year)
    ]
    return Report(["month", *names], rows)


def volunteer_hours(year: int, switches: Switches) -> Report:
    """Approved hours by opportunity."""
    hours = HoursEntry.objects.approved().between(*switches.bounds(year)).order_by()
    rows: Iterable[Any] = (
        hours.values("opportunity__name")
        .annotate(total=Sum("hours"), people=Count("volunteer", distinct=True))
        .order_by("opportunity__name")
    )
    return Report(
        ["opportunity", "hours", "people"],
        [[row["opportunity__name"], str(round(row["total"], 2)), row["people"]] for row in rows],
    )


REPORTS: dict[str, Callable[[int, Switches], Report]] = {
    "lybunt": lybunt,
    "sybunt": sybunt,
    "retention": retention,
    "growth": growth,
    "campaigns": campaigns,
    "funds": funds,
    "membership-movement": membership_movement,
    "volunteer-hours": volunteer_hours,
}
