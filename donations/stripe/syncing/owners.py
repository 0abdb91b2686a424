"""Who else looks at a payment: Billing, which stands above payments and fills in what it knows of invoices.

`donations.stripe.registration` says who: payments know nothing of subscriptions.
"""

from __future__ import annotations

from collections.abc import Callable

_invoices: list[Callable[[str], object]] = []
_subscriptions: list[Callable[[str], object]] = []


def look_at_invoices_with(sync: Callable[[str], object]) -> None:
    """Say who reads an invoice, by its id; it takes the invoice's payments up with `payments.take_up`."""
    _invoices[:] = [sync]


def look_at_subscriptions_with(sync: Callable[[str], object]) -> None:
    """Say who reads a subscription, by its id."""
    _subscriptions[:] = [sync]


def sync_invoice(invoice_id: str) -> None:
    """Have an invoice looked at."""
    for sync in _invoices:
        sync(invoice_id)


def sync_subscription(subscription_id: str) -> None:
    """Have a subscription looked at."""
    for sync in _subscriptions:
        sync(subscription_id)
