"""What Stripe would report: each change leaves an event with the object as it was at that moment."""

from __future__ import annotations

import contextvars
import copy
import json
from typing import Any

import stripe
from django.db.models import Max

from donations.models.demo_stripe import FakeObject
from donations.stripe.fake import pasts, store
from donations.stripe.fake.store import Thing

# The request that causes what happens now; outside requests (a debit that settles) there is none.
current_request: contextvars.ContextVar[Thing | None] = contextvars.ContextVar("current_request", default=None)


def emit(kind: str, thing: Thing, previous: Thing | None = None) -> Thing:
    """Record an event about an object; `previous` are the old values of what changed."""
    if pasts.current() is not None:
        return {}
    data: Thing = {"object": public(copy.deepcopy(thing))}
    if previous is not None:
        data["previous_attributes"] = previous
    return store.add(
        "event",
        {
            "api_version": stripe.api_version,
            "data": data,
            "livemode": False,
            "pending_webhooks": 1,
            "request": current_request.get() or {"id": None, "idempotency_key": None},
            "type": kind,
        },
    )


def public(value: Any) -> Any:
    """Return an object without what the double notes for itself (keys that begin with an underscore)."""
    if isinstance(value, dict):
        return {key: public(item) for key, item in value.items() if not key.startswith("_")}
    if isinstance(value, list):
        return [public(item) for item in value]
    return value


def cursor() -> int:
    """Return a mark in the stream of events: what comes later is `since` it."""
    return FakeObject.objects.aggregate(last=Max("pk"))["last"] or 0


def since(mark: int) -> list[Thing]:
    """Return the events after a mark, oldest first."""
    return [row.data for row in FakeObject.objects.filter(kind="event", pk__gt=mark).order_by("pk")]


def signed(event: Thing, secret: str) -> tuple[str, str]:
    """Return the body of a delivery and its `Stripe-Signature`."""
    body = json.dumps(event, indent=2)
    return body, stripe.WebhookSignature.generate_signature_header(body, secret)
