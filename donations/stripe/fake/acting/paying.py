"""What a donor does on the page to pay on."""

from __future__ import annotations

import enum

from django.db import transaction

from donations.stripe.fake import store
from donations.stripe.fake.money import charging, completing, intents, methods
from donations.stripe.fake.problems import wrong
from donations.stripe.fake.resources.sessions import overdue
from donations.stripe.fake.store import Thing


class Outcome(enum.StrEnum):
    """How an attempt to pay goes."""

    PAY = "pay"
    DECLINE = "decline"
    NEEDS_APPROVAL = "needs_approval"
    APPROVE = "approve"
    REFUSE = "refuse"
    BANK_DEBIT = "bank_debit"


@transaction.atomic
def pay(
    session_id: str, outcome: Outcome | str, *, reason: str = "generic_decline", wallet: str | None = None
) -> Thing:
    """Act on a session's page; return the session as it is then.

    Raises ApiError when the session is no longer open, or when there is nothing to approve.
    """
    outcome = Outcome(outcome)
    store.lock()
    session = overdue(store.get("checkout.session", session_id))
    if session["status"] != "open":
        raise wrong(f"This Checkout Session is {session['status']}.")
    billing = completing.billing_of(session)
    intent = completing.intent_of(session)
    if outcome in (Outcome.APPROVE, Outcome.REFUSE):
        if intent is None or intent["status"] != "requires_action":
            raise wrong("There is nothing to approve.")
        card = store.get("payment_method", intent["payment_method"])
        if outcome is Outcome.REFUSE:
            charging.refuse_approval(intent, card)
            return store.get("checkout.session", session_id)
        return completing.complete_by_card(session, card, three_d_secure=True)
    if intent is not None and intent["status"] in intents.FINAL:
        raise wrong(f"This payment is {intent['status']}.")
    customer = session["customer"]
    if outcome is Outcome.BANK_DEBIT:
        account = methods.make_debit(billing, customer=customer, currency=session["currency"])
        return completing.complete_by_debit(session, account)
    last4 = {Outcome.DECLINE: methods.LAST4["declined"], Outcome.NEEDS_APPROVAL: methods.LAST4["approval"]}
    card = methods.make_card(billing, customer=customer, last4=last4.get(outcome, methods.LAST4["paid"]), wallet=wallet)
    if outcome is Outcome.PAY:
        return completing.complete_by_card(session, card)
    intent = completing.begin_payment(session)
    if outcome is Outcome.DECLINE:
        charging.decline_card(intent, card, reason)
    else:
        charging.ask_approval(intent, card, None)
    return store.get("checkout.session", session_id)


@transaction.atomic
def book_fees() -> list[Thing]:
    """Let the fees of all charges that succeeded become known; return those charges."""
    store.lock()
    return charging.book_open_charges()
