"""What happens on the page to pay on, told by the SDK."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from donations.models import FakeObject
from donations.stripe.fake import acting
from donations.stripe.fake.acting import Outcome
from donations.stripe.fake.events import public, signed
from donations.stripe.fake.problems import ApiError
from tests.donations.stripe.fake.shapes import faults_of

Open = Callable[..., Any]

SECRET = "whsec_test"


def kinds(mark: int) -> list[str]:
    return [event["type"] for event in acting.events(mark)]


def test_a_card_that_pays_makes_one_charge_whose_fee_comes_later(api: stripe.StripeClient, open_session: Open) -> None:
    session = open_session(payment_intent_data={"metadata": {"gift": "7"}, "description": "Gift to the roof"})
    assert session.url == f"https://give.example.org/demo/pay/{session.id}/"
    assert session.payment_intent is None, "made with the first attempt"
    mark = acting.cursor()

    acting.pay(session.id, Outcome.PAY)

    found = api.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    assert (found.status, found.payment_status, found.url) == ("complete", "paid", None)
    intent = found.payment_intent
    assert isinstance(intent, stripe.PaymentIntent)
    assert (intent.status, intent.amount_received, intent.metadata["gift"]) == ("succeeded", 2500, "7")
    charge = intent.latest_charge
    assert isinstance(charge, stripe.Charge)
    assert (charge.status, charge.balance_transaction, charge.metadata["gift"]) == ("succeeded", None, "7")
    assert kinds(mark) == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]

    mark = acting.cursor()
    acting.book_fees()
    assert kinds(mark) == ["charge.updated"]
    booked = api.v1.charges.retrieve(charge.id, {"expand": ["balance_transaction"]}).balance_transaction
    assert isinstance(booked, stripe.BalanceTransaction)
    assert (booked.amount, booked.fee, booked.net) == (2500, 63, 2437)  # 1.5 % and 0.25


def test_a_declined_card_leaves_the_page_open_for_another(api: stripe.StripeClient, open_session: Open) -> None:
    session = open_session()
    acting.pay(session.id, Outcome.DECLINE, reason="insufficient_funds")
    found = api.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert found.status == "open"
    assert isinstance(found.payment_intent, stripe.PaymentIntent)
    assert found.payment_intent.status == "requires_payment_method"
    error = found.payment_intent.last_payment_error
    assert error is not None
    assert (error.code, error.decline_code) == ("card_declined", "insufficient_funds")

    acting.pay(session.id, Outcome.PAY)
    charges = api.v1.charges.list({"payment_intent": found.payment_intent.id})
    assert [charge.status for charge in charges.data] == ["succeeded", "failed"]


@pytest.mark.parametrize(
    ("answer", "status", "session_status"),
    [(Outcome.APPROVE, "succeeded", "complete"), (Outcome.REFUSE, "requires_payment_method", "open")],
)
def test_a_bank_asks_and_the_donor_answers(
    api: stripe.StripeClient, open_session: Open, answer: Outcome, status: str, session_status: str
) -> None:
    session = open_session()
    acting.pay(session.id, Outcome.NEEDS_APPROVAL)
    asked = api.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert isinstance(asked.payment_intent, stripe.PaymentIntent)
    assert (asked.status, asked.payment_intent.status) == ("open", "requires_action")

    acting.pay(session.id, answer)
    found = api.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert isinstance(found.payment_intent, stripe.PaymentIntent)
    assert (found.payment_intent.status, found.status) == (status, session_status)


def test_there_is_nothing_to_approve_before_the_bank_asked(open_session: Open) -> None:
    with pytest.raises(ApiError, match="nothing to approve"):
        acting.pay(open_session().id, Outcome.APPROVE)


def test_a_debit_is_on_its_way_until_the_bank_pays(api: stripe.StripeClient, open_session: Open) -> None:
    session = open_session()
    acting.pay(session.id, Outcome.BANK_DEBIT)
    found = api.v1.checkout.sessions.retrieve(session.id)
    assert (found.status, found.payment_status) == ("complete", "unpaid")
    intent = api.v1.payment_intents.retrieve(found.payment_intent, {"expand": ["latest_charge"]})  # type: ignore[arg-type]
    assert intent.status == "processing"
    assert intent.latest_charge.status == "pending"  # type: ignore[union-attr]

    mark = acting.cursor()
    acting.settle_debit(intent.id)
    assert kinds(mark) == [
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.async_payment_succeeded",
    ]
    assert api.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_a_debit_the_bank_refuses_fails(api: stripe.StripeClient, open_session: Open) -> None:
    session = open_session()
    intent_id = acting.pay(session.id, Outcome.BANK_DEBIT)["payment_intent"]
    mark = acting.cursor()
    acting.return_debit(intent_id)
    assert kinds(mark) == ["charge.failed", "payment_intent.payment_failed", "checkout.session.async_payment_failed"]
    assert api.v1.payment_intents.retrieve(intent_id).status == "requires_payment_method"


def test_a_page_is_paid_on_once_and_not_after_its_time(open_session: Open, api: stripe.StripeClient) -> None:
    paid, closed = open_session(), open_session()
    acting.pay(paid.id, Outcome.PAY)
    api.v1.checkout.sessions.expire(closed.id)
    for session in (paid, closed):
        with pytest.raises(ApiError, match="This Checkout Session is"):
            acting.pay(session.id, Outcome.PAY)


def test_the_signature_of_an_event_is_the_one_the_sdk_verifies(open_session: Open) -> None:
    acting.pay(open_session().id, Outcome.PAY)
    for event in acting.events():
        body, header = signed(event, SECRET)
        built = stripe.Webhook.construct_event(body, header, SECRET)
        assert (built.id, built.type) == (event["id"], event["type"])


def test_every_object_has_the_shape_of_the_pinned_sdk(open_session: Open, api: stripe.StripeClient) -> None:
    for outcome in (Outcome.PAY, Outcome.DECLINE, Outcome.NEEDS_APPROVAL, Outcome.BANK_DEBIT):
        acting.pay(open_session(customer_creation="always").id, outcome)
    acting.book_fees()
    faults = {fault for row in FakeObject.objects.all() for fault in faults_of(public(row.data))}
    assert not faults, "\n".join(sorted(faults))
