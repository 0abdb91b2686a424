"""What the webhook takes, and what it refuses."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from typing import Any

import pytest
import stripe
from django.test import Client

from core import clock
from donations.errors import OnlineGivingOffError, StripeBusyError, WrongModeError
from donations.models import EventState, Gift, GiftStatus, OnlinePayment, StripeEvent
from donations.models.demo_stripe import FaultKind
from donations.stripe import gateway, inbox, mode
from donations.stripe.events import handled_types
from donations.stripe.fake import acting, faults
from donations.stripe.fake.acting import Outcome
from donations.stripe.mode import Mode
from tests.donations.stripe.conftest import post
from tests.donations.stripe.test_orders import ledger
from tests.factories.donations import make_gift
from tests.factories.online import make_payment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("online")]


def event(number: int = 1, **more: Any) -> dict[str, Any]:
    about = {"id": f"po_{number}", "object": "balance_settings"}
    written = {"id": f"evt_{number}", "object": "event", "type": "balance_settings.updated", "livemode": False}
    return {**written, "created": int(time.time()), "data": {"object": about}, **more}


def send(body: str, signature: str) -> int:
    headers = {"Stripe-Signature": signature}
    return Client().post("/stripe/webhook/", body, content_type="application/json", headers=headers).status_code


def test_a_signed_event_of_a_type_nobody_uses_is_stored_and_taken() -> None:
    assert post(event()) == 200
    stored = StripeEvent.objects.get()
    assert (stored.pk, stored.state, stored.object_id) == ("evt_1", EventState.IGNORED, "po_1")


def test_somebody_looks_at_everything_that_matters_of_money() -> None:
    said = """
        checkout.session.completed checkout.session.async_payment_succeeded checkout.session.async_payment_failed
        checkout.session.expired payment_intent.succeeded payment_intent.processing payment_intent.payment_failed
        payment_intent.canceled charge.updated charge.refunded charge.failed refund.created refund.updated refund.failed
        charge.dispute.created charge.dispute.updated charge.dispute.closed charge.dispute.funds_withdrawn
        charge.dispute.funds_reinstated radar.early_fraud_warning.created customer.subscription.created
        customer.subscription.updated customer.subscription.deleted customer.subscription.paused
        customer.subscription.resumed invoice.paid invoice.payment_failed invoice.payment_action_required
        invoice.finalization_failed invoice.upcoming invoice.voided invoice.marked_uncollectible
        payment_method.automatically_updated payout.paid payout.failed payout.reconciliation_completed
    """
    assert set(said.split()) - set(handled_types()) == set()


def test_the_same_event_again_is_the_same_row() -> None:
    assert [post(event()), post(event())] == [200, 200]
    assert StripeEvent.objects.count() == 1


def recorded() -> int:
    """Somebody plays an old event again, with the signature it came with."""
    body, old = json.dumps(event()), int(time.time()) - inbox.TOLERANCE - 5
    return send(body, stripe.WebhookSignature.generate_signature_header(body, mode.webhook_secret(), timestamp=old))


@pytest.mark.parametrize(
    ("deliver", "why"),
    [
        (lambda: post(event(), secret="whsec_of_somebody_else"), "No signatures found"),
        (lambda: send(json.dumps(event()), ""), "No Stripe-Signature header"),
        (lambda: send(json.dumps(event()), "t=1,v1=nonsense"), "No signatures found"),
        (recorded, "Timestamp outside the tolerance zone"),
        (lambda: post(event(livemode=True)), "other mode"),
        (lambda: post({"object": "customer", "id": "cus_1"}), "no event"),
        (lambda: post({"object": "event", "id": "evt_1", "type": "payout.paid"}), "livemode"),
    ],
    ids=["forged", "unsigned", "nonsense", "stale", "of the other mode", "no event", "half an event"],
)
def test_what_cannot_be_believed_is_refused_and_logged(
    deliver: Callable[[], int], why: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="donations.stripe"):
        assert deliver() == 400
    assert "refused" in caplog.text
    assert why in caplog.text
    assert not StripeEvent.objects.exists()


def test_where_nothing_is_set_up_nothing_is_taken(settings: Any) -> None:
    secret = mode.webhook_secret()
    settings.STRIPE_DEMO = False
    assert post(event(), secret=secret) == 503
    with pytest.raises(OnlineGivingOffError):
        gateway.for_donor()


def test_an_event_that_cannot_be_handled_says_why_and_is_tried_again_later(go_to_pay: Callable) -> None:
    acting.pay(go_to_pay().session_id, Outcome.PAY)
    happened = next(one for one in acting.events() if one["type"] == "payment_intent.succeeded")
    post(happened)
    with faults.committed(FaultKind.UNREACHABLE):
        failed = inbox.handle(StripeEvent.objects.get())
    assert (failed.state, failed.tries) == (EventState.FAILED, 1)
    assert "StripeUnavailableError" in failed.error
    assert inbox.due(clock.now()) == []
    assert [one.pk for one in inbox.due(clock.now() + inbox.pause_after(1))] == [failed.pk]
    assert inbox.handle(failed).state == EventState.DONE
    assert Gift.objects.get().status == GiftStatus.POSTED


def test_a_live_key_meets_no_test_money(go_to_pay: Callable, settings: Any) -> None:
    checkout = go_to_pay()
    acting.pay(checkout.session_id, Outcome.PAY)
    for one in acting.events():
        post(one)
    for one in StripeEvent.objects.all():
        inbox.handle(one)
    assert OnlinePayment.objects.paid().exists()
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = "sk_live_something", "whsec_live"
    assert mode.current() is Mode.LIVE
    with pytest.raises(WrongModeError):
        gateway.for_donor()
    before = ledger()
    assert post(event(7, type="payout.paid")) == 400, "an event of test money"
    assert post(event(8, type="payout.paid", livemode=True)) == 200
    failed = inbox.handle(StripeEvent.objects.get(pk="evt_8"))
    assert "Test payments are on record here" in failed.error
    assert ledger() == before


def test_a_test_key_meets_no_real_money(settings: Any) -> None:
    settings.STRIPE_DEMO = False
    make_payment(make_gift(amount="30.00"), livemode=True)
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = "sk_test_something", "whsec_test"
    with pytest.raises(WrongModeError, match="Real payments are on record here"):
        gateway.for_jobs()
    assert post(event(livemode=True)) == 400
    assert post(event(type="payout.paid")) == 200
    assert inbox.handle(StripeEvent.objects.get()).state == EventState.FAILED
    settings.STRIPE_SECRET_KEY = "rk_live_something"
    assert gateway.for_jobs()


def test_of_many_who_wait_the_last_is_told_at_once(fill_form: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = 0
    while gateway._seats.acquire(blocking=False):
        taken += 1
    try:
        with pytest.raises(StripeBusyError):
            gateway.for_donor().v1.charges.list()
        gateway.for_jobs().v1.charges.list()
    finally:
        for _ in range(taken):
            gateway._seats.release()


def test_stripe_is_never_asked_inside_a_transaction(online: None) -> None:
    from django.db import transaction

    with transaction.atomic(), pytest.raises(RuntimeError, match="transaction"):
        gateway.for_jobs().v1.charges.list()
