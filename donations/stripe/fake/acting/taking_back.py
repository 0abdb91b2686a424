"""What banks, donors and the charity's own people at Stripe do with money that was paid."""

from __future__ import annotations

from django.db import transaction

from donations.stripe.fake import store
from donations.stripe.fake.events import emit
from donations.stripe.fake.money import payouts, refunding
from donations.stripe.fake.problems import wrong
from donations.stripe.fake.store import Thing


@transaction.atomic
def refund_at_stripe(intent_id: str, *, amount: int | None = None) -> Thing:
    """Refund a payment in Stripe's own dashboard (`amount` in minor units; None: all that is left)."""
    store.lock()
    return refunding.refund_charge(_charge_of(intent_id), amount, reason="requested_by_customer")


@transaction.atomic
def settle_refund(refund_id: str) -> Thing:
    """Let a refund that is on its way arrive."""
    store.lock()
    return refunding.settle_refund(store.get("refund", refund_id))


@transaction.atomic
def fail_refund(refund_id: str, *, reason: str = "lost_or_stolen_card") -> Thing:
    """Let the donor's bank send a refund back."""
    store.lock()
    refund = store.get("refund", refund_id)
    if refund["status"] not in ("pending", "succeeded"):
        raise wrong(f"This refund is {refund['status']}.")
    return refunding.fail_refund(refund, reason)


@transaction.atomic
def dispute(intent_id: str, *, amount: int | None = None, reason: str = "fraudulent") -> Thing:
    """Let the donor's bank take a card payment back until it has decided; return the dispute.

    A bank debit that came is taken back for good: that dispute is lost from the start.
    """
    store.lock()
    charge = _charge_of(intent_id)
    is_final = charge["payment_method_details"]["type"] != "card"
    reason = "debit_not_authorized" if is_final else reason
    return refunding.open_dispute(charge, amount=amount, reason=reason, is_final=is_final)


@transaction.atomic
def close_dispute(dispute_id: str, *, won: bool) -> Thing:
    """Let the bank decide; one that was lost may still be won later."""
    store.lock()
    found = store.get("dispute", dispute_id)
    if found["status"] == "won" or (found["status"] == "lost" and not won):
        raise wrong(f"This dispute is {found['status']} already.")
    return refunding.close_dispute(found, won=won)


@transaction.atomic
def warn(intent_id: str, *, fraud_type: str = "made_with_stolen_card") -> Thing:
    """Let the card network say that a payment may be fraud."""
    store.lock()
    charge = _charge_of(intent_id)
    fields = {
        "actionable": not charge["refunded"] and not charge["disputed"],
        "charge": charge["id"],
        "fraud_type": fraud_type,
        "livemode": False,
        "payment_intent": intent_id,
    }
    warning = store.add("radar.early_fraud_warning", fields)
    emit("radar.early_fraud_warning.created", warning)
    return warning


@transaction.atomic
def payout(currency: str = "eur") -> Thing:
    """Send all that is in the balance of a currency to the bank."""
    store.lock()
    return payouts.pay_out(currency.lower())


@transaction.atomic
def fail_payout(payout_id: str, *, code: str = "account_closed") -> Thing:
    """Let the bank send a payout back."""
    store.lock()
    found = store.get("payout", payout_id)
    if found["status"] == "failed":
        raise wrong("This payout failed already.")
    return payouts.fail(found, code)


def _charge_of(intent_id: str) -> Thing:
    intent = store.get("payment_intent", intent_id)
    if intent["status"] != "succeeded":
        raise wrong(f"Nothing was paid: this payment is {intent['status']}.")
    return store.get("charge", intent["latest_charge"])
