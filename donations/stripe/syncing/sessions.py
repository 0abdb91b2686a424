"""Payment pages at Stripe, and what was paid on them."""

from __future__ import annotations

from stripe import StripeClient

from donations.stripe import gateway
from donations.stripe.syncing import pages, payments
from donations.stripe.syncing.owners import sync_subscription


def sync(session_id: str, *, client: StripeClient | None = None) -> None:
    """Read a payment page at Stripe and what was paid on it, and bring our rows to that."""
    client = client or gateway.for_jobs()
    facts = pages.fetch(session_id, client)
    pages.apply(facts)
    if facts.payment_intent:
        payments.sync(facts.payment_intent, client=client, page=facts)
    elif facts.subscription and facts.status == "complete":
        sync_subscription(facts.subscription, client=client)
