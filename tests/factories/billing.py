"""Recurring gifts charged online, and what Stripe says of them."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from decimal import Decimal
from typing import Any

from constituents.models import Constituent
from core import clock
from core.money import Money
from donations.models import Fund, OnlinePayment, PaymentStatus, RecurringGift, StripeSubscription
from donations.promises.schedule import Frequency
from donations.promises.setting_up import prepare_recurring
from donations.stripe.billing import terms
from donations.stripe.syncing import invoices, payments, subscriptions
from donations.stripe.syncing.facts import PaymentFacts
from donations.stripe.syncing.subscriptions import SubscriptionFacts
from tests.factories.constituents import make_person
from tests.factories.donations import make_fund

_numbers = itertools.count(1)


def make_prepared(donor: Constituent | None = None, amount: str = "25", **details: Any) -> RecurringGift:
    """Return a recurring gift whose donor is on the payment page."""
    fund = (
        details.pop("fund", None)
        or Fund.objects.filter(is_default=True).first()
        or make_fund("General fund", is_default=True)
    )
    money = Money(Decimal(amount), details.pop("currency", "USD"))
    frequency = details.pop("frequency", Frequency())
    parts = details.pop("allocations", None) or [(fund, money.amount)]
    return prepare_recurring(
        donor=donor or make_person(), money=money, frequency=frequency, by=None, allocations=parts, **details
    )


def facts_of(recurring: RecurringGift, /, **said: Any) -> SubscriptionFacts:
    """Return what Stripe says of its subscription: active since now, by a Visa, unless said otherwise."""
    now = said.pop("started_at", clock.now())
    known: dict[str, Any] = {
        "id": f"sub_{recurring.pk}",
        "recurring": str(recurring.uuid),
        "customer": f"cus_{recurring.donor_id}",
        "livemode": False,
        "status": "active",
        "item": f"si_{recurring.pk}",
        "price": f"price_{recurring.pk}",
        "product": f"prod_{recurring.pk}",
        "money": recurring.money,
        **terms.interval_of(recurring.frequency),
        "started_at": now,
        "anchored_at": now,
        "period_ends_at": now + dt.timedelta(days=31),
        "is_paused": False,
        "resumes_at": None,
        "cancel_at": None,
        "ended_at": None,
        "cancelled_because": "",
        "comment": "",
        "payment_method": "pm_1",
        "customers_method": "pm_1",
        "method_type": "card",
        "card_brand": "visa",
        "last4": "4242",
        "expires_year": 2029,
        "expires_month": 4,
        "latest_invoice": "",
        "asked_at": clock.now(),
    }
    return SubscriptionFacts(**known | said)


def later(facts: SubscriptionFacts, **said: Any) -> SubscriptionFacts:
    """Return what Stripe says when it is asked now."""
    return replace(facts, **{"asked_at": clock.now()} | said)


def make_online(donor: Constituent | None = None, amount: str = "25", **details: Any) -> StripeSubscription:
    """Return the subscription of a recurring gift that Stripe has set up."""
    said = details.pop("said", {})
    row = subscriptions.apply(facts_of(make_prepared(donor, amount, **details), **said))
    assert row is not None
    return row


def charge(
    row: StripeSubscription, amount: str | None = None, *, invoice: str = "", on: dt.datetime | None = None
) -> OnlinePayment:
    """Bring in a paid invoice, as `invoices.sync` does once it has asked."""
    number = next(_numbers)
    money = Money(Decimal(amount), row.recurring.currency) if amount else row.recurring.money
    facts = PaymentFacts(
        asked_at=clock.now(),
        payment_intent=f"pi_{invoice or number}",
        charge_id=f"ch_{invoice or number}",
        status=PaymentStatus.SUCCEEDED,
        minor=int(money.amount * 100),
        currency=money.currency,
        customer_id=row.customer_id,
        method_type="card",
        method_brand="visa",
        method_last4="4242",
        charged_at=on or clock.now(),
    )
    recurring = RecurringGift.objects.get(pk=row.recurring_id)
    claim = payments.Claim(
        invoice_id=invoice or f"in_{number}",
        recurring=recurring,
        gift_for=lambda payment, paid: invoices.gift_for(recurring, payment, paid),
    )
    return payments.apply(payments.Reading(payment=facts), claim=claim)
