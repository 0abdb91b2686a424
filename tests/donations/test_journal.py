"""The journal: balanced, tied to the gifts, each movement handed over once, late ones with the next export."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from accounts.roles import sync_roles
from core import triggers
from core.money import Money
from core.triggers import ProtectedRowError
from donations.accounting.exporting import export_journal, preview_journal, take_back_export
from donations.accounting.setting_up import set_up_journal
from donations.errors import JournalError
from donations.models import (
    Account,
    ExchangeRate,
    GiftKind,
    GiftSource,
    JournalExport,
    JournalGrouping,
    LedgerEntry,
    Method,
)
from donations.services.books import check_books
from donations.services.gifts import refund_gift, void_gift
from tests.factories.donations import make_fund, make_gift

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]

MARCH_END, APRIL_END = dt.date(2026, 3, 31), dt.date(2026, 4, 30)


@pytest.fixture(autouse=True)
def _in_june() -> object:
    with time_machine.travel(dt.datetime(2026, 6, 15, 16, tzinfo=dt.UTC), tick=True):
        yield


@pytest.fixture
def accounts(organisation: object) -> None:
    numbers = {"cheque": "1010", "card": "1020", "in_kind": "1500", "income": "4000", "refunds": "4900", "dues": "4300"}
    numbers |= {"in_kind_income": "4500", "charge_backs": "4910"}
    set_up_journal(
        accounts={use: (code, "") for use, code in numbers.items()}, begins_on=None, grouping="month", by=None
    )


def booked(export: JournalExport) -> list[tuple[str, str, str, str]]:
    """The lines in short: text, account, debit, credit."""
    return [
        (
            line.text,
            line.account,
            f"{line.debit:.2f}" if line.debit else "",
            f"{line.credit:.2f}" if line.credit else "",
        )
        for line in export.lines.all()
    ]


@pytest.mark.usefixtures("accounts")
def test_a_month_is_booked_by_fund_and_method_and_balances() -> None:
    roof = make_fund("Roof", accounting_code="4100")
    general = make_fund("General fund", is_default=True)
    make_gift(amount="100", fund=roof, method=Method.CHEQUE)
    make_gift(amount="50", fund=general, method=Method.CARD, on=dt.date(2026, 3, 9))
    make_gift(
        amount="30",
        method=Method.CARD,
        allocations=[(roof, Decimal(10)), (general, Decimal(20))],
        on=dt.date(2026, 3, 20),
    )
    export = export_journal(through=MARCH_END, by=None)
    assert booked(export) == [
        ("Gifts received", "1010", "100.00", ""),
        ("Gifts received", "1020", "80.00", ""),
        ("Gifts received", "4000", "", "70.00"),
        ("Gifts received", "4100", "", "110.00"),
    ]
    assert {line.date for line in export.lines.all()} == {MARCH_END}
    assert (export.entry_count, export.total) == (4, Decimal(180))
    assert check_books() == []


@pytest.mark.usefixtures("accounts")
def test_refunds_dues_and_goods_stand_in_accounts_of_their_own() -> None:
    fund = make_fund("General fund", is_default=True)
    gift = make_gift(amount="80", fund=fund, method=Method.CARD)
    make_gift(amount="40", fund=fund, method=Method.CHEQUE, kind=GiftKind.DUES)
    make_gift(amount="500", fund=fund, method=Method.IN_KIND, description="A piano")
    refund_gift(gift, money=Money(Decimal(30), "USD"), by=None, reason="Overpaid")
    void_gift(make_gift(amount="5", fund=fund, method=Method.CHEQUE), by=None, reason="Typed twice")
    lines = booked(export_journal(through=dt.date(2026, 6, 15), by=None))
    assert ("Dues received", "4300", "", "40.00") in lines
    assert ("Gifts received", "4500", "", "500.00") in lines
    assert ("Gifts received", "1500", "500.00", "") in lines
    assert ("Refunds", "4900", "30.00", "") in lines
    assert ("Refunds", "1020", "", "30.00") in lines
    assert ("Gifts voided", "4000", "5.00", "") in lines
    assert ("Gifts voided", "1010", "", "5.00") in lines
    assert check_books() == []


def test_lines_by_day_carry_each_days_date() -> None:
    for day in (2, 2, 5):
        make_gift(on=dt.date(2026, 3, day))
    export = export_journal(through=MARCH_END, by=None, grouping=JournalGrouping.DAY)
    assert {line.date.day for line in export.lines.all()} == {2, 5}
    assert export.lines.filter(debit=100, date=dt.date(2026, 3, 2)).exists()


def test_a_foreign_gift_is_booked_in_base_currency_with_its_own_amount_beside() -> None:
    ExchangeRate.objects.create(currency="EUR", valid_from=dt.date(2026, 1, 1), rate=Decimal("1.10"))
    make_gift(amount="100", currency="EUR")
    export = export_journal(through=MARCH_END, by=None)
    line = export.lines.get(debit__gt=0)
    assert (line.debit, line.own_amount, line.own_currency) == (Decimal(110), Decimal(100), "EUR")


def test_each_movement_is_handed_over_once_and_late_ones_come_next() -> None:
    make_gift(amount="10", on=dt.date(2026, 3, 3))
    first = export_journal(through=MARCH_END, by=None)
    with pytest.raises(JournalError, match="nothing to hand over"):
        export_journal(through=MARCH_END, by=None)
    make_gift(amount="20", on=dt.date(2026, 3, 4))
    make_gift(amount="40", on=dt.date(2026, 4, 4))
    make_gift(amount="80", on=dt.date(2026, 5, 4))
    second = export_journal(through=APRIL_END, by=None)
    assert (first.entry_count, second.entry_count, second.late_count) == (1, 2, 1)
    assert sorted({line.date for line in second.lines.all()}) == [MARCH_END, APRIL_END]
    assert second.total == 60
    assert preview_journal(through=dt.date(2026, 5, 31)).debit == 80
    assert check_books() == []


def test_an_export_taken_back_leaves_its_movements_to_the_next() -> None:
    make_gift(amount="10")
    export = export_journal(through=MARCH_END, by=None)
    with pytest.raises(JournalError, match="Say why"):
        take_back_export(export, by=None, reason="")
    take_back_export(export, by=None, reason="Sent to the wrong ledger")
    with pytest.raises(JournalError, match="already"):
        take_back_export(export, by=None, reason="Again")
    again = export_journal(through=MARCH_END, by=None)
    assert (again.total, again.late_count) == (Decimal(10), 0)
    assert export.lines.count() == again.lines.count() == 2
    assert check_books() == []


def test_history_before_the_journal_is_left_out_and_a_late_cheque_is_not() -> None:
    make_gift(amount="10", on=dt.date(2025, 12, 30))
    set_up_journal(accounts={}, begins_on=dt.date(2026, 1, 1), grouping="month", by=None)
    make_gift(amount="20", on=dt.date(2025, 12, 31))
    imported = make_gift(amount="40", on=dt.date(2024, 5, 5), source=GiftSource.IMPORT)
    void_gift(imported, by=None, reason="Import undone")
    make_gift(amount="80", on=dt.date(2026, 1, 2))
    assert export_journal(through=dt.date(2026, 6, 15), by=None).total == 100


def test_an_empty_export_leaves_nothing_behind_and_days_to_come_are_refused() -> None:
    with pytest.raises(JournalError):
        export_journal(through=dt.date(2026, 6, 16), by=None)
    assert not JournalExport.objects.exists()


def test_what_was_handed_over_never_changes() -> None:
    make_gift()
    export_journal(through=MARCH_END, by=None)
    statements = (
        "UPDATE donations_journalline SET debit = debit + 1 WHERE debit > 0",
        "DELETE FROM donations_journalline",
        "UPDATE donations_journalexport SET total = 1",
        "DELETE FROM donations_exportedentry",
        "DELETE FROM donations_journalexport",
    )
    for statement in statements:
        with connection.cursor() as cursor, pytest.raises(ProtectedRowError), transaction.atomic():
            cursor.execute(statement)


PLANTED = [
    ("J1 balance", "UPDATE donations_journalline SET debit = debit + 1 WHERE debit > 0"),
    ("J2 movements", "UPDATE donations_exportedentry SET row = row + 1000"),
    ("J2 movements", "DELETE FROM donations_exportedentry"),
    ("J3 ledger", "UPDATE donations_journalline SET debit = debit * 2, credit = credit * 2"),
]


@pytest.mark.parametrize(("check", "fault"), PLANTED)
def test_check_books_finds_a_fault_in_an_export(check: str, fault: str) -> None:
    make_gift()
    export_journal(through=MARCH_END, by=None)
    triggers.drop()
    with connection.cursor() as cursor:
        cursor.execute(fault)
    triggers.install()
    assert check in {finding.check for finding in check_books()}


@settings(max_examples=6)
@given(
    gifts=st.lists(
        st.tuples(st.integers(1, 90_000), st.sampled_from(list(Method)), st.integers(1, 28), st.integers(0, 100)),
        min_size=1,
        max_size=6,
    ),
    grouping=st.sampled_from(list(JournalGrouping)),
)
def test_whatever_came_in_the_journal_balances_and_ties_to_the_ledger(
    gifts: list[tuple[int, Method, int, int]], grouping: JournalGrouping
) -> None:
    with transaction.atomic():
        for cents, method, day, percent in gifts:
            gift = make_gift(amount=Decimal(cents) / 100, method=method, on=dt.date(2026, 3, day))
            back = gift.money * Decimal(percent) * Decimal("0.01")
            if back:
                refund_gift(gift, money=back, by=None, reason="Asked for it")
        export = export_journal(through=dt.date(2026, 6, 15), by=None, grouping=grouping)
        lines = list(export.lines.all())
        assert sum(line.debit - line.credit for line in lines) == 0
        came_in = sum((line.debit - line.credit for line in lines if line.method), Decimal(0))
        assert came_in == sum(LedgerEntry.objects.values_list("base_amount", flat=True), Decimal(0))
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("organisation")
def test_two_who_export_at_once_hand_nothing_over_twice(run_together: Callable) -> None:
    for _ in range(3):
        make_gift()
    outcomes = run_together(4, lambda _number: export_journal(through=MARCH_END, by=None).entry_count)
    assert [outcome.value for outcome in outcomes if outcome.value] == [3]
    assert all(isinstance(outcome.error, JournalError) for outcome in outcomes if outcome.error)
    assert check_books() == []


def test_the_screen_shows_the_export_before_it_is_made_and_gives_its_files(staff_client: Callable[..., Client]) -> None:
    client = staff_client()
    make_gift(amount="120", on=dt.date(2026, 5, 3))
    page = client.get(reverse("journal:export"))
    assert "1 movement" in page.text
    assert "These accounts have no number yet" in page.text
    given = {"through": "2026-05-31", "grouping": "day"}
    assert not JournalExport.objects.exists()
    assert client.post(reverse("journal:export"), {**given, "preview": "1"}).status_code == 200
    assert not JournalExport.objects.exists()
    page = client.post(reverse("journal:export"), given, follow=True)
    export = JournalExport.objects.get()
    assert "$120.00" in page.text
    sheet = client.get(reverse("journal_download", args=[export.uuid, "lines", "csv"]))
    rows = list(csv.DictReader(io.StringIO(b"".join(sheet).decode())))
    assert sum(Decimal(row["Debit"] or 0) - Decimal(row["Credit"] or 0) for row in rows) == 0
    book = load_workbook(
        io.BytesIO(b"".join(client.get(reverse("journal_download", args=[export.uuid, "movements", "xlsx"]))))
    )
    assert [row[8].value for row in book.active.iter_rows(min_row=2)] == [120]
    client.post(reverse("journal:take_back", args=[export.pk]), {"reason": "Wrong ledger"})
    export.refresh_from_db()
    assert not export.is_live


def test_the_accounts_are_entered_on_one_page(staff_client: Callable[..., Client]) -> None:
    client = staff_client()
    assert client.get(reverse("journal_accounts")).status_code == 200
    given = {"code_cheque": "1010", "name_cheque": "Current account", "begins_on": "2026-01-01", "grouping": "day"}
    client.post(reverse("journal_accounts"), given)
    assert str(Account.objects.get()) == "1010 Current account"
    client.post(reverse("journal_accounts"), given | {"code_cheque": ""})
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("role", "looks", "keeps", "reopens"),
    [
        ("Administrator", True, True, True),
        ("Gift processor", True, True, False),
        ("Read-only", True, False, False),
        ("Fundraiser", False, False, False),
        ("Board reader", False, False, False),
        ("Membership officer", False, False, False),
    ],
)
def test_each_role_may_what_its_work_needs(
    staff_client: Callable[..., Client], role: str, looks: bool, keeps: bool, reopens: bool
) -> None:
    sync_roles()
    client = staff_client(role)

    def may(name: str) -> bool:
        return client.get(reverse(name)).status_code == 200

    user = client.user
    assert [may("journal:index"), may("closed_periods:index")] == [looks] * 2
    assert [may("journal:export"), may("closed_periods:close"), may("journal_accounts")] == [keeps] * 3
    assert user.has_perm("donations.reopen_period") == reopens
