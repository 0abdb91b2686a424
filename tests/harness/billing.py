"""Recurring gifts over the double: the real SDK, the real handlers, the real verbs."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from core.money import Money
from donations.models import Fund, RecurringGift
from donations.promises.schedule import Frequency
from donations.stripe import checkout as checkouts
from donations.stripe.donors import Giver
from donations.stripe.events import handler_for, object_id
from donations.stripe.fake import acting
from tests.factories.donations import make_fund

BACK = "https://give.example.org/give/back/"


@pytest.fixture
def hear(db: None) -> Callable[..., None]:
    """`hear()` handles all that happened since it was last called, in the order given, each event `times` times."""
    mark = acting.cursor()

    def hear_(order: str = "sent", *, times: int = 1, seed: int = 0) -> None:
        nonlocal mark
        happened = acting.events(mark) * times
        mark = acting.cursor()
        if order == "reversed":
            happened.reverse()
        elif order == "shuffled":
            random.Random(seed).shuffle(happened)
        for event in happened:
            handler = handler_for(event["type"])
            if handler is not None:
                handler(object_id(event))

    return hear_


@pytest.fixture
def sign_up(settings: Any, db: None) -> Callable[..., RecurringGift]:
    """`sign_up("25")` is a donor who sets up a gift every month and pays the first by card; nobody has heard yet."""
    settings.STRIPE_DEMO = True

    def set_up(amount: str = "25", *, outcome: str = "pay", frequency: Frequency | None = None) -> RecurringGift:
        if not Fund.objects.filter(is_default=True).exists():
            make_fund("General fund", is_default=True)
        checkout = checkouts.prepare_recurring(
            token=uuid.uuid4(),
            giver=Giver(given_name="Ada", family_name="Moreau", email="ada@example.org"),
            money=Money(Decimal(amount), "USD"),
            frequency=frequency or Frequency(),
            by=None,
        )
        checkouts.begin(checkout, return_url=BACK, cancel_url=BACK)
        checkout.refresh_from_db()
        assert checkout.session_id is not None
        acting.pay(checkout.session_id, outcome)
        assert checkout.recurring is not None
        return checkout.recurring

    return set_up
