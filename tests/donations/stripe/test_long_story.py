"""A year of online giving, heard of while it happens: in any order, in part and more than once; then lists are read."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constituents.models import FollowUp
from core.mail.models import Message
from core.money import Money
from donations.models import (
    BalanceLine,
    Checkout,
    FailedCharge,
    Gift,
    GiftStatus,
    OnlinePayment,
    Payout,
    RecurringGift,
    StripeEvent,
    StripeSubscription,
)
from donations.promises.schedule import Frequency
from donations.services.books import check_books
from donations.stripe import checkout as checkouts
from donations.stripe.catching_up import catch_up
from donations.stripe.donors import Giver
from donations.stripe.events import handler_for, object_id
from donations.stripe.fake import acting
from donations.stripe.fake.acting import Outcome
from donations.stripe.fake.store import Thing
from tests.donations.stripe.conftest import CANCEL, RETURN
from tests.donations.stripe.test_orders import undone
from tests.harness.examples import drawn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("online")]

GoToPay = Callable[..., Checkout]


def a_year(go_to_pay: GoToPay) -> Iterator[object]:
    """Let it happen at Stripe, one thing after another."""
    by_card, by_debit, returned = go_to_pay("60.00"), go_to_pay("80.00"), go_to_pay("90.00")
    yield acting.pay(by_card.session_id, Outcome.DECLINE)
    yield acting.pay(by_card.session_id, Outcome.PAY)
    yield acting.pay(by_debit.session_id, Outcome.BANK_DEBIT)
    yield acting.pay(returned.session_id, Outcome.BANK_DEBIT)
    yield acting.settle_debit(_intent_of(by_debit))
    yield acting.return_debit(_intent_of(returned))
    yield acting.book_fees()
    yield acting.refund_at_stripe(_intent_of(by_card), amount=1000)
    yield acting.refund_at_stripe(_intent_of(by_card), amount=1000)
    disputed = go_to_pay("70.00")
    yield acting.pay(disputed.session_id, Outcome.PAY)
    yield acting.warn(_intent_of(disputed))
    dispute = acting.dispute(_intent_of(disputed))
    yield dispute
    yield acting.close_dispute(dispute["id"], won=False)
    subscription = _monthly("15.00")
    yield subscription
    yield acting.renew(subscription)
    missed = acting.renew(subscription, succeed=False)
    yield missed
    yield acting.retry(missed["id"])
    yield acting.book_fees()
    yield acting.payout("usd")


def _intent_of(checkout: Checkout) -> str:
    metadata = str(checkout.uuid)
    objects = (one["data"]["object"] for one in acting.events() if one["type"].startswith("payment_intent."))
    return next(one["id"] for one in objects if one["metadata"].get("checkout") == metadata)


def _monthly(amount: str) -> str:
    checkout = checkouts.prepare_recurring(
        token=uuid.uuid4(),
        giver=Giver(given_name="Iris", family_name="Vega", email="iris@example.org"),
        money=Money(Decimal(amount), "USD"),
        frequency=Frequency(),
        by=None,
    )
    checkouts.begin(checkout, return_url=RETURN, cancel_url=CANCEL)
    acting.pay(Checkout.objects.get(pk=checkout.pk).session_id, Outcome.PAY)
    made = (one["data"]["object"] for one in acting.events() if one["type"] == "customer.subscription.created")
    return next(iter(made))["id"]


def books() -> tuple[Any, ...]:
    """What is in the books in the end, whatever was heard of on the way."""
    return (
        sorted(
            Gift.objects.values_list("amount", "status", "refunded_amount", "charged_back_amount", "method", "source")
        ),
        sorted(OnlinePayment.objects.values_list("amount", "status", "fee", "refunded_minor")),
        sorted(Checkout.objects.values_list("mode", "state", "gift__amount")),
        [*RecurringGift.objects.values_list("status", "amount", "next_due_on")],
        [*StripeSubscription.objects.values_list("status")],
        FailedCharge.objects.open().count(),
        sorted(FollowUp.objects.values_list("subject", "state")),
        [*Message.objects.filter(template="payment_failed").values_list("to")],
        [*Payout.objects.values_list("amount", "status", "lines__kind").order_by("lines__kind", "lines__gross_minor")],
        sorted(BalanceLine.objects.values_list("type", "gross_minor", "fee_minor")),
    )


def hear(events: list[Thing]) -> None:
    """Have each looked at, as a worker would; even half-way nothing counts that is not paid."""
    for event in events:
        if handler := handler_for(event["type"]):
            handler(object_id(event))
    assert not OnlinePayment.objects.filter(gift__posted_at__isnull=False).exclude(status="succeeded").exists()


def test_whatever_is_heard_in_whatever_order_the_books_end_the_same(go_to_pay: GoToPay) -> None:
    with undone():
        for _happened in a_year(go_to_pay):
            pass
        assert catch_up().failed == []
        expected = books()
        assert check_books() == []
    gifts = [gift[:4] for gift in expected[0]]
    assert (Decimal(60), GiftStatus.PARTLY_REFUNDED, Decimal(20), Decimal(0)) in gifts
    assert (Decimal(70), GiftStatus.CHARGED_BACK, Decimal(0), Decimal(70)) in gifts
    assert (Decimal(80), GiftStatus.POSTED, Decimal(0), Decimal(0)) in gifts
    assert (Decimal(90), GiftStatus.CANCELLED, Decimal(0), Decimal(0)) in gifts
    assert gifts.count((Decimal(15), GiftStatus.POSTED, Decimal(0), Decimal(0))) == 3

    which = st.lists(st.integers(0, 200), max_size=3)

    @drawn(2)
    @given(st.lists(which, min_size=21, max_size=21))
    def live_through(heard: list[list[int]]) -> None:
        """After each thing that happens some of all the events so far are heard of: new ones, old ones, most never."""
        with undone():
            for chosen, _happened in zip(heard, a_year(go_to_pay), strict=False):
                so_far = acting.events()
                hear([so_far[-1 - number % len(so_far)] for number in chosen])
            assert catch_up().failed == []
            assert books() == expected
            assert check_books() == []
            assert not StripeEvent.objects.failed().exists()

    live_through()
