"""What online giving adds to the rooms below, and who looks at which events; called once from the app's `ready()`."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from constituents.work.waiting import register_work
from core.audit import name_verbs
from core.jobs import schedule
from donations.accounting.journal import register_source
from donations.services.books import register_check
from donations.signals import gift_adjusted
from donations.stripe import (
    alerts,
    balance,
    catching_up,
    checks,  # noqa: F401  registers the system checks
    deposit_books,
    gateway,
    inbox,
    payment_books,
    receivers,
)
from donations.stripe.billing.registration import register_billing
from donations.stripe.events import register_handler
from donations.stripe.fake.client import FakeStripe
from donations.stripe.journal import STRIPE
from donations.stripe.protection import protect_online_money
from donations.stripe.syncing import payments, payouts, sessions, whole
from donations.stripe.waiting import ONLINE_WORK


def register_online_giving() -> None:
    """Fill the registries and listen."""
    protect_online_money()
    register_source(STRIPE)
    for check in (*deposit_books.CHECKS, *payment_books.CHECKS):
        register_check(check)
    for work in ONLINE_WORK:
        register_work(work)
    gateway.play_with(FakeStripe)
    schedule.register("donations.stripe.events", inbox.try_due, every=dt.timedelta(minutes=1))
    schedule.register("donations.stripe.sync", catching_up.catch_up_every_hour, every=dt.timedelta(hours=1))
    schedule.register("donations.stripe.rates", balance.look_for_rates, every=dt.timedelta(hours=1))
    schedule.register("donations.stripe.declines", alerts.watch_declines, every=dt.timedelta(minutes=5))
    name_verbs(
        {
            "online_refund.asked": _("Refund asked of Stripe"),
            "online_refund.refused": _("Refund refused by Stripe"),
            "online_payment.decided": _("Online payment decided"),
            "online_payment.taken_back": _("Decision on an online payment taken back"),
            "payout.report_printed": _("Deposit report printed"),
        }
    )
    gift_adjusted.connect(receivers.lead_to_the_replacement, dispatch_uid="donations.stripe.lead_to_the_replacement")
    _look_at_events()
    register_billing()


def _look_at_events() -> None:
    register_handler(
        [
            "checkout.session.completed",
            "checkout.session.async_payment_succeeded",
            "checkout.session.async_payment_failed",
            "checkout.session.expired",
        ],
        sessions.sync,
    )
    register_handler(
        [
            "payment_intent.succeeded",
            "payment_intent.processing",
            "payment_intent.payment_failed",
            "payment_intent.canceled",
        ],
        payments.sync,
    )
    register_handler(["charge.succeeded", "charge.updated", "charge.refunded", "charge.failed"], payments.sync_charge)
    register_handler(["refund.created", "refund.updated", "refund.failed"], whole.sync_refund)
    register_handler(
        [
            "charge.dispute.created",
            "charge.dispute.updated",
            "charge.dispute.closed",
            "charge.dispute.funds_withdrawn",
            "charge.dispute.funds_reinstated",
        ],
        whole.sync_dispute,
    )
    register_handler(["radar.early_fraud_warning.created", "radar.early_fraud_warning.updated"], whole.sync_warning)
    register_handler(payouts.EVENTS, payouts.sync)
