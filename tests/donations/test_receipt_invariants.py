"""What the other tests of receipts leave to say of the ten invariants; docs/reference/invariants.md names them all."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from constituents.models import Constituent
from constituents.services.merging import merge, undo_merge
from core.money import Money
from core.organisation import forget_organisation
from donations.models import Receipt, ReceiptState, SoftCreditRole
from donations.services.books import check_books
from donations.services.gifts import charge_back_gift, reinstate_gift
from donations.services.receipt_files import receipt_bytes
from donations.services.receipt_numbers import why_not_receiptable
from donations.services.receipts import issue_receipt
from donations.services.recognition import credit
from donations.services.yearly import issue_year, plan_year
from tests.factories.constituents import make_person
from tests.factories.donations import make_gift, make_receipt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]


def run_the_year() -> list[Receipt]:
    return [receipt for step in issue_year(2025, by=None) for receipt in step.receipts]


def test_merging_the_donor_and_undoing_it_changes_no_byte_of_a_receipt() -> None:
    kept, merged = make_person("Ann", "Lee"), make_person("Anne", "Leigh")
    receipt = make_receipt(make_gift(merged))
    before = (receipt.snapshot, receipt.sha256, receipt_bytes(receipt))
    done = merge(kept, merged, by=None)
    for step in (lambda: None, lambda: undo_merge(done, by=None)):
        step()
        again = Receipt.objects.get(pk=receipt.pk)
        assert (again.snapshot, again.sha256, receipt_bytes(again)) == before
    assert check_books() == []


def test_a_charge_back_voids_the_receipt_and_winning_it_lets_another_be_issued() -> None:
    gift = make_gift(amount="80")
    receipt = make_receipt(gift)
    charge_back_gift(gift, by=None, reason="Disputed")
    receipt.refresh_from_db()
    gift.refresh_from_db()
    assert receipt.state == ReceiptState.VOID
    assert why_not_receiptable(gift)
    reinstate_gift(gift, by=None, reason="Won")
    gift.refresh_from_db()
    live = Receipt.objects.live()
    assert (live.get() if live.exists() else issue_receipt(gift, by=None)).eligible == 80
    assert check_books() == []


@pytest.mark.parametrize("role", list(SoftCreditRole))
def test_whoever_is_only_recognised_gets_no_receipt(role: SoftCreditRole) -> None:
    donor, other = make_person(), make_person()
    gift = make_gift(donor, amount="60", on=dt.date(2025, 5, 5))
    if role != SoftCreditRole.HOUSEHOLD:
        credit(gift, constituent=other, role=role, by=None)
    issued = run_the_year()
    assert [(receipt.recipient, receipt.eligible) for receipt in issued] == [(donor, 60)]
    assert not Receipt.objects.of(Constituent.objects.get(pk=other.pk)).exists()


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "UTC", "America/New_York"])
def test_the_year_of_a_yearly_receipt_is_that_of_the_gifts_local_day(organisation: object, zone: str) -> None:
    type(organisation).objects.update(time_zone=zone)
    forget_organisation()
    donor = make_person()
    make_gift(donor, amount="10", on=dt.date(2024, 12, 31))
    make_gift(donor, amount="20", on=dt.date(2025, 1, 1))
    make_gift(donor, amount="40", on=dt.date(2025, 12, 31))
    make_gift(donor, amount="80", on=dt.date(2026, 1, 1))
    assert [plan.eligible for plan in plan_year(2025)] == [Money(Decimal(60), "USD")]


def test_a_yearly_run_takes_exactly_what_is_receiptable_and_not_receipted() -> None:
    donor = make_person()
    receipted, left = (make_gift(donor, amount=amount, on=dt.date(2025, 6, 1)) for amount in ("10", "20"))
    make_gift(donor, amount="40", on=dt.date(2025, 6, 1), post=False)
    charge_back_gift(make_gift(donor, amount="80", on=dt.date(2025, 6, 1)), by=None, reason="Disputed")
    make_receipt(receipted)
    (receipt,) = run_the_year()
    assert list(receipt.lines.values_list("gift", flat=True)) == [left.pk]
    assert check_books() == []
