"""The one definition of every number about giving; screens, sheets and PDFs all ask here.

A counted gift is posted, net of refunds above zero, on its gift date in the organisation's zone. The unit is the
household (the donor's on the gift's date; a donor without one is a unit of one) or the constituent. Years are fiscal
and named by the year they end in, unless calendar years are asked for. All amounts are in the base currency.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, TruncMonth

from constituents.models import HouseholdMembership
from core import clock
from core.money import quantize
from core.organisation import current_organisation
from donations.models import Gift


@dataclass(frozen=True, slots=True)
class Switches:
    """What counts: the defaults are those of every report."""

    household: bool = True
    calendar: bool = False
    dues: bool = False

    def bounds(self, year: int) -> tuple[dt.date, dt.date]:
        """Return the first and last day of the year."""
        return clock.calendar_year_bounds(year) if self.calendar else clock.fiscal_year_bounds(year)


DEFAULT = Switches()


def counted(switches: Switches = DEFAULT) -> Any:  # a GiftQuerySet whose rows have a `unit`: no type can say so
    """Return counted gifts, each with the `unit` it belongs to (a household's key is negative)."""
    gifts = Gift.objects.counted(dues=switches.dues).order_by()
    if not switches.household:
        return gifts.annotate(unit=F("donor_id"))
    on_the_day = HouseholdMembership.objects.filter(
        Q(since__isnull=True) | Q(since__lte=OuterRef("received_on")),
        Q(until__isnull=True) | Q(until__gte=OuterRef("received_on")),
        person=OuterRef("donor_id"),
    ).order_by("pk")
    household = Subquery(on_the_day.values("household")[:1], output_field=BigIntegerField())
    return gifts.annotate(unit=Coalesce(household * Value(-1), F("donor_id"), output_field=BigIntegerField()))


def _money(amount: Decimal | None) -> Decimal:
    return quantize(amount or Decimal(0), current_organisation().base_currency)


@dataclass(frozen=True, slots=True)
class Giving:
    """What came in over a period."""

    raised: Decimal
    gifts: int
    donors: int

    @property
    def average(self) -> Decimal:
        """The average gift, to the smallest unit; zero when there is none."""
        return _money(self.raised / self.gifts) if self.gifts else Decimal(0)


def giving_between(first: dt.date, last: dt.date, switches: Switches = DEFAULT) -> Giving:
    """Return what came in from the first to the last day, both included."""
    row = (
        counted(switches)
        .between(first, last)
        .aggregate(raised=Sum("net_base_amount"), gifts=Count("pk"), donors=Count("unit", distinct=True))
    )
    return Giving(_money(row["raised"]), row["gifts"], row["donors"])


def total_of(gifts: QuerySet[Gift]) -> Giving:
    """Return what these gifts add up to; donors are constituents, not households."""
    row = gifts.order_by().aggregate(
        raised=Sum("net_base_amount"), gifts=Count("pk"), donors=Count("donor", distinct=True)
    )
    return Giving(_money(row["raised"]), row["gifts"], row["donors"])


def giving_in(year: int, switches: Switches = DEFAULT) -> Giving:
    """Return what came in over a year."""
    return giving_between(*switches.bounds(year), switches)


def raised_by_month(year: int, switches: Switches = DEFAULT) -> list[tuple[dt.date, Decimal]]:
    """Return what each of the year's twelve months brought, by the month's first day; quiet months are zero."""
    first, last = switches.bounds(year)
    rows = counted(switches).between(first, last).annotate(month=TruncMonth("received_on"))
    found = {row["month"]: row["total"] for row in rows.values("month").annotate(total=Sum("net_base_amount"))}
    months = [dt.date(first.year + (first.month - 1 + i) // 12, (first.month - 1 + i) % 12 + 1, 1) for i in range(12)]
    return [(month, _money(found.get(month))) for month in months]


@dataclass(frozen=True, slots=True)
class Movement:
    """How a year differs from the one before; gains less losses is exactly the change in what was raised."""

    raised: Decimal
    raised_before: Decimal
    donors: int
    donors_before: int
    kept: int
    new_donors: int
    recaptured_donors: int
    lapsed_donors: int
    kept_new: int
    new_before: int
    new: Decimal
    recaptured: Decimal
    upgraded: Decimal
    lapsed: Decimal
    downgraded: Decimal

    @property
    def gains(self) -> Decimal:
        """New, recaptured and upgraded giving."""
        return self.new + self.recaptured + self.upgraded

    @property
    def losses(self) -> Decimal:
        """Lapsed and downgraded giving."""
        return self.lapsed + self.downgraded

    @property
    def retention(self) -> Decimal | None:
        """Donors of the year before who gave again, as a share of them; None when there were none."""
        return Decimal(self.kept) / self.donors_before if self.donors_before else None

    @property
    def first_year_retention(self) -> Decimal | None:
        """The same among those whose first year was the one before."""
        return Decimal(self.kept_new) / self.new_before if self.new_before else None


def movement(year: int, switches: Switches = DEFAULT) -> Movement:
    """Return who came, stayed and left between the year before and this one, and what that meant in money."""
    this_first, this_last = switches.bounds(year)
    before_first, before_last = switches.bounds(year - 1)
    now = Q(received_on__gte=this_first, received_on__lte=this_last)
    before = Q(received_on__gte=before_first, received_on__lte=before_last)
    units = (
        counted(switches)
        .filter(received_on__lte=this_last)
        .values("unit")
        .annotate(
            now=Coalesce(Sum("net_base_amount", filter=now), Decimal(0)),
            before=Coalesce(Sum("net_base_amount", filter=before), Decimal(0)),
            first_on=Min("received_on"),
        )
    )
    gave_now, gave_before = Q(now__gt=0), Q(before__gt=0)
    is_new = Q(first_on__gte=this_first)
    was_new = Q(first_on__gte=before_first)
    row = units.aggregate(
        raised=Sum("now"),
        raised_before=Sum("before"),
        donors=_count(gave_now),
        donors_before=_count(gave_before),
        kept=_count(gave_now & gave_before),
        new_donors=_count(gave_now & is_new),
        recaptured_donors=_count(gave_now & ~gave_before & ~is_new),
        lapsed_donors=_count(~gave_now & gave_before),
        kept_new=_count(gave_now & gave_before & was_new),
        new_before=_count(gave_before & was_new),
        new=_total(F("now"), gave_now & is_new),
        recaptured=_total(F("now"), gave_now & ~gave_before & ~is_new),
        upgraded=_total(F("now") - F("before"), gave_now & gave_before & Q(now__gt=F("before"))),
        lapsed=_total(F("before"), ~gave_now & gave_before),
        downgraded=_total(F("before") - F("now"), gave_now & gave_before & Q(now__lt=F("before"))),
    )
    counts_and_sums: dict[str, Any] = {
        name: value or 0 if name in _COUNTS else _money(value) for name, value in row.items()
    }
    return Movement(**counts_and_sums)


_COUNTS = frozenset(
    {"donors", "donors_before", "kept", "new_donors", "recaptured_donors", "lapsed_donors", "kept_new", "new_before"}
)


def _count(condition: Q) -> Sum:
    return Sum(Case(When(condition, then=1), default=0, output_field=IntegerField()))


def _total(amount: Combinable, condition: Q) -> Sum:
    return Sum(Case(When(condition, then=amount), default=Decimal(0)))


def _units_between(first: dt.date, last: dt.date, switches: Switches) -> QuerySet[Gift]:
    return counted(switches).between(first, last).values("unit").distinct()


def lybunt(year: int, switches: Switches = DEFAULT) -> QuerySet[Gift]:
    """Return the units that gave last year but unfortunately not this, with what they gave last year, largest first."""
    last_year = counted(switches).between(*switches.bounds(year - 1))
    return (
        last_year.exclude(unit__in=_units_between(*switches.bounds(year), switches))
        .values("unit")
        .annotate(total=Sum("net_base_amount"), donor=Min("donor_id"))
        .order_by("-total", "unit")
    )


def sybunt(year: int, switches: Switches = DEFAULT, *, without_lybunt: bool = False) -> QuerySet[Gift]:
    """Return the units that gave some year before but not this, with what they ever gave, largest first."""
    first, _last = switches.bounds(year)
    units = (
        counted(switches)
        .filter(received_on__lt=first)
        .exclude(unit__in=_units_between(*switches.bounds(year), switches))
    )
    if without_lybunt:
        units = units.exclude(unit__in=_units_between(*switches.bounds(year - 1), switches))
    return units.values("unit").annotate(total=Sum("net_base_amount"), donor=Min("donor_id")).order_by("-total", "unit")


def by_fund(first: dt.date, last: dt.date, *, dues: bool = False) -> list[dict[str, object]]:
    """Return what each fund received over a period by gift date, from the ledger, largest first."""
    counted_gifts = Gift.objects.counted(dues=dues).between(first, last)
    rows = (
        counted_gifts.order_by()
        .values("entries__fund", "entries__fund__name")
        .annotate(raised=Sum("entries__base_amount"), gifts=Count("pk", distinct=True))
        .order_by("-raised", "entries__fund")
    )
    return [
        {
            "fund": row["entries__fund"],
            "name": row["entries__fund__name"],
            "raised": _money(row["raised"]),
            "gifts": row["gifts"],
        }
        for row in rows
    ]
