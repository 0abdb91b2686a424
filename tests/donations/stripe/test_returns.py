"""Money that goes back: refunds of ours and of Stripe's, disputes, warnings; and payments nobody asked for."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from constituents.models import FollowUp
from constituents.services.merging import merge, undo_merge
from core import clock
from core.money import Money
from donations.errors import AdjustmentError, OnlineRefundError, StripeUnavailableError
from donations.models import (
    Checkout,
    Dispute,
    DisputeStatus,
    FraudWarning,
    Gift,
    GiftStatus,
    OnlinePayment,
    OnlineRefund,
    RefundStatus,
    StripeCustomer,
    StripeEvent,
)
from donations.models.demo_stripe import FakeObject, FaultKind
from donations.services.adjusting import adjust_gift
from donations.services.books import check_books
from donations.services.receipts import issue_receipt
from donations.stripe import gateway, inbox, unmatched
from donations.stripe.catching_up import catch_up
from donations.stripe.donors import Giver, donor_for
from donations.stripe.fake import acting, faults
from donations.stripe.fake.acting import Outcome
from donations.stripe.refunding import ask_refund, refundable, send_refund
from donations.stripe.syncing import payments
from tests.donations.stripe.conftest import post
from tests.factories.constituents import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("online")]


def hear(mark: int) -> None:
    """Let everything since the mark be heard, the newest first."""
    for event in reversed(acting.events(mark)):
        assert post(event) == 200
    for event in StripeEvent.objects.filter(state="received"):
        assert inbox.handle(event).error == ""


@pytest.fixture
def paid(go_to_pay: Callable[..., Checkout]) -> OnlinePayment:
    """A gift of 50.00, paid by card and in the books."""
    acting.pay(go_to_pay("50.00").session_id, Outcome.PAY)
    hear(0)
    return OnlinePayment.objects.get()


def refund(payment: OnlinePayment, amount: str) -> OnlineRefund:
    money = Money(Decimal(amount), payment.currency)
    asked = ask_refund(payment, money=money, by=None, reason="The donor changed their mind")
    send_refund.call(asked.pk)
    asked.refresh_from_db()
    return asked


def standing() -> tuple[str, str, str]:
    gift = Gift.objects.get()
    return gift.status, f"{gift.refunded_amount:.2f}", f"{gift.charged_back_amount:.2f}"


def at_stripe(kind: str) -> int:
    return FakeObject.objects.filter(kind=kind).count()


def test_two_refunds_of_one_amount_are_two(paid: OnlinePayment) -> None:
    mark = acting.cursor()
    first, second = refund(paid, "10.00"), refund(paid, "10.00")
    assert {first.status, second.status} == {RefundStatus.SUCCEEDED}
    assert first.stripe_id != second.stripe_id
    hear(mark)
    assert standing() == (GiftStatus.PARTLY_REFUNDED, "20.00", "0.00")
    assert refundable(paid).plain == "30.00"
    assert check_books() == []


@pytest.mark.parametrize("kind", [FaultKind.TIMEOUT, FaultKind.RATE_LIMIT])
def test_a_refund_asked_for_again_after_a_failure_is_one(paid: OnlinePayment, kind: FaultKind) -> None:
    asked = ask_refund(paid, money=Money(Decimal(10), "USD"), by=None, reason="Twice by mistake")
    faults.commit(kind, path="/v1/refunds", method="POST")
    with pytest.raises(StripeUnavailableError):
        send_refund.call(asked.pk)
    send_refund.call(asked.pk)
    send_refund.call(asked.pk)
    assert at_stripe("refund") == 1
    assert standing() == (GiftStatus.PARTLY_REFUNDED, "10.00", "0.00")


def test_no_more_is_refunded_than_was_paid(paid: OnlinePayment) -> None:
    refund(paid, "30.00")
    with pytest.raises(OnlineRefundError):
        refund(paid, "20.01")
    refund(paid, "20.00")
    assert standing() == (GiftStatus.REFUNDED, "50.00", "0.00")
    assert check_books() == []


def test_a_refund_that_stripe_refuses_says_why_and_frees_its_amount(paid: OnlinePayment) -> None:
    asked = ask_refund(paid, money=paid.money, by=None, reason="At the same moment as somebody at Stripe")
    acting.refund_at_stripe(paid.payment_intent)
    send_refund.call(asked.pk)
    asked.refresh_from_db()
    assert asked.status == RefundStatus.FAILED
    assert asked.failure


def test_a_refund_made_at_stripe_appears_here_and_voids_the_receipt(paid: OnlinePayment) -> None:
    receipt = issue_receipt(paid.gift, by=None)
    mark = acting.cursor()
    acting.refund_at_stripe(paid.payment_intent)
    hear(mark)
    assert standing() == (GiftStatus.REFUNDED, "50.00", "0.00")
    receipt.refresh_from_db()
    assert receipt.state == "void"
    assert check_books() == []


def test_a_refund_the_bank_sends_back_counts_again(paid: OnlinePayment) -> None:
    done = refund(paid, "50.00")
    mark = acting.cursor()
    acting.fail_refund(done.stripe_id)
    hear(mark)
    assert standing() == (GiftStatus.POSTED, "0.00", "0.00")
    done.refresh_from_db()
    assert (done.status, bool(done.failure)) == (RefundStatus.FAILED, True)
    assert check_books() == []


def test_a_dispute_takes_the_gift_back_only_when_it_is_lost(paid: OnlinePayment) -> None:
    receipt = issue_receipt(paid.gift, by=None)
    mark = acting.cursor()
    opened = acting.dispute(paid.payment_intent)
    hear(mark)
    assert Dispute.objects.get().status == DisputeStatus.NEEDS_RESPONSE
    assert standing() == (GiftStatus.POSTED, "0.00", "0.00")
    with pytest.raises(OnlineRefundError):
        refund(paid, "10.00")
    mark = acting.cursor()
    acting.close_dispute(opened["id"], won=False)
    hear(mark)
    assert standing() == (GiftStatus.CHARGED_BACK, "0.00", "50.00")
    receipt.refresh_from_db()
    assert receipt.state == "void"
    assert [step.about for step in FollowUp.objects.open()] == [Gift.objects.get()]
    mark = acting.cursor()
    acting.close_dispute(opened["id"], won=True)
    hear(mark)
    assert standing() == (GiftStatus.POSTED, "0.00", "0.00")
    assert check_books() == []


def test_a_dispute_that_is_won_changes_nothing(paid: OnlinePayment) -> None:
    mark = acting.cursor()
    acting.close_dispute(acting.dispute(paid.payment_intent)["id"], won=True)
    hear(mark)
    assert standing() == (GiftStatus.POSTED, "0.00", "0.00")
    assert not FollowUp.objects.open().exists()


def test_a_bank_debit_taken_back_after_it_came_is_charged_back(go_to_pay: Callable[..., Checkout]) -> None:
    acting.pay(go_to_pay("50.00").session_id, Outcome.BANK_DEBIT)
    hear(0)
    intent = OnlinePayment.objects.get().payment_intent
    acting.settle_debit(intent)
    mark = acting.cursor()
    acting.dispute(intent)
    hear(mark)
    assert standing() == (GiftStatus.CHARGED_BACK, "0.00", "50.00")
    assert check_books() == []


def test_an_early_fraud_warning_is_a_step_for_tomorrow_once(paid: OnlinePayment) -> None:
    mark = acting.cursor()
    acting.warn(paid.payment_intent)
    hear(mark)
    catch_up()
    assert FraudWarning.objects.get().is_actionable
    assert [(step.due_on - clock.today()).days for step in FollowUp.objects.open()] == [1]


def test_the_payment_follows_a_gift_that_is_adjusted(paid: OnlinePayment) -> None:
    other = make_person(given_name="Iris")
    replacement = adjust_gift(paid.gift, donor=other, by=None, reason="It was her sister’s card")
    refund(paid, "10.00")
    replacement.refresh_from_db()
    assert replacement.refunded_amount == 10
    assert check_books() == []


def test_what_is_left_of_a_partly_refunded_gift_can_be_somebody_elses(paid: OnlinePayment) -> None:
    refund(paid, "10.00")
    replacement = adjust_gift(paid.gift, donor=make_person(given_name="Iris"), by=None, reason="Her sister’s card")
    assert check_books() == []
    refund(paid, "15.00")
    replacement.refresh_from_db()
    assert (replacement.amount, replacement.refunded_amount) == (40, 15)
    assert check_books() == []


def test_the_amount_of_a_gift_paid_online_is_what_was_charged(paid: OnlinePayment) -> None:
    with pytest.raises(AdjustmentError, match="refund the part"):
        adjust_gift(paid.gift, money=Money(Decimal(45), "USD"), by=None, reason="It was meant to be less")
    assert check_books() == []


def test_a_donor_who_is_merged_stays_who_they_are_at_stripe_and_the_undo_puts_it_back(paid: OnlinePayment) -> None:
    """Both are customers at Stripe; what is paid next as either of them is a gift of the one kept."""
    kept, merged = make_person("Ann", "Lee"), paid.gift.donor
    mine = StripeCustomer.objects.create(constituent=kept, customer_id="cus_ann")
    theirs = StripeCustomer.objects.create(constituent=merged, customer_id="cus_anne")
    done = merge(kept, merged, by=None)
    assert {row.customer_id for row in kept.stripe_customers.all()} == {"cus_ann", "cus_anne"}
    assert donor_for(Giver(email="new@example.org", customer_id="cus_anne")) == kept
    assert [checkout.donor for checkout in Checkout.objects.all()] == [kept]
    payments.sync(paid.payment_intent)
    assert Gift.objects.get().donor == kept
    undo_merge(done, by=None)
    for row, whose in ((mine, kept), (theirs, merged)):
        row.refresh_from_db()
        assert row.constituent == whose
    payments.sync(paid.payment_intent)
    assert Gift.objects.get().donor == merged
    assert check_books() == []


def test_a_payment_no_form_asked_for_waits_until_somebody_says_what_it_is(
    paid: OnlinePayment, django_user_model: Any
) -> None:
    user = django_user_model.objects.create_user("treasurer@example.org", "correct horse battery")
    line = {"quantity": 1, "price_data": {"currency": "usd", "unit_amount": 1700, "product_data": {"name": "Shop"}}}
    session = gateway.for_jobs().v1.checkout.sessions.create(
        {"mode": "payment", "line_items": [line], "success_url": "https://shop.example.org/"},
        {"idempotency_key": "shop-17"},
    )
    acting.pay(session.id, Outcome.PAY)
    catch_up()
    found = OnlinePayment.objects.unmatched().get()
    assert found.money.plain == "17.00"
    gift = unmatched.make_gift(found, donor=make_person(), allocations=None, by=user, reason="A donation at the stall")
    assert (gift.status, gift.money.plain) == (GiftStatus.POSTED, "17.00")
    assert not OnlinePayment.objects.unmatched().exists()
    with pytest.raises(unmatched.UnmatchedError):
        unmatched.set_aside(found, by=user, reason="Again")
    assert check_books() == []


def test_catching_up_finds_what_no_webhook_brought(go_to_pay: Callable[..., Checkout]) -> None:
    acting.pay(go_to_pay("50.00").session_id, Outcome.PAY)
    acting.book_fees()
    report = catch_up()
    assert report.failed == []
    intent = OnlinePayment.objects.get().payment_intent
    acting.refund_at_stripe(intent, amount=1000)
    catch_up()
    assert standing() == (GiftStatus.PARTLY_REFUNDED, "10.00", "0.00")
    assert catch_up().events == 0
    assert check_books() == []


def test_a_charge_whose_events_are_long_forgotten_is_found_in_the_balance(go_to_pay: Callable[..., Checkout]) -> None:
    acting.pay(go_to_pay("50.00").session_id, Outcome.PAY)
    acting.book_fees()
    FakeObject.objects.filter(kind="event").delete()
    catch_up()
    assert standing() == (GiftStatus.POSTED, "0.00", "0.00")
