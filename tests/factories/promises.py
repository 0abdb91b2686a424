"""Pledges and recurring gifts, made by the app's own verbs so that every rule holds."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from constituents.models import Constituent
from core.money import Money
from donations.models import Fund, Pledge, RecurringGift
from donations.promises.pledging import even_instalments, pledge_gift
from donations.promises.schedule import Frequency, Unit
from donations.promises.standing import start_recurring
from tests.factories.constituents import make_person
from tests.factories.donations import make_fund


def _to(fund: Fund | None, amount: Decimal) -> list[tuple[Fund, Decimal]]:
    fund = fund or Fund.objects.filter(is_default=True).first() or make_fund("General fund", is_default=True)
    return [(fund, amount)]


def make_pledge(
    donor: Constituent | None = None,
    amount: str | int = "1200",
    *,
    first: dt.date = dt.date(2026, 1, 31),
    number: int = 12,
    every: int = 1,
    unit: Unit = Unit.MONTH,
    fund: Fund | None = None,
    **details: Any,
) -> Pledge:
    """Return a pledge of equal parts."""
    money = Money(Decimal(amount), details.pop("currency", "USD"))
    allocations = details.pop("allocations", None) or _to(fund, money.amount)
    return pledge_gift(
        donor=donor or make_person(),
        money=money,
        pledged_on=details.pop("pledged_on", first - dt.timedelta(days=30)),
        instalments=even_instalments(money, first=first, frequency=Frequency(every, unit), number=number),
        by=None,
        allocations=allocations,
        **details,
    )


def make_recurring(
    donor: Constituent | None = None,
    amount: str | int = "25",
    *,
    starts_on: dt.date = dt.date(2026, 1, 1),
    every: int = 1,
    unit: Unit = Unit.MONTH,
    fund: Fund | None = None,
    **details: Any,
) -> RecurringGift:
    """Return a standing order."""
    money = Money(Decimal(amount), "USD")
    return start_recurring(
        donor=donor or make_person(),
        money=money,
        frequency=Frequency(every, unit),
        starts_on=starts_on,
        by=None,
        allocations=details.pop("allocations", None) or _to(fund, money.amount),
        **details,
    )
