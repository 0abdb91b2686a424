"""Handing out a year's receipts: each once, by e-mail who can be reached so, the others in files for the printer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from io import BytesIO

import pytest
from django.db import IntegrityError
from django.test import Client
from pypdf import PdfReader

from constituents.models import Constituent
from core.mail.models import Message
from donations.errors import ReceiptError
from donations.models import PrintedReceipts, Receipt, ReceiptDelivery, Way
from donations.receipts import handing_out
from donations.receipts.handing_out import discard_print, email_year, mark_posted, print_year, progress_of
from donations.services.receipts import issue_receipt, void_receipt
from donations.services.yearly import issue_year
from tests.factories.constituents import make_person
from tests.factories.donations import make_gift

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]


def giver(name: str, *, email: str = "", postal_code: str = "", **details: object) -> Constituent:
    address = {"street": "2 Mill Lane", "city": "Exampleton", "postal_code": postal_code, "country": "US"}
    person = make_person(name, "Lee", email=email, address=address if postal_code else None, **details)
    make_gift(person, "50", on=dt.date(2025, 5, 5))
    return person


@pytest.fixture
def issued() -> None:
    giver("Ann", email="ann@example.org", postal_code="04101")
    giver("Bo", postal_code="90210")
    giver("Cy", postal_code="10001")
    giver("Di", email="di@example.org", postal_code="20002", do_not_contact=True)
    assert sum(len(step.receipts) for step in issue_year(2025, by=None)) == 4
    issue_receipt(make_gift(make_person("Ed", "Lee", email="ed@example.org"), on=dt.date(2025, 5, 5)), by=None)


def names(printed: PrintedReceipts) -> list[str]:
    with printed.file.open("rb") as file:
        pages = [page.extract_text() for page in PdfReader(BytesIO(file.read())).pages]
    return [next(name for name in ("Ann", "Bo", "Cy", "Di", "Ed") if f"{name} Lee" in page) for page in pages]


@pytest.mark.usefixtures("issued")
def test_who_has_an_address_is_written_to_and_only_once() -> None:
    assert [receipt.recipient.given_name for receipt in email_year(2025, by=None)] == ["Ann"]
    assert list(email_year(2025, by=None)) == []
    message = Message.objects.get()
    assert message.to == "ann@example.org"
    assert message.attachments.count() == 1
    assert ReceiptDelivery.objects.get().message == message


@pytest.mark.usefixtures("issued")
def test_the_others_are_printed_in_postal_order_and_only_once() -> None:
    list(email_year(2025, by=None))
    (printed,) = print_year(2025, by=None)
    assert names(printed) == ["Cy", "Di", "Bo"]
    assert (printed.count, printed.pages) == (3, 3)
    assert list(print_year(2025, by=None)) == []


@pytest.mark.usefixtures("issued")
def test_files_for_the_printer_hold_only_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handing_out, "IN_ONE_FILE", 2)
    assert [names(printed) for printed in print_year(2025, by=None)] == [["Cy", "Di"], ["Bo"]]


@pytest.mark.usefixtures("issued")
def test_a_run_that_was_stopped_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off(*_args: object) -> None:
        raise InterruptedError

    with monkeypatch.context() as patch:
        patch.setattr(handing_out, "bind", cut_off)
        with pytest.raises(InterruptedError):
            list(print_year(2025, by=None))
    assert not PrintedReceipts.objects.get().is_ready
    (printed,) = print_year(2025, by=None)
    assert names(printed) == ["Cy", "Di", "Bo"]


@pytest.mark.usefixtures("issued")
def test_printed_receipts_count_as_handed_out_once_they_are_posted() -> None:
    (printed,) = print_year(2025, by=None)
    assert (progress_of(2025)["printed"], progress_of(2025)["posted"]) == (3, 0)
    mark_posted(printed, by=None)
    assert (progress_of(2025)["printed"], progress_of(2025)["posted"]) == (0, 3)
    with pytest.raises(ReceiptError, match="posted already"):
        discard_print(printed, by=None)


@pytest.mark.usefixtures("issued")
def test_receipts_of_a_file_that_was_thrown_away_wait_again(django_capture_on_commit_callbacks: Callable) -> None:
    (printed,) = print_year(2025, by=None)
    storage, path = printed.file.storage, printed.file.name
    with django_capture_on_commit_callbacks(execute=True):
        discard_print(printed, by=None)
    assert progress_of(2025)["to_print"] == 3
    assert not storage.exists(path)


@pytest.mark.usefixtures("issued")
def test_a_void_receipt_is_not_handed_out() -> None:
    for receipt in Receipt.objects.filter(covers_year=2025):
        void_receipt(receipt, by=None, reason="Wrong")
    assert list(email_year(2025, by=None)) == list(print_year(2025, by=None)) == []


@pytest.mark.usefixtures("issued")
def test_the_database_refuses_to_hand_out_twice() -> None:
    list(email_year(2025, by=None))
    receipt = ReceiptDelivery.objects.get().receipt
    with pytest.raises(IntegrityError):
        ReceiptDelivery.objects.create(receipt=receipt, way=Way.EMAIL, at=receipt.numbered_at)


@pytest.mark.usefixtures("issued")
def test_the_page_of_a_year_says_how_far_it_is_and_offers_the_files(staff_client: Callable[..., Client]) -> None:
    client = staff_client()
    page = client.get("/admin/receipts/yearly/?year=2025").text
    assert "4 issued" in page
    assert "E-mail 1 receipt" in page
    assert "Print 3 receipts" in page
    (printed,) = print_year(2025, by=None)
    page = client.get("/admin/receipts/yearly/?year=2025").text
    address = f"/admin/giving/receipts/printed/{printed.uuid}.pdf"
    assert address in page
    assert client.get(address).getvalue().startswith(b"%PDF")
    client.post(f"/admin/printed-receipts/posted/{printed.pk}/")
    assert "3 posted" in client.get("/admin/receipts/yearly/?year=2025").text


@pytest.mark.usefixtures("issued")
def test_the_files_are_only_for_who_may_export_receipts(staff_client: Callable[..., Client], settings: object) -> None:
    settings.DEMO = True  # no second factor is asked for in the demo
    (printed,) = print_year(2025, by=None)
    answer = staff_client("Fundraiser").get(f"/admin/giving/receipts/printed/{printed.uuid}.pdf")
    assert answer.status_code == 302
