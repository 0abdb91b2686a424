"""How a Checkout Session ends: with a payment, a subscription, or a card put on file."""

from __future__ import annotations

import re
from typing import Any

from donations.stripe.fake import store
from donations.stripe.fake.events import emit
from donations.stripe.fake.money import charging
from donations.stripe.fake.money.intents import make_intent
from donations.stripe.fake.money.subscribing import begin_subscription
from donations.stripe.fake.resources.customers import full_address, make_customer
from donations.stripe.fake.store import Thing

# What the demo's page takes for granted where Stripe's would ask.
EMAIL = "demo.donor@example.org"


def billing_of(session: Thing) -> Thing:
    """Return who pays, as the page knows them."""
    details: dict[str, Any] = session["customer_details"] or {}
    email = details.get("email") or EMAIL
    return {
        "address": full_address(details.get("address") or {"country": "IE"}),
        "email": email,
        "name": details.get("name") or _as_typed_by(email),
        "phone": details.get("phone"),
        "tax_id": None,
    }


def _as_typed_by(email: str) -> str:
    """Return the name such a person would type beside the card: of `ada.moreau.7@example.org`, Ada Moreau."""
    words = re.findall(r"[^\W\d_]+", email.partition("@")[0])
    return " ".join(word.capitalize() for word in words) or email


def intent_of(session: Thing) -> Thing | None:
    """Return the payment a session has begun."""
    stripe_id = session["_intent"]
    return store.get("payment_intent", stripe_id) if stripe_id else None


def begin_payment(session: Thing) -> Thing:
    """Return the payment of a session: it is made with the first attempt, not with the session."""
    intent = intent_of(session)
    if intent is not None:
        return intent
    is_single = session["mode"] == "payment"
    given: Thing = session["_payment"] if is_single else {"description": "Subscription creation"}
    intent = make_intent(
        amount=session["amount_total"],
        currency=session["currency"],
        customer=session["customer"],
        description=given.get("description"),
        metadata=given.get("metadata"),
        receipt_email=given.get("receipt_email"),
        setup_future_usage=given.get("setup_future_usage"),
        statement_descriptor=given.get("statement_descriptor"),
        statement_descriptor_suffix=given.get("statement_descriptor_suffix"),
    )
    session["_intent"] = intent["id"]
    # A session that sets up a subscription names that, not its first payment.
    session["payment_intent"] = intent["id"] if is_single else None
    store.save(session)
    return intent


def complete_by_card(session: Thing, card: Thing, *, three_d_secure: bool = False) -> Thing:
    """Take the money from a card and complete the session."""
    _know_customer(session, card)
    if session["mode"] == "setup":
        return _complete(session, card, "no_payment_required")
    intent = begin_payment(session)
    charging.charge_card(intent, card, three_d_secure=three_d_secure)
    if session["mode"] == "subscription":
        begin_subscription(session, intent, card)
    return _complete(session, card, "paid")


def complete_by_debit(session: Thing, account: Thing) -> Thing:
    """Ask the bank for the money and complete the session, which stays unpaid until the money comes."""
    _know_customer(session, account)
    intent = begin_payment(session)
    charging.start_debit(intent, account)
    if session["mode"] == "subscription":
        begin_subscription(session, intent, account)
    return _complete(session, account, "unpaid")


def _know_customer(session: Thing, method: Thing) -> None:
    """Make the customer a session is to make, and give them what they pay with."""
    if session["customer"] is None and session["customer_creation"] == "always":
        billing = method["billing_details"]
        customer = make_customer({name: billing[name] for name in ("address", "email", "name", "phone")})
        session["customer"] = customer["id"]
        store.save(session)
        if intent := intent_of(session):
            store.save({**intent, "customer": customer["id"]})
    if session["customer"] and (session["mode"] != "payment" or session["_payment"].get("setup_future_usage")):
        method["customer"] = session["customer"]
        store.save(method)
        emit("payment_method.attached", method)


def _complete(session: Thing, method: Thing, payment_status: str) -> Thing:
    billing = method["billing_details"]
    known = session["customer_details"] or {}
    session |= {
        "status": "complete",
        "payment_status": payment_status,
        "url": None,
        "payment_method_types": sorted({"card", method["type"]}),
        "customer_details": {
            "business_name": None,
            "individual_name": None,
            "tax_exempt": "none",
            "tax_ids": [],
            **known,
            **{name: billing[name] for name in ("address", "email", "name", "phone")},
        },
    }
    store.save(session)
    emit("checkout.session.completed", session)
    return session


def session_of(intent: Thing) -> Thing | None:
    """Return the session a payment was begun in."""
    found = store.find("checkout.session", _intent=intent["id"])
    return found[0] if found else None


def debit_came(intent: Thing) -> None:
    """Tell the session that the bank's money came."""
    if session := session_of(intent):
        store.save({**session, "payment_status": "paid"})
        emit("checkout.session.async_payment_succeeded", {**session, "payment_status": "paid"})


def debit_failed(intent: Thing) -> None:
    """Tell the session that the bank's money does not come."""
    if session := session_of(intent):
        emit("checkout.session.async_payment_failed", session)
