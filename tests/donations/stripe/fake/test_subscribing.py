"""Subscriptions as Stripe's API of this version tells of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from donations.models import FakeObject
from donations.stripe.fake import acting
from donations.stripe.fake.acting import Outcome
from donations.stripe.fake.events import public
from tests.donations.stripe.fake.shapes import faults_of

Open = Callable[..., Any]
MONTHLY = {"interval": "month", "interval_count": 1}


@pytest.fixture
def subscription_id(open_session: Open) -> str:
    """A gift of 10.00 EUR every month, begun now."""
    session = open_session(1000, recurring=MONTHLY, subscription_data={"metadata": {"recurring": "r1"}})
    return acting.pay(session.id, Outcome.PAY)["subscription"]


def test_the_first_invoice_is_paid_and_the_session_names_no_payment(
    api: stripe.StripeClient, subscription_id: str
) -> None:
    session = api.v1.checkout.sessions.list({"subscription": subscription_id}).data[0]
    assert (session.status, session.payment_status, session.payment_intent) == ("complete", "paid", None)
    subscription = api.v1.subscriptions.retrieve(subscription_id, {"expand": ["latest_invoice.payments"]})
    assert (subscription.status, subscription.metadata["recurring"]) == ("active", "r1")
    invoice = subscription.latest_invoice
    assert isinstance(invoice, stripe.Invoice)
    assert (invoice.id, invoice.status, invoice.billing_reason) == (session.invoice, "paid", "subscription_create")
    assert invoice.parent is not None
    assert invoice.parent.subscription_details is not None
    assert invoice.parent.subscription_details.subscription == subscription_id
    assert invoice.payments is not None
    payment = invoice.payments.data[0]
    assert (payment.status, payment.amount_paid) == ("paid", 1000)
    intent = api.v1.payment_intents.retrieve(payment.payment.payment_intent)  # type: ignore[arg-type]
    assert intent.status == "succeeded"


def test_the_next_period_begins_where_the_last_ended(api: stripe.StripeClient, subscription_id: str) -> None:
    ends = api.v1.subscriptions.retrieve(subscription_id)["items"].data[0].current_period_end
    mark = acting.cursor()
    invoice = acting.renew(subscription_id)
    item = api.v1.subscriptions.retrieve(subscription_id)["items"].data[0]
    assert item.current_period_start == ends
    assert (invoice["status"], invoice["billing_reason"]) == ("paid", "subscription_cycle")
    assert {"invoice.paid", "customer.subscription.updated", "charge.succeeded"} <= {
        event["type"] for event in acting.events(mark)
    }


def test_a_card_that_fails_is_tried_again_until_stripe_gives_up(api: stripe.StripeClient, subscription_id: str) -> None:
    invoice = acting.renew(subscription_id, succeed=False)
    assert (invoice["status"], invoice["attempt_count"]) == ("open", 1)
    assert invoice["next_payment_attempt"]
    assert api.v1.subscriptions.retrieve(subscription_id).status == "past_due"
    for _attempt in range(3):
        acting.retry(invoice["id"], succeed=False)
    assert api.v1.invoices.retrieve(invoice["id"]).status == "uncollectible"
    over = api.v1.subscriptions.retrieve(subscription_id)
    assert over.status == "canceled"
    assert over.cancellation_details is not None
    assert over.cancellation_details.reason == "payment_failed"


def test_a_second_attempt_that_pays_mends_it(api: stripe.StripeClient, subscription_id: str) -> None:
    invoice = acting.renew(subscription_id, needs_approval=True)
    kinds = {event["type"] for event in acting.events()}
    assert {"invoice.payment_failed", "invoice.payment_action_required"} <= kinds
    acting.retry(invoice["id"])
    assert api.v1.invoices.retrieve(invoice["id"]).status == "paid"
    assert api.v1.subscriptions.retrieve(subscription_id).status == "active"


def test_amount_day_pause_and_end_are_changed(api: stripe.StripeClient, subscription_id: str) -> None:
    before = api.v1.subscriptions.retrieve(subscription_id)
    item = before["items"].data[0]
    price = {"currency": "eur", "product": item.price.product, "unit_amount": 1500, "recurring": MONTHLY}
    changed = api.v1.subscriptions.update(
        subscription_id,
        {"items": [{"id": item.id, "price_data": price}], "proration_behavior": "none"},  # type: ignore[typeddict-item]
    )
    assert changed["items"].data[0].price.unit_amount == 1500

    later = item.current_period_end + 5 * 24 * 60 * 60
    moved = api.v1.subscriptions.update(subscription_id, {"trial_end": later, "proration_behavior": "none"})
    assert (moved.status, moved.billing_cycle_anchor) == ("trialing", later)
    assert moved["items"].data[0].current_period_end == later

    paused = api.v1.subscriptions.update(subscription_id, {"pause_collection": {"behavior": "void"}})
    assert paused.pause_collection is not None
    assert acting.renew(subscription_id)["status"] == "void"
    assert api.v1.subscriptions.update(subscription_id, {"pause_collection": ""}).pause_collection is None
    assert acting.renew(subscription_id)["amount_paid"] == 1500

    api.v1.subscriptions.cancel(subscription_id)
    assert api.v1.subscriptions.list().data == []
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.subscriptions.update(subscription_id, {"trial_end": later})


def test_a_replaced_card_is_the_customers_until_the_subscription_takes_it(
    api: stripe.StripeClient, subscription_id: str
) -> None:
    subscription = api.v1.subscriptions.retrieve(subscription_id)
    customer = str(subscription.customer)
    page = api.v1.billing_portal.sessions.create(
        {
            "customer": customer,
            "return_url": "https://give.example.org/account/",
            "flow_data": {"type": "payment_method_update"},
        }
    )
    assert page.url == f"https://give.example.org/demo/card/{page.id}/"
    card = acting.replace_card(customer)
    assert api.v1.subscriptions.retrieve(subscription_id).default_payment_method != card["id"]
    updated = api.v1.subscriptions.update(subscription_id, {"default_payment_method": card["id"]})
    assert updated.default_payment_method == card["id"]


def test_a_monthly_debit_is_open_until_the_bank_pays(api: stripe.StripeClient, open_session: Open) -> None:
    session = acting.pay(open_session(1000, recurring=MONTHLY).id, Outcome.BANK_DEBIT)
    invoice = api.v1.invoices.retrieve(session["invoice"], {"expand": ["payments"]})
    assert invoice.status == "open"
    assert invoice.payments is not None
    acting.settle_debit(str(invoice.payments.data[0].payment.payment_intent))
    assert api.v1.invoices.retrieve(session["invoice"]).status == "paid"


def test_a_declined_first_payment_sets_up_nothing(api: stripe.StripeClient, open_session: Open) -> None:
    session = open_session(1000, recurring=MONTHLY)
    acting.pay(session.id, Outcome.DECLINE)
    assert api.v1.subscriptions.list().data == []
    assert acting.pay(session.id, Outcome.PAY)["subscription"]


def test_every_object_has_the_shape_of_the_pinned_sdk(open_session: Open, subscription_id: str) -> None:
    acting.retry(acting.renew(subscription_id, succeed=False)["id"])
    acting.announce_renewal(subscription_id)
    faults = {fault for row in FakeObject.objects.all() for fault in faults_of(public(row.data))}
    faults -= {"invoice.id is missing"}  # of one that is only announced
    assert not faults, "\n".join(sorted(faults))
