"""Promised and came, apart; how old what is overdue is; how recurring giving grows and shrinks by month."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, DecimalField, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, ExtractYear, Round, TruncMonth
from django.utils.translation import gettext_lazy as _

from core import clock
from core.money import quantize
from core.organisation import current_organisation
from donations.models import ChangeKind, Instalment, Pledge, PledgeAllocation, RecurringChange, RecurringGift
from donations.models.pledge import InstalmentQuerySet

_AMOUNT = DecimalField(max_digits=18, decimal_places=3)


def total(expression: object, condition: Q | None = None) -> Round:
    """Return an exact sum: on SQLite sums of decimals come with digits money has not."""
    return Round(Coalesce(Sum(expression, filter=condition), Value(0), output_field=_AMOUNT), precision=3)


# Promised and came


@dataclass(slots=True)
class PromiseRow:
    """One campaign, fund or year in one currency: what was promised, came, was given up, and is still to come."""

    name: str
    currency: str
    promised: Decimal = Decimal(0)
    came: Decimal = Decimal(0)
    written_off: Decimal = Decimal(0)
    pledges: int = 0
    url: str = ""

    @property
    def left(self) -> Decimal:
        """What is still to come."""
        return self.promised - self.came - self.written_off

    @property
    def kept(self) -> Decimal | None:
        """Which part of what was promised came, in percent."""
        return self.came * 100 / self.promised if self.promised else None


#: By what the report sums up.
GROUPS = {"campaign": _("Campaign"), "fund": _("Fund"), "year": _("Year promised")}


def promised_and_came(group: str, pledges: QuerySet[Pledge] | None = None) -> list[PromiseRow]:
    """Return one row for each campaign, fund or year and currency; the rows add up to all pledges asked for."""
    pledges = Pledge.objects.all() if pledges is None else pledges
    if group == "fund":
        return _by_fund(pledges)
    name = ExtractYear("pledged_on") if group == "year" else F("campaign__name")
    rows = (
        pledges.order_by()
        .values("currency", name=name)
        .annotate(
            promised=total("amount"), came=total("paid_amount"), off=total("written_off_amount"), number=Count("pk")
        )
        .order_by("name" if group == "campaign" else "-name", "currency")
    )
    return [
        PromiseRow(
            str(row["name"] or _("No campaign")),
            row["currency"],
            _exact(row["promised"], row["currency"]),
            _exact(row["came"], row["currency"]),
            _exact(row["off"], row["currency"]),
            row["number"],
        )
        for row in rows
    ]


def _by_fund(pledges: QuerySet[Pledge]) -> list[PromiseRow]:
    """Share what came and was given up of each pledge as the pledge is shared, to the cent."""
    rows: dict[tuple[str, str], PromiseRow] = {}
    parts = PledgeAllocation.objects.filter(pledge__in=pledges.order_by().values("pk")).order_by("pledge", "pk")
    by_pledge: dict[int, list[PledgeAllocation]] = defaultdict(list)
    for part in parts.select_related("fund", "pledge"):
        by_pledge[part.pledge_id].append(part)
    for shares in by_pledge.values():
        pledge = shares[0].pledge
        weights = [part.amount for part in shares]
        for part, came, off in zip(
            shares, pledge.paid.split(weights), pledge.written_off.split(weights), strict=True
        ):  # fmt: skip
            row = rows.setdefault((part.fund.name, pledge.currency), PromiseRow(part.fund.name, pledge.currency))
            row.promised += part.amount
            row.came += came.amount
            row.written_off += off.amount
            row.pledges += 1
    return [rows[key] for key in sorted(rows)]


def _exact(amount: Decimal, currency: str) -> Decimal:
    return quantize(Decimal(amount), currency)


# Overdue

#: Days overdue, from and to, both included; the last has no end.
AGES: tuple[tuple[int, int | None], ...] = ((1, 30), (31, 60), (61, 90), (91, None))


@dataclass(slots=True)
class AgeRow:
    """What is overdue for so long, in one currency."""

    label: str
    currency: str
    amount: Decimal
    instalments: int


def overdue_ageing(today: dt.date, instalments: InstalmentQuerySet | None = None) -> list[AgeRow]:
    """Return what is overdue by age, in each currency it is promised in."""
    rows = (Instalment.objects.all() if instalments is None else instalments).open().filter(due_on__lt=today)
    found: list[AgeRow] = []
    left = F("amount") - F("paid_amount") - F("written_off_amount")
    for first, last in AGES:
        aged = rows.filter(due_on__lte=today - dt.timedelta(days=first))
        if last is not None:
            aged = aged.filter(due_on__gte=today - dt.timedelta(days=last))
        label = _("%(first)d to %(last)d days") if last else _("More than %(before)d days")
        words = str(label % {"first": first, "last": last, "before": first - 1})
        sums = aged.order_by().values("pledge__currency").annotate(sum=total(left), number=Count("pk"))
        for row in sums.order_by("pledge__currency"):
            currency = row["pledge__currency"]
            found.append(AgeRow(words, currency, _exact(row["sum"], currency), row["number"]))
    return found


# Recurring giving by month


@dataclass(slots=True)
class Movement:
    """What changed in a month, in the base currency, in an average month's money."""

    month: dt.date
    started: Decimal = Decimal(0)
    upgraded: Decimal = Decimal(0)
    downgraded: Decimal = Decimal(0)
    paused: Decimal = Decimal(0)
    lost: Decimal = Decimal(0)
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    #: What an average month brings at its end.
    monthly: Decimal = Decimal(0)
    currency: str = ""

    @property
    def net(self) -> Decimal:
        """More or less than the month before."""
        return self.started + self.upgraded + self.downgraded + self.paused + self.lost


_COLUMN = {
    ChangeKind.STARTED: "started",
    ChangeKind.UPGRADED: "upgraded",
    ChangeKind.DOWNGRADED: "downgraded",
    ChangeKind.PAUSED: "paused",
    ChangeKind.RESUMED: "paused",
    ChangeKind.LAPSED: "lost",
    ChangeKind.ENDED: "lost",
    ChangeKind.RECOVERED: "lost",
}


#: A pause that lost its end, or got another: no further donor pauses.
_PAUSED_ANEW = Q(kind=ChangeKind.PAUSED, monthly_before=0)


def movements(first: dt.date, last: dt.date) -> list[Movement]:
    """Return each month from one day's to another's, the latest first, with what began, grew, shrank and ended."""
    currency = current_organisation().base_currency
    history = RecurringChange.objects.filter(is_planned=False).order_by()
    difference = total(F("monthly_after") - F("monthly_before"))
    before = history.filter(effective_on__lt=first.replace(day=1)).aggregate(sum=difference)["sum"]
    months = {month: Movement(month, currency=currency) for month in _months(first, last)}
    rows = (
        history.filter(effective_on__gte=first.replace(day=1), effective_on__lte=last)
        .annotate(month=TruncMonth("effective_on"))
        .values("month", "kind")
        .annotate(sum=difference, number=Count("pk", filter=~_PAUSED_ANEW))
    )
    for row in rows:
        movement = months[row["month"]]
        kind = ChangeKind(row["kind"])
        movement.counts[kind] += row["number"]
        if (column := _COLUMN.get(kind)) is not None:
            setattr(movement, column, getattr(movement, column) + _exact(row["sum"], currency))
    running = _exact(before, currency)
    for movement in months.values():
        running += movement.net
        movement.monthly = running
    return list(reversed(months.values()))


def _months(first: dt.date, last: dt.date) -> Iterable[dt.date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + dt.timedelta(days=32)).replace(day=1)


def expected_a_month() -> Decimal:
    """Return what an average month brings as things stand today, in the base currency."""
    summed = RecurringGift.objects.expecting().aggregate(sum=total("monthly"))["sum"]
    return _exact(summed, current_organisation().base_currency)


def last_months(count: int) -> tuple[dt.date, dt.date]:
    """Return the first day of the month so many months ago, and today."""
    today = clock.today()
    months = today.year * 12 + today.month - count
    return dt.date(months // 12, months % 12 + 1, 1), today
