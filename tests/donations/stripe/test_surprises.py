"""What nobody here asked for: closed funds, forms that are put right, and what others do in the account at Stripe."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from core import clock
from donations.campaigns.closing import close_fund
from donations.models import (
    Checkout,
    Gift,
    GiftStatus,
    StripeCustomer,
    StripeEvent,
)
from donations.models.demo_stripe import FakeObject
from donations.services.books import check_books
from donations.stripe import checkout as checkouts
from donations.stripe import inbox
from donations.stripe.donors import Giver
from donations.stripe.fake import acting
from donations.stripe.fake.acting import Outcome
from tests.donations.stripe.conftest import CANCEL, RETURN, post
from tests.factories.donations import make_fund

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("online")]

GoToPay = Callable[..., Checkout]


def hear() -> None:
    """Let the webhook get every event, and the worker handle each."""
    for event in acting.events():
        assert post(event) == 200
    for event in StripeEvent.objects.order_by("received_at", "pk"):
        assert inbox.handle(event).error == ""


def test_what_is_paid_after_the_last_day_of_its_fund_still_goes_there(go_to_pay: GoToPay, time_machine: Any) -> None:
    make_fund("General fund", is_default=True)
    roof = make_fund("Roof")
    midnight = clock.start_of_day(clock.today() + dt.timedelta(days=1))
    time_machine.move_to(midnight - dt.timedelta(minutes=10))
    checkout = go_to_pay("25.00", allocations=[(roof, Decimal("25.00"))])
    close_fund(roof, by=None, closes_on=clock.today(), reason="The roof is done")
    time_machine.move_to(midnight + dt.timedelta(minutes=10))
    acting.pay(checkout.session_id, Outcome.PAY)
    hear()
    gift = Gift.objects.get()
    assert (gift.status, gift.fund_names) == (GiftStatus.POSTED, "Roof")
    assert check_books() == []


def test_a_form_put_right_before_it_was_paid_is_of_who_it_says_now(go_to_pay: GoToPay) -> None:
    token = uuid.uuid4()
    go_to_pay(token=token, giver=Giver(given_name="Ada", family_name="Moreau", email="ada@exmaple.org"))
    checkout = go_to_pay(token=token, giver=Giver(given_name="Ada", family_name="Moreau", email="ada@example.org"))
    assert checkout.email == "ada@example.org"
    assert checkout.request["customer_email"] == "ada@example.org"
    acting.pay(checkout.session_id, Outcome.PAY)
    hear()
    gift = Gift.objects.get(status=GiftStatus.POSTED)
    assert gift.donor.primary_email == "ada@example.org"


def test_another_amount_with_another_address_is_written_to_the_new_one(go_to_pay: GoToPay) -> None:
    token = uuid.uuid4()
    go_to_pay("25.00", token=token)
    giver = Giver(given_name="Ada", family_name="Moreau", email="ada@new.example.org")
    assert go_to_pay("40.00", token=token, giver=giver).email == "ada@new.example.org"


def test_a_customer_deleted_at_stripe_hinders_nobody_from_giving(go_to_pay: GoToPay, fill_form: Any) -> None:
    checkout = fill_form()
    StripeCustomer.objects.create(constituent=checkout.donor, customer_id="cus_deleted")
    address = checkouts.begin(checkout, return_url=RETURN, cancel_url=CANCEL, is_signed_in=True)
    assert FakeObject.objects.filter(kind="checkout.session").count() == 1
    checkout.refresh_from_db()
    assert address == checkout.url
    assert checkout.request["customer_email"] == "ada@example.org"
