"""Subscriptions: set up by Checkout, charged period by period."""

from __future__ import annotations

from typing import Any

from donations.stripe.fake import store
from donations.stripe.fake.events import emit
from donations.stripe.fake.listing import list_of
from donations.stripe.fake.money import invoicing, periods
from donations.stripe.fake.store import Thing

# Those that charge nobody any more.
OVER = ("canceled", "incomplete_expired")


def begin_subscription(session: Thing, intent: Thing, method: Thing) -> Thing:
    """Set up what a session is for; the intent is its first payment."""
    given, item = session["_subscription"], store.find("item", _session=session["id"])[0]
    start, price = store.instant(), item["price"]
    recurring = price["recurring"]
    end = periods.after(start, recurring["interval"], recurring["interval_count"], anchor=start)
    subscription = make_subscription(session, given, method, start)
    subscription["items"]["data"] = [make_item(subscription, price, item["quantity"], start, end)]
    store.save(subscription)
    emit("customer.subscription.created", subscription)
    invoice = invoicing.make_invoice(subscription, "subscription_create", period=(start, end), intent=intent)
    subscription |= {"status": "active", "latest_invoice": invoice["id"]}
    store.save(subscription)
    if intent["status"] == "succeeded":
        invoicing.mark_paid(invoice, intent)
    # An update of what was reported as incomplete: the payment came, or is on its way.
    emit("customer.subscription.updated", subscription, {"status": "incomplete", "latest_invoice": None})
    session |= {"subscription": subscription["id"], "invoice": invoice["id"]}
    store.save(session)
    return subscription


def change(subscription: Thing, **fields: Any) -> Thing:
    """Write fields of a subscription and report what changed."""
    previous = {name: subscription[name] for name, value in fields.items() if subscription[name] != value}
    subscription |= fields
    store.save(subscription)
    if previous:
        emit("customer.subscription.updated", subscription, previous)
    return subscription


def end(subscription: Thing, *, reason: str, comment: str | None = None, feedback: str | None = None) -> Thing:
    """Cancel a subscription now."""
    now = store.instant()
    subscription |= {
        "status": "canceled",
        "canceled_at": now,
        "ended_at": now,
        "cancel_at_period_end": False,
        "cancellation_details": {"comment": comment, "feedback": feedback, "feedback_option": None, "reason": reason},
    }
    store.save(subscription)
    invoicing.stop_collecting(subscription)
    emit("customer.subscription.deleted", subscription)
    return subscription


def item_of(subscription: Thing) -> Thing:
    """Return the one thing a subscription charges for."""
    return subscription["items"]["data"][0]


def plan_of(price: Thing) -> Thing:
    """Return a price in the shape the API still repeats beside it."""
    recurring = price["recurring"]
    return {
        "id": price["id"],
        "object": "plan",
        "active": price["active"],
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "billing_scheme": "per_unit",
        "created": price["created"],
        "currency": price["currency"],
        "interval": recurring["interval"],
        "interval_count": recurring["interval_count"],
        "livemode": False,
        "metadata": {},
        "meter": None,
        "nickname": price["nickname"],
        "product": price["product"],
        "tiers_mode": None,
        "transform_usage": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }


def make_item(subscription: Thing, price: Thing, quantity: int, start: int, end_: int) -> Thing:
    """Return the one thing a subscription charges for, from one instant to another."""
    return {
        "id": store.new_id("subscription_item"),
        "object": "subscription_item",
        "billing_thresholds": None,
        "created": start,
        "current_period_end": end_,
        "current_period_start": start,
        "discounts": [],
        "metadata": {},
        "plan": plan_of(price),
        "price": price,
        "quantity": quantity,
        "subscription": subscription["id"],
        "tax_rates": [],
    }


def make_subscription(session: Thing, given: Thing, method: Thing, start: int) -> Thing:
    """Store a subscription that nothing is charged for yet."""
    return store.add(
        "subscription",
        {
            "billing_cycle_anchor": start,
            "cancel_at": None,
            "cancel_at_period_end": False,
            "canceled_at": None,
            "cancellation_details": {"comment": None, "feedback": None, "feedback_option": None, "reason": None},
            "collection_method": "charge_automatically",
            "created": start,
            "currency": session["currency"],
            "customer": session["customer"],
            "default_payment_method": method["id"],
            "description": given.get("description"),
            "ended_at": None,
            "items": list_of([], "/v1/subscription_items"),
            "latest_invoice": None,
            "livemode": False,
            "metadata": given.get("metadata") or {},
            "pause_collection": None,
            "start_date": start,
            "status": "incomplete",
            "trial_end": None,
            "trial_start": None,
        },
    )
