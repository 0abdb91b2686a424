"""What the buttons of gifts and campaigns do, and what their pages tell."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client

from core.audit.models import AuditEntry
from donations.models import Gift, GiftStatus
from donations.services.books import check_books
from tests.factories.constituents import make_person
from tests.factories.donations import make_appeal, make_campaign, make_gift, make_receipt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]


def test_expected_gifts_are_marked_as_received_many_at_once(client: Client) -> None:
    gifts = [make_gift(amount="20", post=False) for _ in range(3)]
    page = client.get("/admin/expected-gifts/")
    assert "Mark as received" in page.content.decode()
    ids = "&".join(f"id={gift.pk}" for gift in gifts)
    client.post(
        f"/admin/bulk/donations/gift/mark_received/?{ids}&next=/admin/expected-gifts/",
        {"count": "3", "received_on": "2026-04-05"},
    )
    assert set(Gift.objects.values_list("status", "received_on")) == {(GiftStatus.POSTED, dt.date(2026, 4, 5))}
    assert check_books() == []


@pytest.mark.parametrize(
    ("verb", "data", "status"),
    [
        ("void", {"reason": "Typed twice"}, GiftStatus.VOIDED),
        ("refund", {"amount": "20", "reason": "Overpaid"}, GiftStatus.PARTLY_REFUNDED),
        ("refund", {"amount": "50", "reason": "Overpaid"}, GiftStatus.REFUNDED),
    ],
)
def test_a_posted_gift_is_voided_or_refunded_with_a_reason(
    client: Client, verb: str, data: dict[str, str], status: str
) -> None:
    gift = make_gift(amount="50")
    client.post(f"/admin/gifts/{verb}/{gift.pk}/", {**data, "reason": ""})
    gift.refresh_from_db()
    assert gift.status == GiftStatus.POSTED
    client.post(f"/admin/gifts/{verb}/{gift.pk}/", data)
    gift.refresh_from_db()
    assert gift.status == status
    assert AuditEntry.objects.filter(user=client.user).exists()


def test_too_much_is_refused_on_the_form(client: Client) -> None:
    gift = make_gift(amount="50")
    page = client.post(f"/admin/gifts/refund/{gift.pk}/", {"amount": "50.01", "reason": "Overpaid"})
    assert "can be refunded" in page.content.decode()


def test_an_expected_gift_is_received_or_given_up(client: Client) -> None:
    came, never = make_gift(post=False), make_gift(post=False)
    client.post(f"/admin/gifts/received/{came.pk}/", {"received_on": "2026-03-09"})
    client.post(f"/admin/gifts/cancel/{never.pk}/", {"reason": "Withdrawn"})
    assert list(Gift.objects.order_by("pk").values_list("status", flat=True)) == ["posted", "cancelled"]


def test_the_page_of_a_gift_tells_its_whole_story(client: Client) -> None:
    gift = make_gift(make_person("Ann", "Lee"), "80", reference="4711")
    receipt = make_receipt(gift)
    page = client.get(f"/admin/gifts/inspect/{gift.pk}/").content.decode()
    for part in ("$80.00 from Ann Lee", "General fund", "Gift posted", receipt.serial, "4711", "Cheque"):
        assert part in page
    assert "Delete" not in page


def test_the_page_of_a_campaign_shows_its_progress_and_what_appeals_brought(client: Client) -> None:
    campaign = make_campaign("New roof", goal=Decimal(1000))
    appeal = make_appeal(campaign, cost=Decimal(50), number_sent=200)
    make_gift(amount="400", campaign=campaign, appeal=appeal)
    page = client.get(f"/admin/campaigns/inspect/{campaign.pk}/").content.decode()
    for part in ("$400.00", "$1,000", "8.00", "0.5"):
        assert part in page
