"""The demo's own pages: there in the demo only, and the panel plays the bank."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from donations.models import FakeObject, StripeEvent
from donations.stripe.fake import acting
from donations.stripe.fake.acting import Outcome

Open = Callable[..., Any]
PANEL = "/admin/giving/demo/"


@pytest.fixture
def demo(settings: Any) -> None:
    """Play Stripe."""
    settings.STRIPE_DEMO = True


def address(session: Any) -> str:
    return reverse("demo_pay", args=[session.id])


def test_outside_the_demo_there_are_no_such_pages(client: Client, staff_client: Any, open_session: Open) -> None:
    assert client.get(address(open_session())).status_code == 404
    assert staff_client().get(PANEL).status_code == 404


def test_nobody_else_s_page_is_found(client: Client, demo: None, db: None) -> None:
    assert client.get("/demo/pay/cs_test_none/").status_code == 404
    assert client.get("/demo/card/bps_none/").status_code == 404


def test_a_page_that_is_over_leads_back_and_is_never_cached(client: Client, demo: None, open_session: Open) -> None:
    paid, late = open_session(), open_session()
    assert "no-store" in client.get(address(paid))["Cache-Control"]
    acting.pay(paid.id, Outcome.PAY)
    assert client.get(address(paid))["Location"] == f"https://give.example.org/give/thanks/?session={paid.id}"
    row = FakeObject.objects.get(stripe_id=late.id)
    row.data["expires_at"] = 0
    row.save()
    response = client.get(address(late))
    assert (response.status_code, "Give again" in response.text) == (410, True)


def test_the_panel_says_what_to_do_first(demo: None, staff_client: Any) -> None:
    assert "Nothing has happened yet" in staff_client().get(PANEL).text
    assert staff_client("Board reader").get(PANEL).status_code in (302, 403)


def test_the_panel_sends_signed_events_and_again_changes_nothing(
    demo: None, staff_client: Any, open_session: Open
) -> None:
    acting.pay(open_session(currency="usd").id, Outcome.PAY)
    acting.book_fees()
    staff = staff_client()
    for again in ("replay", "reverse", "shuffle"):
        assert "sent to Steward" in staff.post(PANEL, {"verb": again}, follow=True).text
    assert StripeEvent.objects.count() == len(acting.events()), "each once"
    page = staff.post(PANEL, {"verb": "payout", "id": "usd"}, follow=True).text
    assert "The balance is empty" in page
    assert "nothing to pay out" in staff.post(PANEL, {"verb": "payout", "id": "usd"}, follow=True).text


def test_the_panel_asks_a_constant_number_of_questions(
    demo: None, staff_client: Any, open_session: Open, assert_constant_queries: Any
) -> None:
    staff = staff_client()

    def more(number: int) -> None:
        for _time in range(number):
            acting.dispute(acting.pay(open_session().id, Outcome.PAY)["payment_intent"])
            acting.pay(open_session().id, Outcome.BANK_DEBIT)
            acting.pay(open_session(recurring={"interval": "month"}).id, Outcome.PAY)

    assert_constant_queries(more, lambda: staff.get(PANEL), at_most=15)
