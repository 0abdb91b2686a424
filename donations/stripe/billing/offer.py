"""After a gift made once online: one polite offer to make it monthly.

    if (offer := offer_for(gift)) is not None:
        offer.money  # what is suggested, every month
    checkout = prepare(gift, money=offer.money, by=user)  # then `checkout.begin`, as for any form

The same gift leads to the same checkout, however often the button is pressed.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from accounts.models import User
from core.money import Money
from donations.models import Checkout, Gift, GiftKind, RecurringGift
from donations.promises.schedule import Frequency
from donations.stripe import checkout as checkouts
from donations.stripe.donors import Giver

_A_YEAR = 12
_NICE = (5, 10, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200, 250, 500, 1_000)
# What most people can give every month as easily as once.
_SMALL = Decimal(30)


@dataclass(frozen=True, slots=True)
class Offer:
    """What is suggested to be given every month."""

    gift: Gift
    money: Money


def offer_for(gift: Gift) -> Offer | None:
    """Return what to offer after a gift; None when it is no gift made once online, or its donor gives regularly."""
    paid = getattr(gift, "online_payment", None)
    if paid is None or gift.recurring_id is not None or gift.kind != GiftKind.GIFT or not gift.is_counted:
        return None
    if RecurringGift.objects.live().filter(donor=gift.donor_id).exists():
        return None
    return Offer(gift, suggested(gift.money))


def suggested(money: Money) -> Money:
    """Return an amount for every month: a small gift as it is, of a larger one about a twelfth, in a round number."""
    if money.amount <= _SMALL:
        return money
    twelfth = money.amount / _A_YEAR
    nice = min((Decimal(each) for each in _NICE), key=lambda each: (abs(each - twelfth), each))
    if twelfth > _NICE[-1]:
        nice = twelfth.quantize(Decimal(100), rounding=ROUND_HALF_UP)
    return Money(max(nice, Decimal(_NICE[0])), money.currency)


def prepare(gift: Gift, *, money: Money, by: User | None, facts: dict[str, Any] | None = None) -> Checkout:
    """Write down a monthly gift for the same funds and campaign. Raises what its funds raise."""
    shares = money.split([part.amount for part in gift.allocations.all()])
    parts = [
        (part.fund, share.amount)
        for part, share in zip(gift.allocations.select_related("fund"), shares, strict=True)
        if share
    ]
    return checkouts.prepare_recurring(
        token=uuid.uuid5(gift.uuid, "monthly"),
        giver=Giver(user=by, email=gift.donor.primary_email, customer_id=gift.online_payment.customer_id),
        money=money,
        frequency=Frequency(),
        by=by,
        allocations=parts,
        campaign=gift.campaign,
        appeal=gift.appeal,
        facts=facts,
    )
