"""The real SDK over the double."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from donations.stripe.fake.client import FakeStripe


@pytest.fixture
def api(db: None) -> stripe.StripeClient:
    """The SDK's client, answered by the double."""
    return stripe.StripeClient("sk_test_demo", http_client=FakeStripe())


@pytest.fixture
def open_session(api: stripe.StripeClient) -> Callable[..., Any]:
    """`open_session(2500)` opens a page to give 25.00 EUR on."""

    def open_(
        amount: int = 2500, *, currency: str = "eur", recurring: dict[str, Any] | None = None, **more: Any
    ) -> Any:
        price = {"currency": currency, "unit_amount": amount, "product_data": {"name": "Gift"}}
        params: dict[str, Any] = {
            "mode": "subscription" if recurring else "payment",
            "success_url": "https://give.example.org/give/thanks/?session={CHECKOUT_SESSION_ID}",
            "cancel_url": "https://give.example.org/give/",
            "line_items": [{"quantity": 1, "price_data": {**price, **({"recurring": recurring} if recurring else {})}}],
            **more,
        }
        return api.v1.checkout.sessions.create(params)  # type: ignore[arg-type]

    return open_
