"""A one-time gift, from the form to the books."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings

from core import clock
from core.mail.models import Message
from core.money import Money
from donations.models import (
    Checkout,
    CheckoutState,
    Gift,
    GiftStatus,
    Method,
    OnlinePayment,
    ReceiptWith,
    StripeEvent,
    ThankYouTemplate,
)
from donations.models.demo_stripe import FakeObject, FaultKind
from donations.services.books import check_books
from donations.services.receipts import issue_receipt
from donations.stripe import checkout as checkouts
from donations.stripe import inbox
from donations.stripe.checkout import Settled
from donations.stripe.fake import acting, faults
from donations.stripe.fake.acting import Outcome
from donations.thanks.mailing import thank_at_once
from tests.donations.stripe.conftest import CANCEL, RETURN, post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("online")]

GoToPay = Callable[..., Checkout]


def hear_of_everything(mark: int = 0) -> None:
    """Let the webhook get every event, and the worker handle each."""
    for event in acting.events(mark):
        assert post(event) == 200
    for event in StripeEvent.objects.order_by("received_at", "pk"):
        assert inbox.handle(event).error == ""


def sessions() -> int:
    return FakeObject.objects.filter(kind="checkout.session").count()


def test_a_card_payment_becomes_a_gift_in_the_books(go_to_pay: GoToPay) -> None:
    checkout = go_to_pay("25.00")
    acting.pay(checkout.session_id, Outcome.PAY)
    assert checkouts.settle(checkout) is Settled.PAID
    gift = Gift.objects.get()
    assert (gift.status, gift.method, gift.money.plain) == (GiftStatus.POSTED, Method.CARD, "25.00")
    payment = OnlinePayment.objects.get()
    assert (payment.gift, payment.amount_minor, payment.is_paid) == (gift, 2500, True)
    assert Checkout.objects.get().state == CheckoutState.COMPLETE
    assert check_books() == []


def test_the_fee_arrives_later_and_the_gift_counts_once(go_to_pay: GoToPay) -> None:
    acting.pay(go_to_pay().session_id, Outcome.PAY)
    hear_of_everything()
    acting.book_fees()
    hear_of_everything()
    payment = OnlinePayment.objects.get()
    assert payment.fee is not None
    assert payment.fee > 0
    assert payment.net == payment.amount - payment.fee
    assert Gift.objects.get().entries.count() == 1


def test_a_declined_card_leaves_the_page_open_and_can_be_tried_again(go_to_pay: GoToPay) -> None:
    checkout = go_to_pay()
    acting.pay(checkout.session_id, Outcome.DECLINE)
    hear_of_everything()
    assert checkouts.settle(checkout) is Settled.OPEN
    assert Gift.objects.get().status == GiftStatus.PENDING
    acting.pay(checkout.session_id, Outcome.PAY)
    hear_of_everything()
    assert checkouts.settle(checkout) is Settled.PAID
    assert check_books() == []


def test_a_bank_debit_is_processing_and_counts_only_when_the_money_is_here(go_to_pay: GoToPay) -> None:
    checkout = go_to_pay()
    acting.pay(checkout.session_id, Outcome.BANK_DEBIT)
    hear_of_everything()
    assert checkouts.settle(checkout) is Settled.PROCESSING
    assert Gift.objects.get().status == GiftStatus.PENDING
    acting.settle_debit(OnlinePayment.objects.get().payment_intent)
    hear_of_everything()
    gift = Gift.objects.get()
    assert (gift.status, gift.method) == (GiftStatus.POSTED, Method.BANK_DEBIT)


def test_a_bank_debit_that_fails_is_given_up_and_the_donor_is_told_once(go_to_pay: GoToPay) -> None:
    checkout = go_to_pay()
    acting.pay(checkout.session_id, Outcome.BANK_DEBIT)
    hear_of_everything()
    acting.return_debit(OnlinePayment.objects.get().payment_intent)
    hear_of_everything()
    hear_of_everything()
    assert checkouts.settle(checkout) is Settled.FAILED
    assert Gift.objects.get().status == GiftStatus.CANCELLED
    letters = Message.objects.filter(template="payment_failed")
    assert [letter.to for letter in letters] == ["ada@example.org"]
    assert f"{settings.BASE_URL}/give/" in letters[0].text  # not by the name the request came under
    # The same form again: another page for the same gift.
    checkouts.begin(checkout, return_url=RETURN, cancel_url=CANCEL)
    again = Checkout.objects.get()
    assert (again.attempt, again.gift.status) == (2, GiftStatus.PENDING)
    acting.pay(again.session_id, Outcome.PAY)
    hear_of_everything()
    assert Gift.objects.get().status == GiftStatus.POSTED
    assert check_books() == []


def test_a_page_that_expired_gives_the_gift_up(go_to_pay: GoToPay, time_machine: Any) -> None:
    checkout = go_to_pay()
    time_machine.move_to(clock.now() + dt.timedelta(hours=3))
    assert checkouts.settle(checkout) is Settled.OPEN
    assert Gift.objects.get().status == GiftStatus.CANCELLED
    assert Checkout.objects.get().state == CheckoutState.EXPIRED


def test_the_same_form_sent_again_meets_the_same_gift_and_page(go_to_pay: GoToPay) -> None:
    token = uuid.uuid4()
    first, second = go_to_pay(token=token), go_to_pay(token=token)
    assert (first.pk, first.url) == (second.pk, second.url)
    assert (Gift.objects.count(), sessions()) == (1, 1)


def test_a_form_that_was_changed_asks_for_the_new_amount(go_to_pay: GoToPay) -> None:
    token = uuid.uuid4()
    go_to_pay("25.00", token=token)
    checkout = go_to_pay("40.00", token=token)
    acting.pay(checkout.session_id, Outcome.PAY)
    hear_of_everything()
    posted = Gift.objects.get(status=GiftStatus.POSTED)
    assert posted.money.plain == "40.00"
    assert Gift.objects.exclude(pk=posted.pk).get().status == GiftStatus.CANCELLED


def test_paying_on_the_page_that_was_left_behind_is_a_gift_too(go_to_pay: GoToPay) -> None:
    token = uuid.uuid4()
    before = go_to_pay("25.00", token=token)
    go_to_pay("40.00", token=token)
    acting.pay(before.session_id, Outcome.PAY)
    hear_of_everything()
    assert [gift.money.plain for gift in Gift.objects.filter(status=GiftStatus.POSTED)] == ["25.00"]
    assert check_books() == []


@pytest.mark.parametrize("kind", [FaultKind.TIMEOUT, FaultKind.SERVER_ERROR, FaultKind.RATE_LIMIT])
def test_a_page_asked_for_again_after_a_failure_is_one_page(
    fill_form: Callable[..., Checkout], kind: FaultKind
) -> None:
    checkout = fill_form()
    faults.commit(kind, path="/v1/checkout/sessions")
    with pytest.raises(checkouts.StripeUnavailableError):
        checkouts.begin(checkout, return_url=RETURN, cancel_url=CANCEL)
    checkouts.begin(checkout, return_url=RETURN, cancel_url=CANCEL)
    assert sessions() == 1
    acting.pay(Checkout.objects.get().session_id, Outcome.PAY)
    hear_of_everything()
    assert Money(Gift.objects.get().left.amount, "USD").plain == "25.00"


def test_a_page_whose_address_we_never_heard_is_found_by_its_events(fill_form: Callable[..., Checkout]) -> None:
    checkout = fill_form()
    faults.commit(FaultKind.TIMEOUT, path="/v1/checkout/sessions")
    with pytest.raises(checkouts.StripeUnavailableError):
        checkouts.begin(checkout, return_url=RETURN, cancel_url=CANCEL)
    made = FakeObject.objects.get(kind="checkout.session").stripe_id
    acting.pay(made, Outcome.PAY)
    hear_of_everything()
    assert checkouts.settle(checkout) is Settled.PAID
    assert Checkout.objects.get().session_id == made


def test_a_receipt_over_test_money_is_a_specimen_in_a_series_of_its_own(go_to_pay: GoToPay) -> None:
    acting.pay(go_to_pay().session_id, Outcome.PAY)
    hear_of_everything()
    receipt = issue_receipt(Gift.objects.get(), by=None)
    assert (receipt.series, receipt.serial[0], receipt.snapshot["specimen"]) == ("T", "T", True)


def test_the_donor_is_thanked_at_once_with_the_receipt(go_to_pay: GoToPay) -> None:
    ThankYouTemplate.objects.create(
        name="Online", language="en", words="Dear {name}, thank you.", email_at_once=True, receipt=ReceiptWith.ENCLOSED
    )
    acting.pay(go_to_pay().session_id, Outcome.PAY)
    hear_of_everything()
    thank_at_once.call(Gift.objects.get().pk)
    thank_at_once.call(Gift.objects.get().pk)
    letter = Message.objects.get(template="thanks")
    assert letter.to == "ada@example.org"
    assert letter.attachments.count() == 1
