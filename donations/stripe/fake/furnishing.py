"""What stands at the double already when demo data begin: subscriptions that have run for months, and can be renewed.

Nothing of it is reported: the rows of the demo data say the same.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from donations.models.demo_stripe import FakeObject
from donations.stripe.fake import store
from donations.stripe.fake.money import methods, subscribing
from donations.stripe.fake.resources.catalogue import inline_price
from donations.stripe.fake.resources.customers import make_customer
from donations.stripe.fake.store import Thing


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A subscription that has run for a while."""

    recurring: str
    name: str
    email: str
    minor: int
    currency: str
    interval: str
    count: int
    began_at: dt.datetime
    period_ends_at: dt.datetime
    status: str = "active"
    is_paused: bool = False
    resumes_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    cancelled_because: str | None = None


def furnish(running: Running) -> Thing:
    """Store a subscription with its customer, card and price; return it. Leaves no events."""
    before = FakeObject.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    customer = make_customer({"name": running.name, "email": running.email or "donor@example.org"})
    billing = {"address": None, "email": customer["email"], "name": running.name, "phone": None, "tax_id": None}
    card = methods.make_card(billing, customer=customer["id"])
    price, _name = inline_price(
        {
            "currency": running.currency.lower(),
            "unit_amount": running.minor,
            "recurring": {"interval": running.interval, "interval_count": running.count},
            "product_data": {"name": "Gift"},
        },
        "price_data",
    )
    start, end = int(running.began_at.timestamp()), int(running.period_ends_at.timestamp())
    session = {"currency": running.currency.lower(), "customer": customer["id"]}
    given = {"description": "Gift", "metadata": {"recurring": running.recurring}}
    subscription = subscribing.make_subscription(session, given, card, start)
    subscription["items"]["data"] = [subscribing.make_item(subscription, price, 1, start, end)]
    subscription["status"] = running.status
    if running.is_paused:
        resumes_at = int(running.resumes_at.timestamp()) if running.resumes_at is not None else None
        subscription["pause_collection"] = {"behavior": "void", "resumes_at": resumes_at}
    if running.ended_at is not None:
        ended = int(running.ended_at.timestamp())
        subscription |= {"ended_at": ended, "canceled_at": ended}
        subscription["cancellation_details"]["reason"] = running.cancelled_because
    store.save(subscription)
    FakeObject.objects.filter(kind="event", pk__gt=before).delete()
    return subscription
