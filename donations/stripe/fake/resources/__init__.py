"""The resources of the API: importing this package registers their addresses."""

from donations.stripe.fake.resources import (
    balance,
    catalogue,
    charges,
    customers,
    disputes,
    events,
    invoices,
    payment_intents,
    payment_methods,
    payouts,
    portal,
    radar,
    refunds,
    sessions,
    subscriptions,
)

__all__ = [
    "balance",
    "catalogue",
    "charges",
    "customers",
    "disputes",
    "events",
    "invoices",
    "payment_intents",
    "payment_methods",
    "payouts",
    "portal",
    "radar",
    "refunds",
    "sessions",
    "subscriptions",
]
