"""Funds, campaigns, gifts and receipts, made by the app's own verbs so that every rule holds."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from decimal import Decimal
from typing import Any

from constituents.models import Constituent
from core import clock
from core.money import Money
from donations.batches.opening import open_batch
from donations.batches.rows import save_row
from donations.models import Appeal, Batch, BatchRow, Campaign, Fund, Gift, Receipt
from donations.services.gifts import record_gift
from donations.services.receipts import issue_receipt
from tests.factories.constituents import make_person

_numbers = itertools.count(1)


def make_fund(name: str | None = None, **details: Any) -> Fund:
    """Return a fund; `is_default=True` makes it the one gifts go to when nothing else is chosen."""
    number = next(_numbers)
    return Fund.objects.create(name=name or f"Harbour fund {number}", code=f"fund-{number}", **details)


def make_campaign(name: str | None = None, **details: Any) -> Campaign:
    """Return a campaign."""
    number = next(_numbers)
    return Campaign.objects.create(name=name or f"Spring campaign {number}", code=f"campaign-{number}", **details)


def make_appeal(campaign: Campaign | None = None, name: str | None = None, **details: Any) -> Appeal:
    """Return an appeal within a campaign."""
    number = next(_numbers)
    return Appeal.objects.create(
        campaign=campaign or make_campaign(), name=name or f"Letter {number}", code=f"appeal-{number}", **details
    )


def make_gift(
    donor: Constituent | None = None,
    amount: str | int | Decimal = "50.00",
    *,
    currency: str = "USD",
    on: dt.date | None = None,
    fund: Fund | None = None,
    post: bool = True,
    by: Any = None,
    allocations: list[tuple[Fund, Decimal]] | None = None,
    **details: Any,
) -> Gift:
    """Return a gift, posted unless `post=False`; it goes to `fund`, or to the default one, made when there is none."""
    money = Money(Decimal(amount), currency)
    if allocations is None:
        fund = fund or Fund.objects.filter(is_default=True).first() or make_fund("General fund", is_default=True)
        allocations = [(fund, money.amount)]
    return record_gift(
        donor=donor or make_person(),
        money=money,
        received_on=on or min(dt.date(2026, 3, 1), clock.today()),
        by=by,
        allocations=allocations,
        post=post,
        **details,
    )


def make_receipt(gift: Gift | None = None, **details: Any) -> Receipt:
    """Return an issued receipt over a gift."""
    return issue_receipt(gift or make_gift(), by=None, **details)


def make_batch(count: int = 1, total: str | int | Decimal = "50.00", **details: Any) -> Batch:
    """Return an open batch that expects so many gifts over so much; `fund` is the default one when none is named."""
    fund = details.pop("fund", None) or Fund.objects.filter(is_default=True).first()
    facts = {"currency": "USD", "received_on": dt.date(2026, 3, 2), "bank_account": "Portbury Savings 4021"} | details
    return open_batch(
        by=facts.pop("by", None),
        expected_count=count,
        expected_total=Decimal(total),
        fund=fund or make_fund("General fund", is_default=True),
        **facts,
    )


def type_row(batch: Batch, donor: Constituent | None = None, amount: str = "50.00", **said: Any) -> BatchRow:
    """Return a row of a batch as somebody typed it; `said` is what else the browser says of it."""
    said = {"donor": donor.pk if donor else None, "amount": amount} | said
    return save_row(batch, said, key=uuid.uuid4(), version=0, by=None)
