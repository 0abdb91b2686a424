"""The balance: each movement of money is a balance transaction; a charge's comes a moment after the charge."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from donations.stripe.fake import store
from donations.stripe.fake.events import emit
from donations.stripe.fake.store import Thing

DAY = 24 * 60 * 60
# Days until money can be paid out.
AVAILABLE_AFTER = 2
# What Stripe keeps of a card payment: a share, and a fixed part in minor units, by currency.
CARD_FEES = {
    "eur": (Decimal("0.015"), 25),
    "gbp": (Decimal("0.015"), 20),
    "usd": (Decimal("0.029"), 30),
    "cad": (Decimal("0.029"), 30),
}
OTHER_CARD_FEE = (Decimal("0.029"), 30)
# Bank debits: a share, and the most it may come to, in minor units; a fixed part for SEPA.
SEPA_FEE = 35
DEBIT_SHARE, DEBIT_MOST = Decimal("0.008"), 500
DISPUTE_FEE = 1500
RETURNED_DEBIT_FEE = 750


def fee_of(charge: Thing) -> int:
    """Return what Stripe keeps of a charge, in minor units."""
    amount, method = charge["amount"], charge["payment_method_details"]["type"]
    if method == "sepa_debit":
        return min(SEPA_FEE, amount)
    if method != "card":
        return min(_rounded(amount * DEBIT_SHARE), DEBIT_MOST)
    share, fixed = CARD_FEES.get(charge["currency"], OTHER_CARD_FEE)
    return min(_rounded(amount * share) + fixed, amount)


def _rounded(amount: Decimal) -> int:
    return int(amount.to_integral_value(ROUND_HALF_UP))


def move(
    source: Thing, kind: str, amount: int, *, category: str, fee: int = 0, description: str | None = None
) -> Thing:
    """Enter a movement of money in the balance: `amount` is signed, in minor units; the fee comes off it."""
    created = store.instant()
    details = {
        "amount": fee,
        "application": None,
        "currency": source["currency"],
        "description": "Stripe processing fees",
        "type": "stripe_fee",
    }
    return store.add(
        "balance_transaction",
        {
            "amount": amount,
            "available_on": created + AVAILABLE_AFTER * DAY,
            "balance_type": "payments",
            "created": created,
            "currency": source["currency"],
            "description": description,
            "exchange_rate": None,
            "fee": fee,
            "fee_details": [details] if fee else [],
            "net": amount - fee,
            "reporting_category": category,
            "source": source["id"],
            "status": "pending",
            "type": kind,
            "_payout": None,
        },
    )


def book_charge(charge: Thing) -> Thing:
    """Enter a charge that succeeded in the balance; its fee is known from now on, and `charge.updated` says so."""
    kind = "charge" if charge["payment_method_details"]["type"] == "card" else "payment"
    booked = move(
        charge, kind, charge["amount"], category="charge", fee=fee_of(charge), description=charge["description"]
    )
    charge["balance_transaction"] = booked["id"]
    store.save(charge)
    emit("charge.updated", charge, {"balance_transaction": None})
    return charge
