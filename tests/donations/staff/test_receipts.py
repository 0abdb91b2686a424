"""Receipts are issued, replaced and voided by buttons, and leave: downloaded, printed, mailed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from core.audit.models import AuditEntry
from core.jobs import Job
from core.mail.models import Message
from donations.models import Receipt
from donations.services.books import check_books
from donations.services.receipt_files import receipt_bytes
from donations.services.receipts import void_receipt
from tests.factories.constituents import make_person
from tests.factories.donations import make_gift, make_receipt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]


def test_receipts_are_issued_for_chosen_gifts_and_the_others_named(
    client: Client, django_capture_on_commit_callbacks: Callable
) -> None:
    good, daf = make_gift(), make_gift(method="daf")
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(
            f"/admin/bulk/donations/gift/issue_receipts/?id={good.pk}&id={daf.pk}&next=/admin/gifts/",
            {"count": "2"},
            follow=True,
        )
    assert Receipt.objects.get().lines.get().gift == good
    assert "donor-advised fund" in answer.content.decode()


def test_a_receipt_is_issued_replaced_and_voided_by_buttons(
    client: Client, django_capture_on_commit_callbacks: Callable
) -> None:
    gift = make_gift()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/admin/gifts/receipt/{gift.pk}/")
        first = Receipt.objects.get()
        client.post(f"/admin/receipts/replace/{first.pk}/", {"reason": "Misspelt"})
        second = Receipt.objects.latest("number")
        client.post(f"/admin/receipts/void/{second.pk}/", {"reason": "Not wanted"})
    assert list(Receipt.objects.order_by("number").values_list("state", flat=True)) == ["void", "void"]
    assert second.replaces == first
    assert check_books() == []


def test_a_receipt_is_downloaded_as_stored_and_the_download_is_audited(client: Client) -> None:
    receipt = make_receipt()
    url = f"/admin/giving/receipts/{receipt.uuid}/"
    answer = client.get(url)
    assert answer.content == receipt_bytes(receipt)
    assert answer["Content-Type"] == "application/pdf"
    assert receipt.serial in answer["Content-Disposition"]
    assert "COPY" in PdfReader(BytesIO(client.get(f"{url}?copy=1").content)).pages[0].extract_text()
    void_receipt(receipt, by=None, reason="Wrong")
    assert "VOID" in PdfReader(BytesIO(client.get(url).content)).pages[0].extract_text()
    assert AuditEntry.objects.filter(action="receipt.downloaded").count() == 3


def test_many_receipts_are_printed_as_one_file_in_postal_order(client: Client) -> None:
    def of(name: str, postal_code: str) -> Receipt:
        address = {"street": "2 Mill Lane", "city": "Exampleton", "postal_code": postal_code, "country": "US"}
        return make_receipt(make_gift(make_person(name, "Lee", address=address)))

    receipts = [of("Ann", "90210"), of("Bo", "04101"), of("Cy", "10001")]
    ids = "&".join(f"id={receipt.pk}" for receipt in [*receipts, void_receipt(of("Di", "1"), by=None, reason="Wrong")])
    answer = client.post(f"/admin/bulk/donations/receipt/print/?{ids}&next=/admin/receipts/", {"count": "4"})
    pages = [page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages]
    assert ["Bo Lee" in pages[0], "Cy Lee" in pages[1], "Ann Lee" in pages[2], len(pages)] == [True, True, True, 3]
    assert AuditEntry.objects.filter(action="receipt.bulk_print").count() == 1


def test_a_receipt_is_mailed_with_the_file_attached(client: Client) -> None:
    receipt = make_receipt(make_gift(make_person("Ann", "Lee", email="ann@example.org")))
    form = client.get(f"/admin/receipts/send/{receipt.pk}/").context["form"]
    assert form["to"].value() == "ann@example.org"
    client.post(f"/admin/receipts/send/{receipt.pk}/", {"to": "ann@example.org"})
    message = Message.objects.get()
    assert receipt.serial in message.text
    attachment = message.attachments.get()
    with attachment.file.open("rb") as file:
        assert file.read() == receipt_bytes(receipt)


def test_the_yearly_run_shows_first_what_it_would_issue_and_then_runs_as_a_job(client: Client) -> None:
    donor = make_person("Ann", "Lee")
    for day in (5, 6):
        make_gift(donor, "40", on=dt.date(2025, 3, day))
    page = client.get("/admin/receipts/yearly/?year=2025").content.decode()
    assert "Ann Lee" in page
    assert "$80.00" in page
    assert not Receipt.objects.exists()
    answer = client.post("/admin/receipts/yearly/", {"year": "2025"})
    assert Job.objects.get().label == "Receipts for 2025"
    assert answer["Location"] == Job.objects.get().get_absolute_url()
