"""Payment pages at Stripe, and what was paid on them."""

from __future__ import annotations

from stripe import StripeClient

from donations.stripe import gateway
from donations.stripe.syncing import pages, payments
from donations.stripe.syncing.owners import sync_subscription


def sync(session_id: str, *, client: StripeClient | None = None) -> None:
    """Read a payment page at Stripe and what was paid on it, and bring our rows to that."""
    client = client or gateway.for_jobs()
    page, payment = pages.fetch_with_payment(session_id, client)
    # What was paid brings its page along.
    if not page.payment_intent or not payments.sync(page.payment_intent, client=client, page=page, known=payment):
        pages.apply(page)
    if page.subscription and page.status == "complete":
        sync_subscription(page.subscription, client=client)
