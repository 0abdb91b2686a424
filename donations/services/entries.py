"""Write a gift into the ledger, and write money out of it again: what every verb about a posted gift shares."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Sum

from accounts.models import User
from core import clock
from core.money import Money, quantize
from core.organisation import current_organisation
from donations.models import EntryKind, Gift, LedgerEntry

#: What each kind of entry brings back.
_RETURNS = {EntryKind.REINSTATED: EntryKind.CHARGE_BACK, EntryKind.REFUND_RETURNED: EntryKind.REFUND}


def enter_gift(gift: Gift, kind: EntryKind, *, effective_on: dt.date, by: User | None, reason: str = "") -> None:
    """Enter the whole gift, part by part, as it is allocated; it counts in full from here on."""
    base_currency = current_organisation().base_currency
    parts = list(gift.allocations.all())
    bases = Money(gift.base_amount, base_currency).split([part.amount for part in parts])
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            gift=gift,
            fund_id=part.fund_id,
            donor_id=gift.donor_id,
            kind=kind,
            amount=part.amount,
            currency=gift.currency,
            base_amount=base.amount,
            effective_on=effective_on,
            recorded_at=gift.posted_at or clock.now(),
            recorded_by=by,
            reason=reason,
        )
        for part, base in zip(parts, bases, strict=True)
    )
    gift.net_base_amount = gift.base_amount


def enter_reversal(
    gift: Gift, money: Money, kind: EntryKind, *, effective_on: dt.date, by: User | None, reason: str
) -> None:
    """Enter minus the amount, spread over the funds as what is left of the gift is spread."""
    left = [row for row in _by_fund(gift) if row["left"] > 0]
    _enter(gift, -money, kind, left, effective_on=effective_on, by=by, reason=reason)


def enter_return(
    gift: Gift, money: Money, kind: EntryKind, *, effective_on: dt.date, by: User | None, reason: str
) -> None:
    """Enter the amount that came back after all, spread over the funds as it went out of them."""
    gone = [row for row in _by_fund(gift, _RETURNS[kind], kind) if row["left"] < 0]
    _enter(gift, money, kind, gone, effective_on=effective_on, by=by, reason=reason)


def _by_fund(gift: Gift, *kinds: EntryKind) -> list[dict[str, Any]]:
    entries = gift.entries.filter(kind__in=kinds) if kinds else gift.entries.all()
    sums = entries.order_by("fund").values("fund").annotate(left=Sum("amount"), base_left=Sum("base_amount"))
    return [dict(row) for row in sums]


def _enter(
    gift: Gift,
    money: Money,
    kind: EntryKind,
    spread: list[dict[str, Any]],
    *,
    effective_on: dt.date,
    by: User | None,
    reason: str,
) -> None:
    """Enter a signed amount over funds, and bring the gift's net in base currency to what is left of it then."""
    base_currency = current_organisation().base_currency
    left = gift.amount - gift.refunded_amount - gift.charged_back_amount + money.amount
    new_net = quantize(gift.base_amount * left / gift.amount, base_currency)
    # On SQLite sums of decimals come with more digits than money has: bring them to the currency's unit.
    weights = [abs(quantize(row["left"], gift.currency)) for row in spread]
    if left == 0:
        # Nothing stays in any fund, to the last cent of the base currency.
        bases = [-Money(quantize(row["base_left"], base_currency), base_currency) for row in spread]
    else:
        bases = Money(new_net - gift.net_base_amount, base_currency).split(weights)
    parts = zip(spread, money.split(weights), bases, strict=True)
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            gift=gift,
            fund_id=row["fund"],
            donor_id=gift.donor_id,
            kind=kind,
            amount=part.amount,
            currency=gift.currency,
            base_amount=base_part.amount,
            effective_on=effective_on,
            recorded_at=clock.now(),
            recorded_by=by,
            reason=reason,
        )
        for row, part, base_part in parts
        if part
    )
    gift.net_base_amount = new_net
