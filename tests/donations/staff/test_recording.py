"""A gift is typed: amounts as people write them, the donor found, a slip beside its field, a cheque typed twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from constituents.models import Constituent
from core.mail.models import Message
from donations.models import Fund, Gift, GiftStatus, Receipt
from donations.services.books import check_books
from tests.factories.constituents import make_person
from tests.factories.donations import make_appeal, make_fund, make_gift

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]


def entry(donor: Constituent, fund: Fund, /, **changed: str) -> dict[str, str]:
    """What the form for recording sends."""
    return {
        "donor": str(donor.pk),
        "amount": "1,250.50",
        "currency": "USD",
        "received_on": "2026-03-04",
        "method": "cheque",
        "reference": "4711",
        "fund": str(fund.pk),
        "advantage_kind": "goods",
    } | changed


def test_a_gift_is_recorded_from_amounts_as_people_type_them(client: Client, general: Fund) -> None:
    donor = make_person()
    answer = client.post("/admin/gifts/new/", entry(donor, general))
    gift = Gift.objects.get()
    assert answer["Location"] == f"/admin/gifts/inspect/{gift.pk}/"
    assert (gift.amount, gift.received_on, gift.status) == (Decimal("1250.50"), dt.date(2026, 3, 4), GiftStatus.POSTED)
    assert gift.posted_by == client.user
    assert check_books() == []


def test_the_donor_is_found_as_one_types(client: Client, general: Fund) -> None:
    make_person("Łukasz", "Żółć", email="lukasz@example.org")
    for query in ("zolc", "lukasz@example", "żół"):
        assert "Łukasz Żółć" in client.get("/admin/giving/donors/", {"donor_search": query}).content.decode()
    assert "Nobody on record" in client.get("/admin/giving/donors/", {"donor_search": "nobody"}).content.decode()


def test_record_and_next_keeps_what_the_pile_shares(client: Client, general: Fund) -> None:
    appeal = make_appeal()
    answer = client.post(
        "/admin/gifts/new/", entry(make_person(), general, appeal=str(appeal.pk), and_next="1", method="cash")
    )
    page = client.get(answer["Location"])
    form = page.context["form"]
    assert (form["method"].value(), form["appeal"].value(), form["received_on"].value()) == (
        "cash",
        str(appeal.pk),
        "2026-03-04",
    )
    assert form["amount"].value() is None
    assert Gift.objects.get().campaign == appeal.campaign


def test_a_split_gift_leaves_the_rest_with_the_first_fund(client: Client, general: Fund) -> None:
    roof = make_fund("Roof")
    client.post(
        "/admin/gifts/new/",
        entry(make_person(), general, amount="100", split_fund_1=str(roof.pk), split_amount_1="33.33"),
    )
    parts = {part.fund: part.amount for part in Gift.objects.get().allocations.all()}
    assert parts == {general: Decimal("66.67"), roof: Decimal("33.33")}


def test_shares_come_in_smaller_parts_than_money(client: Client, general: Fund) -> None:
    shares = {"method": "securities", "description": "Harbour Rail", "quantity": "12.3456", "quantity_unit": "shares"}
    client.post("/admin/gifts/new/", entry(make_person(), general, **shares))
    assert Gift.objects.get().quantity == Decimal("12.3456")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"donor": ""}, "donor"),
        ({"amount": "ten"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "1.005"}, "amount"),
        ({"received_on": "2099-01-01"}, "received_on"),
        ({"split_amount_1": "5"}, "split_amount_1"),
    ],
)
def test_a_slip_stands_beside_its_field(client: Client, general: Fund, changed: dict[str, str], field: str) -> None:
    page = client.post("/admin/gifts/new/", entry(make_person(), general, **changed))
    assert field in page.context["form"].errors
    assert not Gift.objects.exists()


def test_a_cheque_typed_twice_is_noticed_and_can_be_meant(client: Client, general: Fund) -> None:
    donor = make_person()
    make_gift(donor, "1250.50", on=dt.date(2026, 2, 20), reference="4711")
    page = client.post("/admin/gifts/new/", entry(donor, general))
    assert "on record already" in page.content.decode()
    assert Gift.objects.count() == 1
    client.post("/admin/gifts/new/", entry(donor, general, twin_is_meant="on"))
    assert Gift.objects.count() == 2


def test_another_reference_or_a_month_later_is_no_twin(client: Client, general: Fund) -> None:
    donor = make_person()
    make_gift(donor, "1250.50", on=dt.date(2026, 1, 20), reference="4711")
    client.post("/admin/gifts/new/", entry(donor, general))
    client.post("/admin/gifts/new/", entry(donor, general, reference="4712"))
    assert Gift.objects.count() == 3


def test_recording_can_issue_and_mail_the_receipt_at_once(
    client: Client, general: Fund, django_capture_on_commit_callbacks: Callable
) -> None:
    donor = make_person(email="ann@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/admin/gifts/new/", entry(donor, general, issue_receipt="on", send_receipt="on"))
    receipt = Receipt.objects.get()
    assert receipt.is_deliverable
    message = Message.objects.get()
    assert message.to == "ann@example.org"
    assert message.attachments.count() == 1


def test_without_a_fund_the_form_says_to_add_one(client: Client) -> None:
    assert "none yet" in client.get("/admin/gifts/new/").content.decode()
