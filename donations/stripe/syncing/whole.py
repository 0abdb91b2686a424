"""From one part of a payment to the whole of it: what is heard of a refund, a dispute or a warning."""

from __future__ import annotations

import datetime as dt

from core import clock
from donations.models import Dispute, OnlineRefund
from donations.stripe import gateway
from donations.stripe.syncing import disputes, payments
from donations.stripe.syncing.facts import Answer, id_of


def sync_refund(refund_id: str) -> None:
    """Read the payment that a refund is of, with all its refunds."""
    row = OnlineRefund.objects.filter(stripe_id=refund_id).select_related("payment").first()
    if row is not None and row.payment.payment_intent:
        payments.sync(row.payment.payment_intent, hint="refund")
        return
    client = gateway.for_jobs()
    with gateway.answering():
        refund = client.v1.refunds.retrieve(refund_id).to_dict()
    _sync_payment_of(refund, hint="refund")


def sync_dispute(dispute_id: str) -> None:
    """Read the payment that a dispute is about, with all its disputes."""
    row = Dispute.objects.filter(stripe_id=dispute_id).select_related("payment").first()
    if row is not None and row.payment.payment_intent:
        payments.sync(row.payment.payment_intent, hint="dispute")
        return
    client = gateway.for_jobs()
    with gateway.answering():
        dispute = client.v1.disputes.retrieve(dispute_id).to_dict()
    _sync_payment_of(dispute, hint="dispute")


def sync_warning(warning_id: str) -> None:
    """Read an early fraud warning and the payment it is about."""
    client = gateway.for_jobs()
    with gateway.answering():
        warning = client.v1.radar.early_fraud_warnings.retrieve(warning_id).to_dict()
    payment = _sync_payment_of(warning)
    if payment is not None:
        disputes.warn(
            payment,
            stripe_id=warning["id"],
            kind=warning["fraud_type"],
            is_actionable=warning["actionable"],
            at=dt.datetime.fromtimestamp(warning["created"], tz=dt.UTC) if warning.get("created") else clock.now(),
        )


def _sync_payment_of(part: Answer, *, hint: str = "") -> payments.OnlinePayment | None:
    if intent := id_of(part.get("payment_intent")):
        return payments.sync(intent, hint=hint)
    charge = id_of(part.get("charge"))
    return payments.sync_charge(charge, hint=hint) if charge else None
