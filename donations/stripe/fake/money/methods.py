"""What donors pay with: the cards and accounts of the demo."""

from __future__ import annotations

from typing import Any

from donations.stripe.fake import store
from donations.stripe.fake.store import Thing

EXPIRES_MONTH, EXPIRES_YEAR = 8, 2031
# The test numbers Stripe documents for each way a payment can go.
LAST4 = {"paid": "4242", "declined": "0002", "approval": "3155"}
# What a charge repeats of them.
CARD_FACTS = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4", "wallet")
SEPA_FACTS = ("bank_code", "branch_code", "country", "fingerprint", "last4")
# Which bank debit belongs to a currency.
DEBITS = {"eur": "sepa_debit", "gbp": "bacs_debit", "usd": "us_bank_account", "cad": "acss_debit"}


def make_card(billing: Thing, *, customer: str | None, last4: str = "4242", wallet: str | None = None) -> Thing:
    """Store a card."""
    card = {
        "brand": "visa",
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": "IE",
        "display_brand": "visa",
        "exp_month": EXPIRES_MONTH,
        "exp_year": EXPIRES_YEAR,
        "fingerprint": "demo" + last4,
        "funding": "credit",
        "generated_from": None,
        "last4": last4,
        "networks": {"available": ["visa"], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": _wallet(wallet),
    }
    return _method("card", card, billing, customer)


def make_debit(billing: Thing, *, customer: str | None, currency: str) -> Thing:
    """Store a bank account that may be debited, of the kind the currency has."""
    kind = DEBITS.get(currency, "sepa_debit")
    details: dict[str, Thing] = {
        "sepa_debit": {
            "bank_code": "37040044",
            "branch_code": "",
            "country": "DE",
            "fingerprint": "demo3000",
            "generated_from": {"charge": None, "setup_attempt": None},
            "last4": "3000",
        },
        "bacs_debit": {"fingerprint": "demo2345", "last4": "2345", "sort_code": "108800"},
        "us_bank_account": {
            "account_holder_type": "individual",
            "account_type": "checking",
            "bank_name": "STRIPE TEST BANK",
            "financial_connections_account": None,
            "fingerprint": "demo6789",
            "last4": "6789",
            "networks": {"preferred": "ach", "supported": ["ach"]},
            "routing_number": "110000000",
            "status_details": {},
        },
        "acss_debit": {
            "bank_name": "STRIPE TEST BANK",
            "fingerprint": "demo6789",
            "institution_number": "000",
            "last4": "6789",
            "transit_number": "11000",
        },
    }
    return _method(kind, details[kind], billing, customer)


def _method(kind: str, details: Thing, billing: Thing, customer: str | None) -> Thing:
    return store.add(
        "payment_method",
        {
            "allow_redisplay": "limited",
            "billing_details": billing,
            kind: details,
            "customer": customer,
            "livemode": False,
            "metadata": {},
            "type": kind,
        },
    )


def details_of(method: Thing, *, three_d_secure: bool = False) -> Thing:
    """Return what a charge says of what it was paid with."""
    kind = method["type"]
    known: Thing = method[kind]
    if kind == "card":
        secure: dict[str, Any] | None = None
        if three_d_secure:
            secure = {
                "authentication_flow": "challenge",
                "electronic_commerce_indicator": "05",
                "exemption_indicator": None,
                "result": "authenticated",
                "result_reason": None,
                "transaction_id": None,
                "version": "2.2.0",
            }
        own = {field: known[field] for field in CARD_FACTS}
        own |= {"installments": None, "mandate": None, "network": "visa", "three_d_secure": secure}
    elif kind == "sepa_debit":
        own = {field: known[field] for field in SEPA_FACTS} | {"mandate": "mandate_demo"}
    else:
        left_out = {"networks", "status_details", "financial_connections_account"}
        own = {field: value for field, value in known.items() if field not in left_out} | {"mandate": "mandate_demo"}
    return {"type": kind, kind: own}


def _wallet(name: str | None) -> Thing | None:
    return {"type": name, "dynamic_last4": None, name: {}} if name else None
