"""What the database itself refuses to change or delete of what Stripe said."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.triggers import protect


def protect_online_money() -> None:
    """Declare the rules; the triggers are put in place after every migrate."""
    protect_payments()
    protect_deposits()
    protect(
        "donations.StripeEvent",
        name="stripe_event",
        message=_("What Stripe told us stays as it was told."),
        updates_of=["id", "type", "object_id", "created", "livemode", "payload", "received_at"],
        deletes=False,
    )


def protect_payments() -> None:
    """Declare what stays of a payment, and of what went back of it."""
    protect(
        "donations.OnlinePayment",
        name="paid_payment",
        message=_("What was paid stays as Stripe says it: refund it instead."),
        updates_of=[
            "uuid",
            "payment_intent",
            "charge_id",
            "amount",
            "currency",
            "amount_minor",
            "status",
            "charged_at",
            "livemode",
        ],
        when="OLD.status = 'succeeded'",
        deletes=False,
    )
    protect(
        "donations.OnlinePayment",
        name="recorded_payment",
        message=_("Payments are never deleted: they stay as Stripe says them."),
        updates_of=[],
    )
    protect(
        "donations.OnlineRefund",
        name="online_refund",
        message=_("A refund stays as it was asked for: ask for another instead."),
        updates_of=["uuid", "payment", "amount", "currency", "amount_minor", "stripe_id", "asked_at", "livemode"],
        fills=["stripe_id"],
    )
    protect(
        "donations.Dispute",
        name="dispute",
        message=_("A dispute stays on record."),
        updates_of=["stripe_id", "payment", "livemode"],
    )


def protect_deposits() -> None:
    """Declare what stays of what Stripe booked and paid out."""
    protect(
        "donations.BalanceLine",
        name="balance_line",
        message=_("What Stripe booked stays as it is: it books a line of its own for what it corrects."),
        updates_of=[
            "line_id",
            "livemode",
            "type",
            "kind",
            "method",
            "currency",
            "gross",
            "fee",
            "net",
            "gross_minor",
            "fee_minor",
            "net_minor",
            "exchange_rate",
            "base_rate",
            "source_id",
            "happened_at",
            "booked_on",
            "payout",
            "recorded_at",
        ],
        fills=["base_rate", "payout"],
    )
    protect(
        "donations.Payout",
        name="payout",
        message=_("A payout stays on record: whether it arrived or failed, its status says."),
        updates_of=["payout_id", "livemode", "amount", "amount_minor", "currency", "sent_at"],
    )
