"""A year of online giving, heard of in any order, in part and more than once; then Stripe's own lists are read."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.money import Money
from donations.models import Checkout, Gift, GiftStatus, OnlinePayment
from donations.promises.schedule import Frequency, Unit
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

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("online")]


@pytest.fixture
def story(go_to_pay: Callable[..., Checkout]) -> list[Thing]:
    """What happens at Stripe while nobody here listens; returns the events of it."""
    by_card, by_debit, returned = go_to_pay("60.00"), go_to_pay("80.00"), go_to_pay("90.00")
    acting.pay(by_card.session_id, Outcome.DECLINE)
    acting.pay(by_card.session_id, Outcome.PAY)
    card = _intent_of(by_card)
    for checkout in (by_debit, returned):
        acting.pay(checkout.session_id, Outcome.BANK_DEBIT)
    acting.settle_debit(_intent_of(by_debit))
    acting.return_debit(_intent_of(returned))
    for _ in range(2):
        acting.refund_at_stripe(card, amount=1000)
    disputed = go_to_pay("70.00")
    acting.pay(disputed.session_id, Outcome.PAY)
    acting.warn(_intent_of(disputed))
    acting.close_dispute(acting.dispute(_intent_of(disputed))["id"], won=False)
    subscription = _monthly("15.00")
    acting.renew(subscription)
    missed = acting.renew(subscription, succeed=False)
    acting.retry(missed["id"])
    acting.book_fees()
    acting.payout("usd")
    return acting.events()


def _intent_of(checkout: Checkout) -> str:
    metadata = str(checkout.uuid)
    objects = (one["data"]["object"] for one in acting.events() if one["type"].startswith("payment_intent."))
    return next(one["id"] for one in objects if one["metadata"].get("checkout") == metadata)


def _monthly(amount: str) -> str:
    checkout = checkouts.prepare_recurring(
        token=uuid.uuid4(),
        giver=Giver(given_name="Iris", family_name="Vega", email="iris@example.org"),
        money=Money(Decimal(amount), "USD"),
        frequency=Frequency(1, Unit.MONTH),
        by=None,
    )
    checkouts.begin(checkout, return_url=RETURN, cancel_url=CANCEL)
    acting.pay(Checkout.objects.get(pk=checkout.pk).session_id, Outcome.PAY)
    made = (one["data"]["object"] for one in acting.events() if one["type"] == "customer.subscription.created")
    return next(iter(made))["id"]


def test_whatever_is_heard_in_whatever_order_the_books_end_the_same(story: list[Thing]) -> None:
    with undone():
        assert catch_up().failed == []
        expected = _books_by_amount()
        assert check_books() == []
    assert (Decimal(60), GiftStatus.PARTLY_REFUNDED, Decimal(20), Decimal(0)) in expected
    assert (Decimal(70), GiftStatus.CHARGED_BACK, Decimal(0), Decimal(70)) in expected
    assert (Decimal(80), GiftStatus.POSTED, Decimal(0), Decimal(0)) in expected
    assert (Decimal(90), GiftStatus.CANCELLED, Decimal(0), Decimal(0)) in expected
    assert expected.count((Decimal(15), GiftStatus.POSTED, Decimal(0), Decimal(0))) == 3

    heard = [event for event in story if handler_for(event["type"])]

    @settings(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.sampled_from(heard), max_size=8))
    def hear(events: list[Thing]) -> None:
        with undone():
            for event in events:
                handler_for(event["type"])(object_id(event))
                assert check_books_of_money() == []
            assert catch_up().failed == []
            assert _books_by_amount() == expected
            assert check_books() == []

    hear()


def _books_by_amount() -> list[tuple[Any, ...]]:
    return sorted(Gift.objects.values_list("amount", "status", "refunded_amount", "charged_back_amount"))


def check_books_of_money() -> list[OnlinePayment]:
    """What must hold even half-way: nothing that is not paid counts."""
    return list(OnlinePayment.objects.filter(gift__posted_at__isnull=False).exclude(status="succeeded"))
