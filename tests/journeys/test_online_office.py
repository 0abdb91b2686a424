"""The screens of online giving, as somebody sees them who cannot see well, or works on a phone in the dark."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from core import clock
from core.demo import DemoPlan
from donations.models import EventState, GiftSource, Method, OnlinePayment, Payout, StripeEvent
from office.demo.online import add_online
from tests.factories.constituents import make_person
from tests.factories.donations import make_fund, make_gift

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pages(settings: Any) -> list[str]:
    """Weeks of payments with refunds, disputes and payouts, two that nobody knows, and an event that failed."""
    settings.STRIPE_DEMO = settings.DEMO = True
    make_fund("Where it is needed most", is_default=True)
    donor, today = make_person("Ann", "Lee"), clock.today()
    for days in range(14):
        make_gift(donor, "25", on=today - dt.timedelta(days=40 - days), source=GiftSource.ONLINE, method=Method.CARD)
    add_online(DemoPlan(people=1, years=1, seed=7, today=today))
    event = StripeEvent.objects.create(
        id="evt_1", type="charge.updated", object_id="ch_1", created=clock.now(), received_at=clock.now(), payload={},
        state=EventState.FAILED, error="Stripe did not answer.", tries=3, handled_at=clock.now(),
    )  # fmt: skip
    known = OnlinePayment.objects.filter(gift__isnull=False, refunded_minor__gt=0).first()
    lists = [f"{name}:index" for name in ("online_payments", "disputes", "stripe_events", "payouts")]
    records = (
        ("online_payments:inspect", known),
        ("online_payments:match", OnlinePayment.objects.unmatched().first()),
        ("stripe_events:inspect", event),
        ("payouts:inspect", Payout.objects.first()),
    )
    return [
        reverse("online_giving"),
        *map(reverse, lists),
        *(reverse(name, args=[row.pk]) for name, row in records if row is not None),
        reverse("wagtailsettings:edit", args=["donations", "onlinegivingsettings"]),
    ]


def test_no_screen_of_online_giving_has_an_accessibility_fault(
    visitors: Any, pages: list[str], assert_accessible: Callable[..., None]
) -> None:
    user = User.objects.create_superuser("ines@example.org", first_name="Ines")
    desk, phone = visitors.open(user=user), visitors.open("phone", scheme="dark", user=user)
    for number, address in enumerate(pages):
        page = (desk, phone)[number % 2]
        page.goto(address)
        assert address in page.url, "someone stands in the way of the screen"
        assert_accessible(page, within="main")
