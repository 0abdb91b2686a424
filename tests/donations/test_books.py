"""`check_books` and `rebuild_rollups --check` find each fault planted in the rows, and nothing in sound ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from core import triggers
from donations.services.books import check_books
from donations.services.gifts import refund_gift
from tests.factories.constituents import make_person
from tests.factories.donations import make_fund, make_gift, make_receipt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]

PLANTED = [
    ("M4 allocations", "UPDATE donations_giftallocation SET amount = amount + 0.01"),
    ("M1 ledger", "UPDATE donations_ledgerentry SET amount = amount + 0.01 WHERE kind = 'refund'"),
    ("M1 ledger", "UPDATE donations_gift SET net_base_amount = net_base_amount + 1"),
    ("M1 ledger", "UPDATE donations_gift SET status = 'voided'"),
    ("M1 posting", "UPDATE donations_ledgerentry SET amount = amount - 0.01 WHERE kind = 'posted'"),
    ("M1 posting", "UPDATE donations_gift SET status = 'pending', posted_at = NULL"),
    (
        "M5 funds",
        "UPDATE donations_ledgerentry SET fund_id = (SELECT MIN(id) FROM donations_fund WHERE code = 'spare')",
    ),
    ("M1 funds", "UPDATE donations_giftallocation SET amount = amount + 0.01"),
    (
        "M1 funds",
        "UPDATE donations_ledgerentry SET fund_id = (SELECT MIN(id) FROM donations_fund WHERE code = 'spare')"
        " WHERE kind = 'refund'",
    ),
    ("M3 refunds", "UPDATE donations_gift SET refunded_amount = refunded_amount + 1"),
    ("totals", "UPDATE donations_givingtotals SET lifetime = lifetime + 1"),
    ("totals", "UPDATE donations_givingtotals SET last_gift_on = '2020-01-01'"),
    ("totals", "DELETE FROM donations_givingtotals"),
    ("R1 numbers", "UPDATE donations_receipt SET number = number + 1"),
    ("R1 numbers", "UPDATE donations_receiptcounter SET last = last + 1"),
    ("R2 files", "UPDATE donations_receipt SET sha256 = 'elsewhere'"),
    ("R5 live lines", "UPDATE donations_receiptline SET is_live = false"),
    ("R6 sums", "UPDATE donations_receipt SET amount = amount + 1, eligible = eligible + 1"),
    ("R7 gifts", "UPDATE donations_gift SET status = 'voided'"),
    ("R7 gifts", "UPDATE donations_gift SET refunded_amount = refunded_amount + 1"),
    ("R8 recipient", "UPDATE donations_receipt SET recipient_id = (SELECT MAX(id) FROM constituents_constituent)"),
]


@pytest.fixture
def sound_books(db: None) -> None:
    """A receipted gift with a refund, and a donor without gifts."""
    make_fund("Spare").__class__.objects.filter(name="Spare").update(code="spare")
    gift = make_gift(amount="80")
    refund_gift(gift, money=gift.money * Decimal("0.25"), by=None, reason="Overpaid")
    gift.refresh_from_db()
    make_receipt(gift)
    make_person("Zoe", "Last")


def run(name: str, *options: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command(name, *options, stdout=out)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue()
    return 0, out.getvalue()


@pytest.mark.usefixtures("sound_books")
def test_sound_books_are_found_right() -> None:
    assert check_books() == []
    assert run("check_books") == (0, "The books are right.\n")
    assert json.loads(run("check_books", "--json")[1]) == {"ok": True, "findings": []}
    assert run("rebuild_rollups", "--check") == (0, "No total has drifted.\n")


@pytest.mark.usefixtures("sound_books")
@pytest.mark.parametrize(("check", "fault"), PLANTED, ids=[f"{check}: {fault[:60]}" for check, fault in PLANTED])
def test_a_planted_fault_is_found(check: str, fault: str, lifted: Callable[[str], None]) -> None:
    lifted(fault)
    found = check_books()
    assert check in {finding.check for finding in found}
    assert all(finding.rows for finding in found)
    code, out = run("check_books", "--json")
    assert code == 1
    assert check in {finding["check"] for finding in json.loads(out)["findings"]}


@pytest.mark.usefixtures("sound_books")
def test_a_trigger_taken_off_is_found() -> None:
    triggers.drop()
    assert [finding.check for finding in check_books()] == ["triggers"]
    triggers.install()


@pytest.mark.usefixtures("sound_books")
def test_drifted_totals_are_named_and_rebuilt(lifted: Callable[[str], None]) -> None:
    lifted("UPDATE donations_givingtotals SET gift_count = gift_count + 1")
    code, out = run("rebuild_rollups", "--check", "--json")
    assert code == 1
    assert len(json.loads(out)["drifted"]) == 1
    assert run("rebuild_rollups")[0] == 0
    assert run("rebuild_rollups", "--check")[0] == 0


@pytest.fixture
def lifted(sound_books: None) -> Callable[[str], None]:
    """Return a function that changes rows behind the triggers' back."""

    def plant(statement: str) -> None:
        triggers.drop()
        with connection.cursor() as cursor:
            cursor.execute(statement)
        triggers.install()

    return plant
