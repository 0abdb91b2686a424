"""Payment intents: one payment from the first attempt to the end."""

from __future__ import annotations

import secrets

from donations.stripe.fake import store
from donations.stripe.fake.events import emit
from donations.stripe.fake.store import Thing

# The states in which a payment is over.
FINAL = ("succeeded", "canceled")


def make_intent(
    *,
    amount: int,
    currency: str,
    customer: str | None = None,
    description: str | None = None,
    metadata: Thing | None = None,
    receipt_email: str | None = None,
    setup_future_usage: str | None = None,
    statement_descriptor: str | None = None,
    statement_descriptor_suffix: str | None = None,
) -> Thing:
    """Store a payment intent that waits for a way to pay, and report it."""
    stripe_id = store.new_id("payment_intent")
    intent = store.add(
        "payment_intent",
        {
            "id": stripe_id,
            "amount": amount,
            "amount_received": 0,
            "canceled_at": None,
            "cancellation_reason": None,
            "client_secret": f"{stripe_id}_secret_{secrets.token_hex(8)}",
            "currency": currency,
            "customer": customer,
            "description": description,
            "last_payment_error": None,
            "latest_charge": None,
            "livemode": False,
            "metadata": metadata or {},
            "next_action": None,
            "payment_method": None,
            "payment_method_types": ["card"],
            "processing": None,
            "receipt_email": receipt_email,
            "setup_future_usage": setup_future_usage,
            "statement_descriptor": statement_descriptor,
            "statement_descriptor_suffix": statement_descriptor_suffix,
            "status": "requires_payment_method",
        },
    )
    emit("payment_intent.created", intent)
    return intent


def fail(intent: Thing, error: Thing) -> Thing:
    """Let an attempt fail: the intent waits for another way to pay."""
    intent |= {
        "status": "requires_payment_method",
        "last_payment_error": error,
        "next_action": None,
        "processing": None,
    }
    intent["payment_method"] = None
    store.save(intent)
    emit("payment_intent.payment_failed", intent)
    return intent


def cancel(intent: Thing, reason: str | None) -> Thing:
    """Give a payment up."""
    intent |= {
        "status": "canceled",
        "canceled_at": store.instant(),
        "cancellation_reason": reason,
        "next_action": None,
    }
    store.save(intent)
    emit("payment_intent.canceled", intent)
    return intent
