"""What a change asks of Stripe, and how one sees that it is done."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core import clock
from core.money import Money
from donations.models import Asked, AskedChange, AskedState
from donations.promises.schedule import Frequency, Unit
from donations.stripe.minor import to_minor

if TYPE_CHECKING:
    from donations.stripe.syncing.subscriptions import SubscriptionFacts

_QUARTER = 3
#: As Stripe counts: a quarter is three months.
INTERVALS = {
    Unit.WEEK: ("week", 1),
    Unit.MONTH: ("month", 1),
    Unit.QUARTER: ("month", _QUARTER),
    Unit.YEAR: ("year", 1),
}


def interval_of(frequency: Frequency) -> dict[str, Any]:
    """Return how often, as Stripe is told."""
    interval, times = INTERVALS[Unit(frequency.unit)]
    return {"interval": interval, "interval_count": times * frequency.every}


def frequency_of(interval: str, count: int) -> Frequency:
    """Return how often, as Stripe says it."""
    if interval == "month" and count % _QUARTER == 0:
        return Frequency(count // _QUARTER, Unit.QUARTER)
    return Frequency(count, Unit(interval))


def seconds(day: dt.date) -> int:
    """Return noon of a day as Stripe counts instants: at noon the day is the same wherever one looks from nearby."""
    return int((clock.start_of_day(day) + dt.timedelta(hours=12)).timestamp())


def params(asked: AskedChange) -> dict[str, Any]:
    """Return what Stripe is asked to update; nothing is ever charged or given back for the days in between.

    Raises ValueError for a change that Stripe need not know of.
    """
    terms: dict[str, Any] = asked.terms
    match Asked(asked.what):
        case Asked.AMOUNT:
            return {"items": [_item(asked)], "proration_behavior": "none"}
        case Asked.RHYTHM:
            # With another interval alone Stripe would charge at once and count from now: the trial keeps the next day.
            return {"items": [_item(asked)], "trial_end": terms["at"], "proration_behavior": "none"}
        case Asked.DAY:
            # A trial is how Stripe moves the day: nothing is charged until it ends, and charges count from there.
            return {"trial_end": seconds(dt.date.fromisoformat(terms["from"])), "proration_behavior": "none"}
        case Asked.PAUSE:
            pause: dict[str, Any] = {"behavior": "void"}
            if until := terms.get("until"):
                pause["resumes_at"] = int(clock.start_of_day(dt.date.fromisoformat(until)).timestamp())
            return {"pause_collection": pause}
        case Asked.RESUME:
            return {"pause_collection": ""}
        case Asked.CARD:
            return {"default_payment_method": terms["method"]}
        case Asked.STOP | Asked.CHARGE:
            raise ValueError("A subscription is not updated for this.")


def _item(asked: AskedChange) -> dict[str, Any]:
    subscription = asked.subscription
    recurring = subscription.recurring
    money = Money(Decimal(asked.terms["amount"]), recurring.currency)
    # How often is what it was when this was asked: the same key must always ask the same.
    often = {"interval": asked.terms["interval"], "interval_count": asked.terms["interval_count"]}
    return {
        "id": asked.terms["item"],
        "price_data": {
            "currency": recurring.currency.lower(),
            "product": asked.terms["product"],
            "recurring": often,
            "unit_amount": to_minor(money),
        },
        "quantity": 1,
    }


def is_met(asked: AskedChange, facts: SubscriptionFacts) -> bool:
    """Return whether what was asked for is what Stripe says now."""
    terms: dict[str, Any] = asked.terms
    match Asked(asked.what):
        case Asked.AMOUNT:
            return facts.money.amount == Decimal(terms["amount"])
        case Asked.RHYTHM:
            often = frequency_of(terms["interval"], terms["interval_count"])
            return (facts.money.amount, facts.frequency) == (Decimal(terms["amount"]), often)
        case Asked.DAY:
            return int(facts.anchored_at.timestamp()) == seconds(dt.date.fromisoformat(terms["from"]))
        case Asked.PAUSE:
            until = clock.local_date(facts.resumes_at).isoformat() if facts.resumes_at is not None else ""
            return facts.is_paused and until == terms.get("until", "")
        case Asked.RESUME:
            return not facts.is_paused
        case Asked.CARD:
            return facts.payment_method == terms["method"]
        case Asked.STOP:
            return facts.is_over
        case Asked.CHARGE:
            return False  # of that its invoice says more


def settle(asked: AskedChange, *, state: AskedState = AskedState.DONE, answer: str = "") -> None:
    """Write down what became of it; what is settled stays."""
    AskedChange.objects.waiting().filter(pk=asked.pk).update(state=state, answer=answer[:500], settled_at=clock.now())
