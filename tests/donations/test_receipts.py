"""Issuing, voiding and replacing receipts: what invariants 1 to 10 of the law and of our word demand."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal
from io import BytesIO

import pytest
import time_machine
from django.core.files.storage import storages
from django.db import IntegrityError, connection, transaction
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from constituents.services.people import change_constituent
from core import clock
from core.documents import UnprintableTextError
from core.money import Money
from core.organisation import current_organisation
from core.organisation.models import Organisation
from core.triggers import ProtectedRowError
from donations.errors import NotReceiptableError, ReceiptError
from donations.models import GiftKind, Method, Receipt, ReceiptCounter, ReceiptLine, ReceiptSettings, ReceiptState
from donations.receipts.regimes import Facts, Issuer, Occasion, regime_named
from donations.services.books import check_books
from donations.services.gifts import refund_gift, void_gift
from donations.services.receipt_files import finish_receipt, finish_unfinished, receipt_bytes
from donations.services.receipt_numbers import number_receipt
from donations.services.receipts import issue_receipt, reissue_receipt, void_receipt
from tests.factories.constituents import make_organisation, make_person
from tests.factories.donations import make_fund, make_gift, make_receipt
from tests.harness.examples import drawn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]


def words_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages)


# Numbers


def test_numbers_follow_each_other_within_series_and_year() -> None:
    with time_machine.travel(dt.datetime(2025, 12, 30, 12, tzinfo=dt.UTC)):
        assert [make_receipt().serial, make_receipt().serial] == ["R2025-000001", "R2025-000002"]
    with time_machine.travel(dt.datetime(2026, 1, 2, 12, tzinfo=dt.UTC)):
        assert make_receipt().serial == "R2026-000001"


def test_a_receipt_issued_at_local_new_years_eve_belongs_to_the_old_year() -> None:
    with time_machine.travel(dt.datetime(2026, 1, 1, 4, 59, tzinfo=dt.UTC)):
        late = make_receipt()
    with time_machine.travel(dt.datetime(2026, 1, 1, 5, 1, tzinfo=dt.UTC)):
        early = make_receipt()
    assert (late.issued_on, late.year) == (dt.date(2025, 12, 31), 2025)
    assert (early.issued_on, early.year) == (dt.date(2026, 1, 1), 2026)


def test_a_number_taken_by_a_transaction_that_rolled_back_is_given_again() -> None:
    gift = make_gift()
    with transaction.atomic():
        number_receipt([gift], by=None)
        transaction.set_rollback(True)
    assert not Receipt.objects.exists()
    assert issue_receipt(gift, by=None).number == 1


def test_a_refused_receipt_takes_no_number() -> None:
    make_receipt()
    with pytest.raises(NotReceiptableError):
        issue_receipt(make_gift(post=False), by=None)
    with pytest.raises(UnprintableTextError, match="U\\+13000"):
        issue_receipt(make_gift(make_person("\U00013000", "Hieroglyph")), by=None)
    assert ReceiptCounter.objects.get().last == 1


# The file


def test_the_stored_file_is_what_was_hashed_and_drawing_it_again_gives_the_same_bytes() -> None:
    receipt = make_receipt()
    content = receipt_bytes(receipt)
    with storages["private"].open(receipt.file.name) as stored:
        assert stored.read() == content
    assert receipt.sha256 == hashlib.sha256(content).hexdigest()
    assert receipt.byte_count == len(content)
    assert receipt_bytes(Receipt.objects.get(pk=receipt.pk)) == content


def test_a_tampered_file_is_not_handed_out() -> None:
    receipt = make_receipt()
    with open(receipt.file.path, "ab") as file:
        file.write(b"%")
    with pytest.raises(ReceiptError, match="not the one that was issued"):
        receipt_bytes(receipt)
    assert [finding.check for finding in check_books()] == ["R2 files"]


def test_a_receipt_whose_drawing_was_killed_is_finished_once() -> None:
    receipt = number_receipt([make_gift()], by=None)
    assert not receipt.is_deliverable
    storages["private"].save(f"receipts/{receipt.year}/{receipt.uuid}.pdf", BytesIO(b"%PDF half"))
    assert finish_unfinished() == 1
    receipt.refresh_from_db()
    assert receipt.is_deliverable
    assert receipt_bytes(receipt).startswith(b"%PDF-")
    assert len(receipt_bytes(receipt)) == receipt.byte_count
    assert finish_unfinished() == 0
    assert finish_receipt(receipt).sha256 == receipt.sha256


def test_a_receipt_shows_who_what_when_and_how_much() -> None:
    donor = make_person(
        "Ann",
        "O’Leary",
        title="Dr",
        address={
            "street": "2 Mill Lane",
            "city": "Exampleton",
            "region": "NY",
            "postal_code": "10001",
            "country": "US",
        },
    )
    gift = make_gift(donor, "1250.00", on=dt.date(2026, 2, 3), fund=make_fund("Roof & Tower"))
    words = words_of(receipt_bytes(issue_receipt(gift, by=None)))
    for part in [
        "Harbour Light Trust, Inc.",
        "12 Quay Street",
        "04-1234567",
        "R20",
        "Dr Ann O’Leary",
        "2 Mill Lane",
        "Exampleton NY 10001",
        "$1,250.00",
        "Feb 3, 2026",
        "Gift of money: Roof & Tower",
        "No goods or services were provided in return for this contribution.",
        "Miriam Castellane",
        "Page 1 of 1",
    ]:
        assert part in words


@pytest.mark.parametrize(
    "name",
    ["<b>Bold</b> & Sons", "Łukasz Żółć", "Ελένη", "Ольга", "דוד כהן", "محمد", "राधा", "สมชาย", "李小龍", "김민수"],
)
def test_a_name_prints_as_typed_in_any_script(name: str) -> None:
    receipt = issue_receipt(make_gift(make_person(name, "")), by=None)
    content = receipt_bytes(receipt)
    assert receipt.snapshot["recipient"]["name"] == name
    if name.isascii():
        assert name in words_of(content)


# Frozen


def test_renaming_donor_fund_and_charity_changes_no_issued_receipt(organisation: Organisation) -> None:
    donor = make_person("Ann", "Before")
    fund = make_fund("Old name")
    receipt = issue_receipt(make_gift(donor, fund=fund), by=None)
    before, copied = receipt_bytes(receipt), receipt_bytes(receipt, copy=True)
    change_constituent(donor, by=None, given_name="Ann", family_name="After")
    fund.name = "New name"
    fund.save()
    organisation.legal_name = "Something Else"
    organisation.save()
    receipt = Receipt.objects.get(pk=receipt.pk)
    assert receipt_bytes(receipt) == before
    assert receipt_bytes(receipt, copy=True) == copied


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE donations_receipt SET amount = 1",
        "UPDATE donations_receipt SET number = 7",
        "UPDATE donations_receipt SET snapshot = '{}'",
        "UPDATE donations_receipt SET sha256 = 'x'",
        "UPDATE donations_receiptline SET eligible = 1",
        "DELETE FROM donations_receiptline",
        "DELETE FROM donations_receipt",
        "DELETE FROM donations_receiptcounter",
    ],
)
def test_the_database_refuses_to_rewrite_a_receipt(change: str) -> None:
    make_receipt()
    with connection.cursor() as cursor, pytest.raises(ProtectedRowError), transaction.atomic():
        cursor.execute(change)


def test_a_void_receipt_cannot_come_back_to_life() -> None:
    void_receipt(make_receipt(), by=None, reason="Wrong name")
    for change in ("UPDATE donations_receipt SET state = 'issued'", "UPDATE donations_receiptline SET is_live = true"):
        with connection.cursor() as cursor, pytest.raises(ProtectedRowError), transaction.atomic():
            cursor.execute(change)


# Void, replace, copy


def test_void_keeps_number_file_and_reason_and_its_copy_says_so() -> None:
    receipt = make_receipt()
    digest = receipt.sha256
    voided = void_receipt(receipt, by=None, reason="Wrong address")
    assert (voided.serial, voided.sha256, voided.void_reason) == (receipt.serial, digest, "Wrong address")
    assert "VOID" in words_of(receipt_bytes(voided))
    with pytest.raises(ReceiptError, match="void already"):
        void_receipt(voided, by=None, reason="Again")


def test_a_receipt_voided_before_its_file_was_stored_still_has_a_copy() -> None:
    receipt = number_receipt([make_gift()], by=None)
    voided = void_receipt(receipt, by=None, reason="Wrong address")
    assert "VOID" in words_of(receipt_bytes(voided))
    assert finish_unfinished() == 0
    assert check_books() == []


def test_a_void_receipt_frees_its_gift_for_a_new_one() -> None:
    gift = make_gift()
    void_receipt(issue_receipt(gift, by=None), by=None, reason="Wrong address")
    assert issue_receipt(gift, by=None).number == 2


def test_voiding_needs_a_reason() -> None:
    with pytest.raises(ReceiptError):
        void_receipt(make_receipt(), by=None, reason="  ")


def test_a_replacement_has_a_new_number_and_names_the_old() -> None:
    old = make_receipt()
    new = reissue_receipt(old, by=None, reason="The name was misspelt")
    old.refresh_from_db()
    assert old.is_void
    assert (new.replaces, old.replaced_by, new.number) == (old, new, 2)
    assert f"Replaces receipt {old.serial}" in words_of(receipt_bytes(new))


def test_a_reprint_is_the_same_page_marked_copy() -> None:
    receipt = make_receipt()
    original, copied = receipt_bytes(receipt), receipt_bytes(receipt, copy=True)
    assert "COPY" in words_of(copied)
    assert words_of(copied).replace("COPY", "").split() == words_of(original).split()
    assert receipt_bytes(receipt) == original


# Which gifts


def test_a_gift_is_on_one_live_receipt_at_most() -> None:
    receipt = make_receipt()
    gift = receipt.lines.get().gift
    with pytest.raises(NotReceiptableError, match=receipt.serial):
        issue_receipt(gift, by=None)
    other = make_receipt()
    with pytest.raises(IntegrityError), transaction.atomic():
        ReceiptLine.objects.create(receipt=other, gift=gift, amount=1, advantage=0, eligible=1)


@pytest.mark.parametrize(
    "details",
    [
        {"post": False},
        {"method": Method.DONOR_ADVISED_FUND},
        {"advantage_amount": Decimal(50)},
        {"kind": GiftKind.DUES, "advantage_amount": Decimal(50)},
    ],
)
def test_some_gifts_get_no_receipt(details: dict[str, object]) -> None:
    with pytest.raises(NotReceiptableError):
        issue_receipt(make_gift(**details), by=None)


def test_a_voided_or_wholly_refunded_gift_gets_no_receipt() -> None:
    voided = void_gift(make_gift(), by=None, reason="Typed twice")
    refunded = refund_gift(make_gift(amount="50"), money=Money(Decimal(50), "USD"), by=None, reason="Asked for it")
    for gift in (voided, refunded):
        with pytest.raises(NotReceiptableError):
            issue_receipt(gift, by=None)


def test_the_fund_that_advises_others_is_a_legal_donor_of_its_own() -> None:
    sponsor = make_organisation("Giving Fund")
    assert issue_receipt(make_gift(sponsor, method=Method.DONOR_ADVISED_FUND), by=None).recipient == sponsor


def test_gifts_of_two_donors_or_currencies_do_not_share_a_receipt() -> None:
    with pytest.raises(ReceiptError, match="several donors"):
        issue_receipt([make_gift(), make_gift()], by=None)


def test_rules_nobody_has_written_yet_refuse_in_words(organisation: Organisation) -> None:
    organisation.regime = "xx"
    organisation.save()
    with pytest.raises(ReceiptError, match="cannot be issued yet"):
        issue_receipt(make_gift(), by=None)
    assert not ReceiptCounter.objects.exists()


# After the fact


def test_a_late_partial_refund_voids_the_receipt_and_issues_one_over_the_rest(
    django_capture_on_commit_callbacks: object,
) -> None:
    gift = make_gift(amount="100")
    receipt = issue_receipt(gift, by=None)
    with django_capture_on_commit_callbacks(execute=True):
        refund_gift(gift, money=Money(Decimal(30), "USD"), by=None, reason="Paid twice")
    receipt.refresh_from_db()
    replacement = receipt.replaced_by
    assert receipt.state == ReceiptState.VOID
    assert "Paid twice" in receipt.void_reason
    assert (replacement.eligible_money.plain, replacement.state) == ("70.00", ReceiptState.ISSUED)
    assert check_books() == []


def test_a_late_full_refund_voids_the_receipt_and_nothing_takes_its_place() -> None:
    gift = make_gift(amount="100")
    receipt = issue_receipt(gift, by=None)
    refund_gift(gift, money=gift.money, by=None, reason="Asked for it")
    receipt.refresh_from_db()
    assert receipt.is_void
    assert Receipt.objects.count() == 1


def test_a_void_gift_leaves_the_yearly_receipt_over_the_others() -> None:
    donor = make_person()
    gifts = [make_gift(donor, amount) for amount in ("10", "20", "30")]
    receipt = issue_receipt(gifts, by=None, covers_year=2026)
    void_gift(gifts[1], by=None, reason="The cheque bounced")
    receipt.refresh_from_db()
    left = receipt.replaced_by
    assert receipt.is_void
    assert (left.eligible_money.plain, left.lines.count(), left.covers_year) == ("40.00", 2, 2026)


@drawn(10)
@given(st.lists(st.tuples(st.integers(1, 100_000), st.integers(0, 100)), min_size=1, max_size=5))
def test_lines_add_up_to_the_receipt_to_the_cent(gifts: list[tuple[int, int]]) -> None:
    with transaction.atomic():
        donor = make_person()
        made = []
        for cents, percent in gifts:
            amount = Decimal(cents) / 100
            advantage = (amount * percent / 101).quantize(Decimal("0.01"), rounding=ROUND_DOWN)
            made.append(make_gift(donor, amount, advantage_amount=advantage, advantage_description="a book"))
        receipt = number_receipt(made, by=None)
        lines = list(receipt.lines.all())
        for name in ("amount", "advantage", "eligible"):
            assert sum(getattr(line, name) for line in lines) == getattr(receipt, name)
            assert receipt.snapshot["total"][name] == Money(getattr(receipt, name), "USD").plain
        assert receipt.amount - receipt.advantage == receipt.eligible
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("country", "language", "words"),
    [
        ("us", "en", "120 shares of Harbour Rail (HRL)"),
        ("uk", "en-gb", "120 shares of Harbour Rail (HRL)"),
        ("ca", "en-ca", "120 shares of Harbour Rail (HRL)"),
        ("ca", "fr-ca", "120 shares, Harbour Rail (HRL)"),
        ("de", "de", "120 shares Harbour Rail (HRL)"),
    ],
)
def test_a_receipt_says_how_many_of_what_was_given(country: str, language: str, words: str) -> None:
    regime = regime_named(country)
    what = {"quantity": Decimal(120), "quantity_unit": "shares", "ticker": "HRL", "description": "Harbour Rail"}
    gift = make_gift(method=Method.SECURITIES, goods_origin="private", **what)
    issuer = Issuer.of(current_organisation(), ReceiptSettings(notice_kind="exemption"))
    with translation.override(language):
        occasion = Occasion(issuer=issuer, issued_on=clock.today(), language=language)
        facts = replace(Facts.of(gift), left=Money(Decimal(50), "EUR"))
        (item,) = regime.wording([regime.assess(facts)], occasion).items
    assert item.startswith(words)
