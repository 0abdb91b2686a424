"""What the tests of Gift Aid share: a charity in the United Kingdom, on a day in November 2026."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine

from core.money import Money
from core.organisation import current_organisation, forget_organisation
from core.organisation.models import Organisation
from donations.gift_aid.claiming import gather_claim
from donations.models import GiftAidClaim
from tests.factories.donations import make_gift

TODAY = dt.date(2026, 11, 20)


@pytest.fixture
def charity(db: None) -> Iterator[Organisation]:
    """Harbour Light as a trust in Cornwall, at noon of 20 November 2026."""
    values = {
        "name": "Harbour Light",
        "legal_name": "Harbour Light Trust",
        "registration_number": "1234567",
        "street": "12 Quay Street",
        "city": "Portbury",
        "postal_code": "TR11 3XX",
        "country": "GB",
        "regime": "uk",
        "base_currency": "GBP",
        "time_zone": "Europe/London",
        "email": "hello@harbourlight.example",
    }
    Organisation.objects.filter(pk=current_organisation().pk).update(**values)
    forget_organisation()
    with time_machine.travel(dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC), tick=False):
        yield current_organisation()


def pounds(donor, amount, on=dt.date(2026, 3, 1), **details):
    """Return a gift in pounds."""
    return make_gift(donor, amount, currency="GBP", on=on, **details)


def sterling(amount: str) -> Money:
    """Return an amount in pounds."""
    return Money(Decimal(amount), "GBP")


def gathered(up_to: dt.date = TODAY, **details) -> GiftAidClaim:
    """Return a claim gathered by nobody, through a day."""
    return gather_claim(by=None, up_to=up_to, **details)
