"""Online giving over the double: the real SDK, the real webhook, the real verbs."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from core.money import Money
from donations.models import Checkout
from donations.stripe import checkout as checkouts
from donations.stripe import mode
from donations.stripe.donors import Giver
from donations.stripe.fake.events import signed
from tests.factories.donations import make_fund
from tests.harness.billing import hear, sign_up

__all__ = ["hear", "sign_up"]

RETURN, CANCEL = "https://give.example.org/give/back/", "https://give.example.org/give/"


@pytest.fixture
def online(settings: Any, organisation: Any) -> None:
    """Giving online is on, and the double plays Stripe."""
    settings.STRIPE_DEMO = True


@pytest.fixture
def fill_form(online: None) -> Callable[..., Checkout]:
    """`fill_form("25.00")` is what the giving page does with a form: it prepares a gift, once a token."""

    def fill(amount: str = "25.00", *, token: uuid.UUID | None = None, **more: Any) -> Checkout:
        make_fund("General fund", is_default=True) if not _has_fund() else None
        giver = more.pop("giver", Giver(given_name="Ada", family_name="Moreau", email="ada@example.org"))
        token = token or uuid.uuid4()
        return checkouts.prepare_gift(token=token, giver=giver, money=Money(Decimal(amount), "USD"), by=None, **more)

    return fill


@pytest.fixture
def go_to_pay(fill_form: Callable[..., Checkout]) -> Callable[..., Checkout]:
    """`go_to_pay("25.00")` is a donor on the payment page."""

    def go(amount: str = "25.00", **more: Any) -> Checkout:
        checkout = fill_form(amount, **more)
        checkouts.begin(checkout, return_url=RETURN, cancel_url=CANCEL)
        return Checkout.objects.for_settling().get(pk=checkout.pk)

    return go


def post(event: dict[str, Any], *, secret: str | None = None) -> int:
    """Send an event to the webhook as Stripe does; return what it answers."""
    body, signature = signed(event, secret or mode.webhook_secret())
    headers = {"Stripe-Signature": signature}
    return Client().post("/stripe/webhook/", body, content_type="application/json", headers=headers).status_code


def _has_fund() -> bool:
    from donations.models import Fund

    return Fund.objects.filter(is_default=True).exists()
