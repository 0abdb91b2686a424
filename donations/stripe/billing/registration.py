"""Who looks at Stripe's events about recurring gifts; called once from the app's `ready()`."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from core.audit import name_verbs
from core.jobs import schedule
from donations.signals import recurring_begun
from donations.stripe.billing import asking, cards, replacing
from donations.stripe.catching_up import also_catch_up
from donations.stripe.events import register_handler
from donations.stripe.syncing import invoices, owners, subscriptions

SUBSCRIPTION_EVENTS = (
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "customer.subscription.paused",
    "customer.subscription.resumed",
    "invoice.upcoming",  # comes with the id of its subscription
)
INVOICE_EVENTS = (
    "invoice.paid",
    "invoice.payment_failed",
    "invoice.payment_action_required",
    "invoice.finalization_failed",
    "invoice.voided",
    "invoice.marked_uncollectible",
)


def register_billing() -> None:
    """Fill the registries."""
    register_handler(SUBSCRIPTION_EVENTS, invoices.sync_changes)
    register_handler(INVOICE_EVENTS, invoices.sync)
    register_handler(["payment_method.automatically_updated"], cards.method_changed)
    register_handler(["customer.updated"], cards.customer_changed)
    owners.look_at_invoices_with(invoices.sync)
    owners.look_at_subscriptions_with(invoices.sync_subscription)
    recurring_begun.connect(replacing.end_replaced, dispatch_uid="donations.stripe.end_replaced")
    also_catch_up(subscriptions.overdue, invoices.sync_subscription)
    schedule.register("donations.stripe.asked", asking.ask_again, every=dt.timedelta(minutes=1))
    name_verbs(
        {
            "recurring.asked": _("Change asked of Stripe"),
            "recurring.charge_failed": _("Charge failed"),
        }
    )
