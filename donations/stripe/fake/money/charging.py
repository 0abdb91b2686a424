"""Attempts to take money: a card that pays or is declined, an approval that is asked, a debit on its way."""

from __future__ import annotations

from donations.stripe.fake import store
from donations.stripe.fake.events import emit
from donations.stripe.fake.money import intents
from donations.stripe.fake.money.balance import book_charge
from donations.stripe.fake.money.methods import details_of
from donations.stripe.fake.store import Thing

# What a bank says when it declines: Stripe's code, the bank's, and Stripe's words.
DECLINES = {
    "generic_decline": ("card_declined", "Your card was declined."),
    "insufficient_funds": ("card_declined", "Your card has insufficient funds."),
    "expired_card": ("expired_card", "Your card has expired."),
}
DEBIT_FAILURES = {
    "insufficient_funds": "The customer's account has insufficient funds to cover this payment.",
    "account_closed": "The customer's bank account has been closed.",
    "debit_not_authorized": "The customer has notified their bank that this payment was unauthorized.",
}


def charge_card(intent: Thing, method: Thing, *, three_d_secure: bool = False) -> Thing:
    """Take the money from a card; the fee is not known yet."""
    charge = _make_charge(intent, method, "succeeded", three_d_secure=three_d_secure)
    emit("charge.succeeded", charge)
    _succeed(intent, charge)
    return charge


def decline_card(intent: Thing, method: Thing, reason: str = "generic_decline") -> Thing:
    """Let the bank decline a card: the intent waits for another."""
    code, message = DECLINES[reason]
    charge = _make_charge(intent, method, "failed", failure=(code, message), decline=reason)
    emit("charge.failed", charge)
    intent["latest_charge"] = charge["id"]
    intents.fail(
        intent,
        {
            "advice_code": "try_again_later",
            "charge": charge["id"],
            "code": code,
            "decline_code": reason,
            "doc_url": f"https://docs.stripe.com/error-codes/{code.replace('_', '-')}",
            "message": message,
            "payment_method": method,
            "type": "card_error",
        },
    )
    return charge


def ask_approval(intent: Thing, method: Thing, return_url: str | None) -> Thing:
    """Let the bank ask the donor to approve the payment."""
    intent |= {
        "status": "requires_action",
        "payment_method": method["id"],
        "next_action": {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect"}},
    }
    if return_url:
        intent["next_action"] = {
            "type": "redirect_to_url",
            "redirect_to_url": {"return_url": return_url, "url": "https://hooks.stripe.com/3d_secure_2"},
        }
    store.save(intent)
    emit("payment_intent.requires_action", intent)
    return intent


def need_approval_off_session(intent: Thing, method: Thing) -> Thing:
    """Let the bank ask a donor who is not there: the attempt fails until they come and approve."""
    return intents.fail(
        intent,
        {
            "code": "authentication_required",
            "decline_code": "authentication_required",
            "doc_url": "https://docs.stripe.com/error-codes/authentication-required",
            "message": "Your card was declined. This transaction requires authentication.",
            "payment_method": method,
            "type": "card_error",
        },
    )


def refuse_approval(intent: Thing, method: Thing) -> Thing:
    """Let the donor refuse what the bank asked."""
    message = (
        "We are unable to authenticate your payment method. Please choose a different payment method and try again."
    )
    code = "payment_intent_authentication_failure"
    return intents.fail(
        intent,
        {
            "code": code,
            "doc_url": f"https://docs.stripe.com/error-codes/{code.replace('_', '-')}",
            "message": message,
            "payment_method": method,
            "type": "invalid_request_error",
        },
    )


def start_debit(intent: Thing, method: Thing) -> Thing:
    """Ask a bank for money: it takes days until it comes, or does not."""
    charge = _make_charge(intent, method, "pending")
    emit("charge.pending", charge)
    intent |= {
        "status": "processing",
        "latest_charge": charge["id"],
        "payment_method": method["id"],
        "payment_method_types": [method["type"]],
        "last_payment_error": None,
        "next_action": None,
    }
    store.save(intent)
    emit("payment_intent.processing", intent)
    return charge


def settle_debit(intent: Thing, charge: Thing) -> Thing:
    """Let the bank's money come."""
    charge |= {"status": "succeeded", "paid": True}
    store.save(charge)
    emit("charge.succeeded", charge)
    _succeed(intent, charge)
    return charge


def return_debit(intent: Thing, charge: Thing, reason: str) -> Thing:
    """Let the bank refuse before the money came."""
    message = DEBIT_FAILURES[reason]
    charge |= {"status": "failed", "paid": False, "failure_code": reason, "failure_message": message}
    store.save(charge)
    emit("charge.failed", charge)
    method = store.get("payment_method", charge["payment_method"])
    error = {
        "charge": charge["id"],
        "code": "payment_intent_payment_attempt_failed",
        "doc_url": "https://docs.stripe.com/error-codes/payment-intent-payment-attempt-failed",
        "decline_code": reason,
        "message": message,
        "payment_method": method,
        "type": "invalid_request_error",
    }
    intents.fail(intent, error)
    return charge


def book_open_charges() -> list[Thing]:
    """Enter in the balance what succeeded and is not there yet: the fees become known."""
    return [book_charge(charge) for charge in store.find("charge", status="succeeded", balance_transaction=None)[::-1]]


def _succeed(intent: Thing, charge: Thing) -> None:
    intent |= {
        "status": "succeeded",
        "amount_received": charge["amount"],
        "latest_charge": charge["id"],
        "payment_method": charge["payment_method"],
        "last_payment_error": None,
        "next_action": None,
    }
    store.save(intent)
    emit("payment_intent.succeeded", intent)


def _make_charge(
    intent: Thing,
    method: Thing,
    status: str,
    *,
    failure: tuple[str | None, str | None] = (None, None),
    decline: str | None = None,
    three_d_secure: bool = False,
) -> Thing:
    paid = status == "succeeded"
    is_card = method["type"] == "card"
    return store.add(
        "charge",
        {
            # What is not paid by card is a payment; its ids begin differently.
            "id": store.new_id("charge") if is_card else store.new_id("charge").replace("ch_", "py_", 1),
            "amount": intent["amount"],
            "amount_captured": intent["amount"] if status != "failed" else 0,
            "amount_refunded": 0,
            "balance_transaction": None,
            "billing_details": method["billing_details"],
            "calculated_statement_descriptor": "HARBOUR LIGHT",
            "captured": status != "failed",
            "currency": intent["currency"],
            "customer": intent["customer"],
            "description": intent["description"],
            "disputed": False,
            "failure_code": failure[0],
            "failure_message": failure[1],
            "livemode": False,
            "metadata": dict(intent["metadata"]),
            "outcome": _outcome(status, decline),
            "paid": paid,
            "payment_intent": intent["id"],
            "payment_method": method["id"],
            "payment_method_details": details_of(method, three_d_secure=three_d_secure),
            "receipt_email": intent["receipt_email"],
            "refunded": False,
            "statement_descriptor": intent["statement_descriptor"],
            "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
            "status": status,
        },
    )


def _outcome(status: str, decline: str | None) -> Thing:
    if status == "failed":
        return {
            "advice_code": "try_again_later",
            "network_advice_code": None,
            "network_decline_code": "01",
            "network_status": "declined_by_network",
            "reason": decline,
            "risk_level": "normal",
            "risk_score": 23,
            "seller_message": "The bank did not return any further details with this decline.",
            "type": "issuer_declined",
        }
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "approved_by_network",
        "reason": None,
        "risk_level": "normal",
        "risk_score": 23,
        "seller_message": "Payment complete.",
        "type": "authorized",
    }
