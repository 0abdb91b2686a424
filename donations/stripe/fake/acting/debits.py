"""What a bank does days after a debit was asked for."""

from __future__ import annotations

from django.db import transaction

from donations.stripe.fake import store
from donations.stripe.fake.money import charging, completing, invoicing
from donations.stripe.fake.problems import wrong
from donations.stripe.fake.store import Thing


@transaction.atomic
def settle_debit(intent_id: str) -> Thing:
    """Let the money of a debit come; return the payment."""
    store.lock()
    intent = _processing(intent_id)
    charging.settle_debit(intent, store.get("charge", intent["latest_charge"]))
    invoicing.debit_came(intent)
    completing.debit_came(intent)
    return store.get("payment_intent", intent_id)


@transaction.atomic
def return_debit(intent_id: str, *, reason: str = "insufficient_funds") -> Thing:
    """Let the bank refuse a debit (`insufficient_funds`, `account_closed`, `debit_not_authorized`)."""
    store.lock()
    intent = _processing(intent_id)
    charging.return_debit(intent, store.get("charge", intent["latest_charge"]), reason)
    invoicing.debit_failed(intent)
    completing.debit_failed(intent)
    return store.get("payment_intent", intent_id)


def _processing(intent_id: str) -> Thing:
    intent = store.get("payment_intent", intent_id)
    if intent["status"] != "processing":
        raise wrong(f"No debit is on its way: this payment is {intent['status']}.")
    return intent
