"""What the tests of giving's screens share: somebody who may do all, and the fund gifts go to."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from donations.models import Fund
from tests.factories.donations import make_fund


@pytest.fixture
def client(staff_client: Callable[..., Client]) -> Client:
    """Somebody who may do all."""
    return staff_client()


@pytest.fixture
def general(organisation: object) -> Fund:
    """The fund gifts go to."""
    return make_fund("General fund", is_default=True)
