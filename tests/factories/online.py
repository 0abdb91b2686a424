"""Payouts and what they are made of, as Stripe would have said."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

from core import clock
from core.money import Money
from donations.models import Gift, OnlinePayment, Payout, PayoutStatus, Reconciliation
from donations.stripe.balance import LineFacts
from donations.stripe.minor import to_minor
from donations.stripe.syncing.payouts import PayoutFacts, apply

_numbers = itertools.count(1)
MARCH = dt.datetime(2026, 3, 10, 15, tzinfo=dt.UTC)


def line_facts(gross: str, fee: str = "0", *, type: str = "charge", currency: str = "USD", **details: Any) -> LineFacts:
    """Return what Stripe says of one movement, in units as people write them."""
    number = next(_numbers)
    gross_minor, fee_minor = (to_minor(Money(Decimal(amount), currency)) for amount in (gross, fee))
    facts: dict[str, Any] = {
        "line_id": f"txn_{number}",
        "livemode": False,
        "category": "",
        "exchange_rate": None,
        "source_id": f"ch_{number}",
        "description": "",
        "happened_at": MARCH,
        "available_on": MARCH.date(),
    }
    return LineFacts(
        **facts | details,
        type=type,
        currency=currency,
        gross_minor=gross_minor,
        fee_minor=fee_minor,
        net_minor=gross_minor - fee_minor,
    )


def payout_facts(amount: str, *, currency: str = "USD", **details: Any) -> PayoutFacts:
    """Return what Stripe says of a payout: paid, complete, in the bank on 12 March 2026, unless said otherwise."""
    facts: dict[str, Any] = {
        "payout_id": f"po_{next(_numbers)}",
        "livemode": False,
        "status": PayoutStatus.PAID,
        "sent_at": MARCH,
        "arrives_on": dt.date(2026, 3, 12),
        "is_automatic": True,
        "reconciliation": Reconciliation.COMPLETED,
        "descriptor": "",
        "trace_id": "",
        "failure_code": "",
        "failure_message": "",
    }
    return PayoutFacts(**facts | details, amount_minor=to_minor(Money(Decimal(amount), currency)), currency=currency)


def make_payout(amount: str, lines: list[LineFacts] | None = None, **details: Any) -> Payout:
    """Return a payout as the sync leaves it; without lines, of one payment over its amount."""
    own = [line_facts(amount, currency=details.get("currency", "USD"))] if lines is None else lines
    return apply(payout_facts(amount, **details), own, asked_at=clock.now())


def make_payment(gift: Gift | None = None, amount: str = "50.00", **details: Any) -> OnlinePayment:
    """Return a paid payment, of a gift or of nobody knows what."""
    number = next(_numbers)
    money = gift.money if gift else Money(Decimal(amount), details.pop("currency", "USD"))
    facts: dict[str, Any] = {
        "payment_intent": f"pi_{number}",
        "charge_id": f"ch_{number}",
        "status": "succeeded",
        "method_type": "card",
        "method_brand": "visa",
        "method_last4": "4242",
        "charged_at": MARCH,
        "fetched_at": MARCH,
    }
    return OnlinePayment.objects.create(
        gift=gift, amount=money.amount, currency=money.currency, amount_minor=to_minor(money), **facts | details
    )
