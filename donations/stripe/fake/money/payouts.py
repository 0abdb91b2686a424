"""Payouts: what of the balance goes to the bank, and what it was made of."""

from __future__ import annotations

from donations.models.demo_stripe import FakeObject
from donations.stripe.fake import store
from donations.stripe.fake.events import emit
from donations.stripe.fake.money.balance import DAY, move
from donations.stripe.fake.problems import wrong
from donations.stripe.fake.store import Thing


def waiting() -> list[Thing]:
    """Return what is in the balance and in no payout yet, oldest first."""
    rows = FakeObject.objects.filter(kind="balance_transaction", data___payout=None).order_by("pk")
    return [row.data for row in rows]


def pay_out(currency: str) -> Thing:
    """Send all that is in the balance to the bank; raise ApiError when there is nothing."""
    parts = [part for part in waiting() if part["currency"] == currency]
    total = sum(part["net"] for part in parts)
    if total <= 0:
        raise wrong(f"There is nothing to pay out in {currency.upper()}.")
    payout = make_payout(currency, total)
    emit("payout.created", payout)
    own = move(payout, "payout", -total, category="payout", description="STRIPE PAYOUT")
    for part in [*parts, own]:
        store.save({**part, "_payout": payout["id"], "status": "available"})
    payout |= {"balance_transaction": own["id"], "status": "paid", "reconciliation_status": "completed"}
    store.save(payout)
    emit("payout.paid", payout, {"status": "in_transit"})
    emit("payout.reconciliation_completed", payout)
    return payout


def fail(payout: Thing, code: str) -> Thing:
    """Let the bank send a payout back."""
    back = move(
        payout, "payout_failure", payout["amount"], category="payout_reversal", description="STRIPE PAYOUT FAILURE"
    )
    payout |= {
        "status": "failed",
        "failure_code": code,
        "failure_message": "The bank account has been closed.",
        "failure_balance_transaction": back["id"],
    }
    store.save(payout)
    emit("payout.failed", payout, {"status": "paid"})
    return payout


def make_payout(currency: str, amount: int) -> Thing:
    """Store a payout that is on its way."""
    return store.add(
        "payout",
        {
            "amount": amount,
            "application_fee": None,
            "application_fee_amount": None,
            "arrival_date": store.instant() // DAY * DAY,
            "automatic": True,
            "balance_transaction": None,
            "currency": currency,
            "description": "STRIPE PAYOUT",
            "destination": "ba_demo",
            "failure_balance_transaction": None,
            "failure_code": None,
            "failure_message": None,
            "livemode": False,
            "metadata": {},
            "method": "standard",
            "original_payout": None,
            "payout_method": None,
            "reconciliation_status": "in_progress",
            "reversed_by": None,
            "source_type": "card",
            "statement_descriptor": None,
            "status": "in_transit",
            "trace_id": None,
            "type": "bank_account",
        },
    )
