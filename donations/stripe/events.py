"""Who looks when Stripe says that something happened.

    register_handler(["charge.refunded", "charge.updated"], payments.sync_charge)

A handler gets the id of the object the event is about, and nothing of what the event says of it: it asks Stripe. It
may be called any number of times, in any order, by several workers at once. `invoice.upcoming`, whose invoice has no id
yet, comes with the id of its subscription. Owners register theirs in `donations.stripe.registration`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured

Handler = Callable[[str], object]

_handlers: dict[str, Handler] = {}


def register_handler(types: Iterable[str], handler: Handler) -> None:
    """Have a function called with the object's id for each event of these types.

    Raises ImproperlyConfigured when another function has the type.
    """
    for name in types:
        if _handlers.setdefault(name, handler) != handler:
            raise ImproperlyConfigured(f"Two handlers for events {name!r}.")


def handler_for(name: str) -> Handler | None:
    """Return who looks at events of a type; None when nobody does."""
    return _handlers.get(name)


def handled_types() -> list[str]:
    """Return the types somebody looks at, for `stripe_sync` and for whoever sets up the webhook at Stripe."""
    return sorted(_handlers)


def object_id(payload: Mapping[str, Any]) -> str:
    """Return the id of what an event is about; empty when it has none, as a balance.

    An invoice to come cannot be asked for, whether it has an id or not; before API version 2025-03-31 its subscription
    stood on it by itself, and an event is written in the version its endpoint was made with.
    """
    about = payload.get("data", {}).get("object", {})
    found = str(about.get("id") or "")
    if found and not found.startswith("upcoming_"):
        return found
    parent = (about.get("parent") or {}).get("subscription_details") or about
    return str(parent.get("subscription") or "")
