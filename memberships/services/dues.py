"""Dues are gifts of the kind "dues": recorded in the ledger through donations, never beside it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from accounts.models import User
from constituents.models import Constituent
from core import clock
from core.money import Money
from donations.models import Gift, GiftKind, GiftSource, Method
from donations.services.gifts import record_gift
from memberships.models import Level


@dataclass(frozen=True, slots=True)
class Payment:
    """How dues were paid: method, day and reference."""

    method: str = Method.CHEQUE
    received_on: dt.date | None = None
    reference: str = ""
    source: str = GiftSource.STAFF

    @property
    def day(self) -> dt.date:
        """The day it came; today when none was named."""
        return self.received_on or clock.today()


def record_dues(
    *, payer: Constituent, level: Level, money: Money, payment: Payment, by: User | None, received: bool = True
) -> Gift | None:
    """Record dues, or expect them when they have not come yet; nothing to pay records nothing."""
    if not money:
        return None
    advantage = min(Money(level.advantage_amount, level.currency), money)
    return record_gift(
        donor=payer,
        money=money,
        received_on=payment.day,
        by=by,
        allocations=[(level.fund, money.amount)] if level.fund else None,
        post=received,
        kind=GiftKind.DUES,
        method=payment.method,
        reference=payment.reference,
        source=payment.source,
        advantage_amount=advantage.amount,
        advantage_description=level.advantage_description if advantage else "",
    )
