"""Payouts of Stripe on a bank statement: the gifts in them are on record, so their credit is none.

Sure is a credit with a payout's very amount, near the day it arrives, that names Stripe or the payout; of two payouts
that fit alike the one whose day is nearest is suggested and none is sure. Amount and day alone only suggest.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from donations.models import BankCredit, Payout

#: Banks book a payout on the day Stripe says, or after a weekend and a holiday; some date it back.
_EARLIER, _LATER = dt.timedelta(days=3), dt.timedelta(days=7)
_STRIPE = "STRIPE"


@dataclass(frozen=True, slots=True)
class PayoutMatch:
    """A payout that a credit may be."""

    payout: Payout
    is_named: bool
    days_apart: int


def payouts_for(credit: BankCredit) -> list[PayoutMatch]:
    """Return the payouts whose money the credit may be, the likeliest first."""
    rows = Payout.objects.without_deposit().filter(
        amount=credit.amount,
        currency=credit.currency,
        arrives_on__gte=credit.booked_on - _LATER,
        arrives_on__lte=credit.booked_on + _EARLIER,
    )
    found = [
        PayoutMatch(payout, _names(credit, payout), abs((credit.booked_on - payout.arrives_on).days))
        for payout in rows.order_by("arrives_on", "pk")[:10]
    ]
    return sorted(found, key=lambda match: (not match.is_named, match.days_apart))


def sure_payout(credit: BankCredit) -> Payout | None:
    """Return the payout the credit is without any doubt; None when there is none, or more than one."""
    named = [match for match in payouts_for(credit) if match.is_named]
    return named[0].payout if len(named) == 1 else None


def credits_for(payout: Payout) -> list[BankCredit]:
    """Return the credits that wait and are without doubt the payout's money."""
    if not Payout.objects.without_deposit().filter(pk=payout.pk).exists():
        return []
    rows = BankCredit.objects.waiting().filter(
        amount=payout.amount,
        currency=payout.currency,
        booked_on__gte=payout.arrives_on - _EARLIER,
        booked_on__lte=payout.arrives_on + _LATER,
    )
    return [credit for credit in rows.order_by("booked_on", "pk")[:10] if sure_payout(credit) == payout]


def _names(credit: BankCredit, payout: Payout) -> bool:
    """Whether the bank's words name Stripe, or this payout by what Stripe told the bank."""
    said = f"{credit.payer} {credit.words}".upper()
    return _STRIPE in said or any(name.upper() in said for name in payout.names)
