"""Who else looks at a payment: Billing, which stands above payments and fills in what it knows of invoices.

`donations.stripe.registration` says who: payments know nothing of subscriptions.
"""

from __future__ import annotations

from typing import Protocol

from stripe import StripeClient


class Sync(Protocol):
    """Reads one thing at Stripe, through the client of whoever asks: where a donor waits, not for long."""

    def __call__(self, stripe_id: str, /, *, client: StripeClient) -> object:
        """Read what has that id, and bring our rows to it."""


_invoices: list[Sync] = []
_subscriptions: list[Sync] = []


def look_at_invoices_with(sync: Sync) -> None:
    """Say who reads an invoice, by its id, and the payment that paid it."""
    _invoices[:] = [sync]


def look_at_subscriptions_with(sync: Sync) -> None:
    """Say who reads a subscription, by its id."""
    _subscriptions[:] = [sync]


def sync_invoice(invoice_id: str, *, client: StripeClient) -> None:
    """Have an invoice looked at."""
    for sync in _invoices:
        sync(invoice_id, client=client)


def sync_subscription(subscription_id: str, *, client: StripeClient) -> None:
    """Have a subscription looked at."""
    for sync in _subscriptions:
        sync(subscription_id, client=client)
