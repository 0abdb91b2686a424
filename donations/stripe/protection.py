"""What the database itself refuses to change or delete of what Stripe said."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.triggers import protect


def protect_online_money() -> None:
    """Declare the rules; the triggers are put in place after every migrate."""
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
    protect(
        "donations.StripeEvent",
        name="stripe_event",
        message=_("What Stripe told us stays as it was told."),
        updates_of=["id", "type", "object_id", "created", "livemode", "payload", "received_at"],
        deletes=False,
    )
