"""`make sandbox`: what Steward asks of Stripe, asked of Stripe's own sandbox with a test key; needs the network.

Nobody clicks on Stripe's payment page here: payments are made with Stripe's test cards through its API, and everything
after that is Steward's own reading. docs/handbook/operators.md says what this proves, and what only people can.
"""

from __future__ import annotations

import datetime as dt
import os
import uuid
from decimal import Decimal
from typing import Any

import pytest
import stripe

from core import clock
from core.money import Money
from donations.models import BalanceLine, Checkout, Gift, GiftStatus, OnlinePayment
from donations.services.books import check_books
from donations.stripe import checkout as checkouts
from donations.stripe import gateway
from donations.stripe.donors import Giver
from donations.stripe.refunding import ask_refund, send_refund
from donations.stripe.syncing import payments, payouts
from tests.factories.donations import make_fund

pytestmark = pytest.mark.django_db
RETURN, CANCEL = "https://give.example.org/give/back/", "https://give.example.org/give/"
ADA = Giver(given_name="Ada", family_name="Moreau", email="ada@example.org")


@pytest.fixture(autouse=True)
def _sandbox(settings: Any) -> None:
    """The key of whoever runs this; a live one is refused."""
    key = os.environ.get("STRIPE_SECRET_KEY", "")
    assert key.startswith(("sk_test_", "rk_test_")), "Set STRIPE_SECRET_KEY to a test key: sk_test_..."
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = key, ""
    make_fund("General fund", is_default=True)


def fill_form(amount: str) -> Checkout:
    """What the giving page does with a form."""
    return checkouts.prepare_gift(token=uuid.uuid4(), giver=ADA, money=Money(Decimal(amount), "USD"), by=None)


def pay(checkout: Checkout, card: str = "pm_card_visa") -> str:
    """Pay what a form asked for with one of Stripe's test cards; return the id of the payment."""
    gift = checkout.gift
    assert gift is not None
    intent = gateway.for_jobs().v1.payment_intents.create(
        {
            "amount": int(gift.amount * 100),
            "currency": gift.currency.lower(),
            "payment_method": card,
            "confirm": True,
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
            "metadata": {"gift": str(gift.uuid), "checkout": str(checkout.uuid)},
        },
        {"idempotency_key": f"sandbox-{checkout.uuid}"},
    )
    return intent.id


def gift_of(payment_intent: str) -> Gift:
    """Read a payment at Stripe, and return the gift it is."""
    payment = payments.sync(payment_intent)
    assert payment is not None
    assert payment.gift is not None
    return Gift.objects.get(pk=payment.gift.pk)


def test_a_payment_page_is_made_once_a_form() -> None:
    checkout = fill_form("25.00")
    first = checkouts.begin(checkout, return_url=RETURN, cancel_url=CANCEL)
    assert first.startswith("https://checkout.stripe.com/")
    assert checkouts.begin(checkout, return_url=RETURN, cancel_url=CANCEL) == first


def test_a_card_that_is_good_makes_a_gift_with_its_fee_and_its_line() -> None:
    since = clock.now() - dt.timedelta(minutes=5)
    gift = gift_of(pay(fill_form("40.00")))
    assert (gift.status, gift.money) == (GiftStatus.POSTED, Money(Decimal(40), "USD"))
    payouts.read_balance(since=since)
    payment = OnlinePayment.objects.get(gift=gift)
    line = BalanceLine.objects.get(source_id=payment.charge_id)
    assert payment.fee is None or payment.fee == line.fee
    assert check_books() == []


def test_a_card_that_is_declined_makes_none() -> None:
    with pytest.raises(stripe.CardError):
        pay(fill_form("15.00"), "pm_card_chargeDeclined")
    assert not Gift.objects.filter(status=GiftStatus.POSTED).exists()


def test_two_equal_refunds_are_two() -> None:
    gift = gift_of(pay(fill_form("30.00")))
    payment = OnlinePayment.objects.get(gift=gift)
    for _ in range(2):
        refund = ask_refund(payment, money=Money(Decimal(10), "USD"), by=None, reason="Meant to give less")
        send_refund.call(refund.pk)
        send_refund.call(refund.pk)
    gift.refresh_from_db()
    assert (gift.status, gift.refunded_amount) == (GiftStatus.PARTLY_REFUNDED, Decimal(20))
    assert check_books() == []


def test_a_disputed_payment_has_its_dispute() -> None:
    intent = pay(fill_form("20.00"), "pm_card_createDispute")
    payment = payments.sync(intent, hint="dispute")
    assert payment is not None
    assert payment.disputes.count() == 1
    assert gift_of(intent).status == GiftStatus.POSTED, "a gift counts until its dispute is lost"
