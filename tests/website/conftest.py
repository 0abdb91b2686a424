"""Giving online over the double: pages, forms and donors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from donations.models import Fund
from tests.factories.website import form_token


@pytest.fixture
def general_fund(db: None) -> Fund:
    """What gifts are for; no limit has been counted yet."""
    cache.clear()
    return Fund.objects.create(name="Where it is needed most", code="general", is_default=True)


@pytest.fixture
def online(settings: Any, general_fund: Fund) -> Fund:
    """Gifts can be paid online: at the double, which moves no money."""
    settings.STRIPE_DEMO = True
    return general_fund


@pytest.fixture
def give(client: Client) -> Callable[..., HttpResponse]:
    """`give(amount="50")` sends the giving form as Ann Lee, with a token of its own."""

    def send(address: str = "/give/", *, sender: Client | None = None, **changes: Any) -> HttpResponse:
        data = {
            "frequency": "once",
            "amount": "50",
            "method": "online",
            "given_name": "Ann",
            "family_name": "Lee",
            "email": "ann@example.org",
            "token": form_token(),
            **changes,
        }
        return (sender or client).post(address, data)

    return send
