"""Many at once, on both databases. Each race has a control that shows it really happens without our lock."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db.models import Sum

from core import clock
from core.money import Money
from donations.errors import OnlineGivingError
from donations.models import (
    Checkout,
    EntryKind,
    Gift,
    GiftStatus,
    LedgerEntry,
    OnlinePayment,
    OnlineRefund,
    StripeEvent,
)
from donations.models.demo_stripe import FakeObject
from donations.services.books import check_books
from donations.stripe import checkout as checkouts
from donations.stripe import inbox
from donations.stripe.events import handler_for
from donations.stripe.fake import acting
from donations.stripe.fake.acting import Outcome
from donations.stripe.refunding import ask_refund, refundable, send_refund
from donations.stripe.syncing import payments
from tests.donations.stripe.conftest import CANCEL, RETURN, post

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("online")]

ONE = Money(Decimal(1), "USD")


@pytest.fixture
def paid(go_to_pay: Callable[..., Checkout]) -> OnlinePayment:
    """A gift of 12.00, paid by card and in the books."""
    acting.pay(go_to_pay("12.00").session_id, Outcome.PAY)
    return payments.sync(FakeObject.objects.get(kind="payment_intent").stripe_id)


def test_twenty_refunds_at_once_give_back_no_more_than_was_paid(run_together: Callable, paid: OnlinePayment) -> None:
    def refund(_number: int) -> Any:
        asked = ask_refund(paid, money=ONE, by=None, reason="All at once")
        send_refund.call(asked.pk)
        return asked

    outcomes = run_together(20, refund)
    assert len([outcome for outcome in outcomes if outcome.value]) == 12
    assert all(isinstance(outcome.error, OnlineGivingError) for outcome in outcomes if outcome.error)
    assert FakeObject.objects.filter(kind="refund").count() == 12
    gift = Gift.objects.get()
    assert (gift.status, gift.refunded_amount) == (GiftStatus.REFUNDED, Decimal(12))
    assert check_books() == []


def test_control_without_the_lock_more_is_asked_back_than_was_paid(run_together: Callable, paid: OnlinePayment) -> None:
    everyone_has_looked = Barrier(20)

    def refund(_number: int) -> None:
        left = refundable(paid)
        everyone_has_looked.wait(timeout=30)
        assert left >= ONE
        details = {"amount": 1, "amount_minor": 100, "currency": "USD", "reason": "Unlocked", "asked_at": clock.now()}
        OnlineRefund.objects.create(payment=paid, **details)

    run_together(20, refund)
    assert OnlineRefund.objects.aggregate(total=Sum("amount"))["total"] > paid.amount


def test_the_same_event_many_times_at_once_is_one_gift(run_together: Callable, go_to_pay: Callable) -> None:
    acting.pay(go_to_pay("12.00").session_id, Outcome.PAY)
    (happened,) = [one for one in acting.events() if one["type"] == "payment_intent.succeeded"]

    def hear(_number: int) -> int:
        status = post(happened)
        inbox.handle(StripeEvent.objects.get(pk=happened["id"]))
        return status

    outcomes = run_together(8, hear)
    assert [outcome.value for outcome in outcomes] == [200] * 8
    assert StripeEvent.objects.get().error == ""
    assert LedgerEntry.objects.count() == 1
    assert check_books() == []


def test_the_webhook_and_the_donor_who_comes_back_at_one_moment_are_one_gift(
    run_together: Callable, go_to_pay: Callable
) -> None:
    checkout = go_to_pay("12.00")
    acting.pay(checkout.session_id, Outcome.PAY)
    happened = [one for one in acting.events() if handler_for(one["type"])]
    for one in happened:
        assert post(one) == 200

    def look(number: int) -> Any:
        if number % 2:
            return checkouts.settle(checkout)
        return inbox.handle(StripeEvent.objects.get(pk=happened[number // 2 % len(happened)]["id"])).error

    outcomes = run_together(8, look)
    assert [outcome.value for outcome in outcomes] == ["", checkouts.Settled.PAID] * 4
    assert LedgerEntry.objects.count() == OnlinePayment.objects.count() == 1
    assert Checkout.objects.get().state == "complete"
    assert check_books() == []


def test_control_webhook_and_return_page_both_find_it_unpaid_and_each_would_enter_it(
    run_together: Callable, go_to_pay: Callable
) -> None:
    checkout = go_to_pay("12.00")
    acting.pay(checkout.session_id, Outcome.PAY)
    (happened,) = [one for one in acting.events() if one["type"] == "checkout.session.completed"]
    assert post(happened) == 200
    everyone_has_looked = Barrier(2)

    def look(by_the_webhook: int) -> None:
        if by_the_webhook:
            is_news = StripeEvent.objects.get(pk=happened["id"]).handled_at is None
        else:
            is_news = Checkout.objects.get(pk=checkout.pk).state == "open"
        everyone_has_looked.wait(timeout=30)
        assert is_news
        enter_it(Gift.objects.get())

    run_together(2, look)
    assert LedgerEntry.objects.filter(gift__amount=12).count() == 2


def enter_it(gift: Gift) -> LedgerEntry:
    """Put a gift in the books as whoever has only looked would."""
    return LedgerEntry.objects.create(
        gift=gift,
        fund=gift.allocations.get().fund,
        donor=gift.donor,
        kind=EntryKind.POSTED,
        amount=gift.amount,
        currency=gift.currency,
        base_amount=gift.base_amount,
        effective_on=gift.received_on,
        recorded_at=clock.now(),
    )


def test_two_who_press_refund_at_once_are_two_refunds_and_one_form_sent_twice_is_one(
    run_together: Callable, paid: OnlinePayment
) -> None:
    forms = [uuid.uuid4(), uuid.uuid4()]

    def press(number: int) -> Any:
        asked = ask_refund(paid, money=ONE, by=None, reason="Pressed", token=forms[number % 2])
        send_refund.call(asked.pk)
        return asked

    outcomes = run_together(8, press)
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    assert OnlineRefund.objects.count() == FakeObject.objects.filter(kind="refund").count() == 2
    assert Gift.objects.get().refunded_amount == 2
    assert check_books() == []


def test_control_a_look_for_the_form_without_the_lock_finds_nobody(run_together: Callable, paid: OnlinePayment) -> None:
    everyone_has_looked = Barrier(4)

    def press(_number: int) -> None:
        is_new = not paid.refunds.filter(reason="Pressed").exists()
        everyone_has_looked.wait(timeout=30)
        assert is_new
        details = {"amount": 1, "amount_minor": 100, "currency": "USD", "reason": "Pressed", "asked_at": clock.now()}
        OnlineRefund.objects.create(payment=paid, **details)

    run_together(4, press)
    assert OnlineRefund.objects.count() == 4


def test_control_without_the_row_of_the_payment_each_of_them_would_enter_it(run_together: Callable, paid: Any) -> None:
    everyone_has_looked = Barrier(8)

    def enter(_number: int) -> None:
        is_new = not OnlinePayment.objects.filter(payment_intent="pi_unlocked").exists()
        everyone_has_looked.wait(timeout=30)
        assert is_new
        enter_it(paid.gift)

    run_together(8, enter)
    assert LedgerEntry.objects.count() == 9


def test_a_form_sent_many_times_at_once_is_one_gift_and_one_page(run_together: Callable, fill_form: Callable) -> None:
    token = uuid.uuid4()
    fill_form("5.00")  # somebody else's, so that the fund is there

    def send(_number: int) -> str:
        return checkouts.begin(fill_form("12.00", token=token), return_url=RETURN, cancel_url=CANCEL)

    outcomes = run_together(6, send)
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    assert len({outcome.value for outcome in outcomes}) == 1
    assert Gift.objects.filter(amount=12).count() == 1
    assert FakeObject.objects.filter(kind="checkout.session").count() == 1
