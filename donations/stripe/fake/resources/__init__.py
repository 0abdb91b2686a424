"""The resources of the API: importing this package registers their addresses."""

from donations.stripe.fake.resources import (
    balance,
    catalogue,
    charges,
    customers,
    events,
    payment_intents,
    payment_methods,
    sessions,
)

__all__ = ["balance", "catalogue", "charges", "customers", "events", "payment_intents", "payment_methods", "sessions"]
