"""Money that came for a promise: recorded as a gift and applied, in one step."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from accounts.models import User
from core.money import Money
from donations.models import Gift, Instalment, Pledge, RecurringGift
from donations.promises import pledging, standing
from donations.promises.paying import apply_payment
from donations.services.gifts import record_gift


@transaction.atomic
def record_payment(
    pledge: Pledge,
    *,
    money: Money,
    received_on: dt.date,
    by: User | None,
    instalment: Instalment | None = None,
    **details: Any,
) -> Gift:
    """Record a gift of the donor's for the pledge's funds and campaign, and let it pay the pledge."""
    gift = record_gift(
        donor=pledge.donor,
        money=money,
        received_on=received_on,
        by=by,
        allocations=pledging.funds_of(pledge, money),
        campaign=pledge.campaign,
        appeal=pledge.appeal,
        **details,
    )
    apply_payment(gift, pledge=pledge, instalment=instalment, by=by)
    return gift


@transaction.atomic
def record_recurring(
    recurring: RecurringGift, *, money: Money, received_on: dt.date, by: User | None, **details: Any
) -> Gift:
    """Record one gift of a standing order, for its funds and campaign. Raises PromiseError of one charged online."""
    standing.must_be_ours(recurring)
    return record_gift(
        donor=recurring.donor,
        money=money,
        received_on=received_on,
        by=by,
        allocations=standing.funds_of(recurring, money),
        campaign=recurring.campaign,
        appeal=recurring.appeal,
        recurring=recurring,
        **details,
    )
