"""Post thousands of gifts at a time, by the same rules as one: for imports and demo data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from core import audit, clock
from core.money import Money, quantize
from core.organisation import current_organisation
from donations.accounting.periods import closed_through
from donations.errors import ClosedPeriodError
from donations.models import EntryKind, Fund, Gift, GiftAllocation, GiftStatus, LedgerEntry
from donations.models.rate import rate_on
from donations.services.gifts import check_allocations, check_not_in_future
from donations.services.recognition import credit_household
from donations.services.rollups import recompute_totals, whose_totals
from donations.signals import gifts_posted_in_bulk


@dataclass(frozen=True, slots=True)
class NewGift:
    """A gift to post with its parts; the gift is unsaved and carries donor, amount, currency, date and details."""

    gift: Gift
    allocations: Sequence[tuple[Fund, Decimal]]


@transaction.atomic
def post_gifts(
    new_gifts: Sequence[NewGift], *, by: User | None, audited: bool = True, announced: bool = False
) -> list[Gift]:
    """Post gifts in one set: rows, allocations, ledger, totals and audit entries.

    Checks what `record_gift` checks except the fields' own forms, which the caller has cleaned. Database constraints
    hold as ever. `audited=False` is for demo data, whose gifts nobody decided on. `announced=True` lets rules
    answer them: for gifts that have just come, never for the history an import brings in.
    """
    base_currency = current_organisation().base_currency
    now = clock.now()
    rates: dict[tuple[str, dt.date], Decimal] = {}
    closed = closed_through()
    for new in new_gifts:
        gift = new.gift
        _check(new, closed)
        key = (gift.currency, gift.received_on)
        if key not in rates:
            rates[key] = rate_on(*key)
        gift.exchange_rate = rates[key]
        gift.base_amount = gift.net_base_amount = quantize(gift.amount * gift.exchange_rate, base_currency)
        gift.status = GiftStatus.POSTED
        gift.posted_at = gift.posted_at or now
        gift.posted_by = by
    gifts = Gift.objects.bulk_create([new.gift for new in new_gifts], batch_size=1_000)
    allocations, entries = [], []
    for new in new_gifts:
        gift = new.gift
        bases = Money(gift.base_amount, base_currency).split([amount for _fund, amount in new.allocations])
        for (fund, amount), base in zip(new.allocations, bases, strict=True):
            allocations.append(GiftAllocation(gift=gift, fund=fund, amount=amount))
            entries.append(_entry(gift, fund, amount, base.amount))
    GiftAllocation.objects.bulk_create(allocations, batch_size=1_000)
    LedgerEntry.objects.bulk_create(entries, batch_size=1_000)
    credit_household(gifts)
    recompute_totals(whose_totals(gifts))
    if audited:
        audit.record_many(_posting(gift, by) for gift in gifts)
    gifts_posted_in_bulk.send(Gift, gift_ids=[gift.pk for gift in gifts], by=by, announced=announced)
    return gifts


def _check(new: NewGift, closed: dt.date | None) -> None:
    gift = new.gift
    check_not_in_future(gift.received_on)
    check_allocations(gift.money, new.allocations, gift.received_on)
    if closed is not None and gift.received_on <= closed:
        raise ClosedPeriodError(gift.received_on, closed)


def _entry(gift: Gift, fund: Fund, amount: Decimal, base_amount: Decimal) -> LedgerEntry:
    return LedgerEntry(
        gift=gift,
        fund=fund,
        donor_id=gift.donor_id,
        kind=EntryKind.POSTED,
        amount=amount,
        currency=gift.currency,
        base_amount=base_amount,
        effective_on=gift.received_on,
        recorded_at=gift.posted_at or clock.now(),
        recorded_by=gift.posted_by,
    )


def _posting(gift: Gift, by: User | None) -> audit.Draft:
    facts = {"amount": gift.money.plain, "currency": gift.currency, "received_on": gift.received_on}
    label = f"{gift.money.plain} {gift.currency} {gift.received_on}"
    return audit.Draft(verb="gift.posted", obj=gift, by=by, new=facts, about=gift.donor, label=label)
