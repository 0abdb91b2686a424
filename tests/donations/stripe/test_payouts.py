"""Payouts: kept once whatever the order, added up to the cent, booked, and found on the bank statement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from core import clock
from core.money import Money
from core.triggers import ProtectedRowError
from donations.accounting.exporting import export_journal
from donations.accounting.periods import close_period
from donations.accounting.setting_up import set_up_journal
from donations.bank.applying import apply_sure, take_back
from donations.bank.matching import suggestions_for
from donations.bank.reading import read_statement
from donations.models import (
    BalanceLine,
    BankAccount,
    BankCredit,
    BankStatement,
    CreditState,
    Dispute,
    ExchangeRate,
    FakeObject,
    Gift,
    Method,
    Payout,
    PayoutStatus,
    Reconciliation,
    Tie,
)
from donations.services.books import check_books
from donations.stripe import checkout as checkouts
from donations.stripe.balance import fill_rates, record_lines
from donations.stripe.deposits import deposit_of, rows_of
from donations.stripe.fake import acting
from donations.stripe.syncing.payouts import apply, read_balance, sync
from tests.factories.donations import make_fund, make_gift
from tests.factories.online import MARCH, line_facts, make_payment, make_payout, payout_facts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]


@pytest.fixture(autouse=True)
def _in_june() -> object:
    with time_machine.travel(dt.datetime(2026, 6, 15, 16, tzinfo=dt.UTC), tick=True):
        yield


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


def a_bit_of_everything() -> list:
    """Two payments, a refund, a dispute with its fee, a fee by itself: 141.35 together."""
    return [
        line_facts("100.00", "3.20"),
        line_facts("80.00", "0.80", type="payment"),
        line_facts("-20.00", type="refund", source_id="re_1"),
        line_facts("-15.00", "15.00", type="adjustment", category="dispute", source_id="dp_1"),
        line_facts("-1.65", type="stripe_fee", source_id=""),
        line_facts("17.00", type="payout_failure", source_id="po_0"),
    ]


def test_a_deposit_is_gross_less_fees_refunds_and_disputes_to_the_cent() -> None:
    payout = make_payout("141.35", a_bit_of_everything())
    deposit = deposit_of(payout)
    assert (deposit.gross, deposit.fees, deposit.refunds) == (usd("180.00"), usd("-20.65"), usd("-20.00"))
    assert (deposit.disputes, deposit.other, deposit.net) == (usd("-15.00"), usd("17.00"), usd("141.35"))
    assert (deposit.tie, deposit.difference, deposit.count) == (Tie.EXACT, usd("0"), 6)
    assert Payout.objects.with_lines().get().tie == Tie.EXACT
    assert check_books() == []


def test_a_deposit_that_does_not_add_up_says_by_how_much() -> None:
    payout = make_payout("141.36", a_bit_of_everything())
    deposit = deposit_of(payout)
    assert (deposit.tie, deposit.difference) == (Tie.OFF, usd("0.01"))
    assert Payout.objects.with_lines().get().tie == Tie.OFF
    assert [finding.check for finding in check_books()] == ["P1 deposits"]


def test_what_is_not_all_known_yet_is_not_called_wrong() -> None:
    waiting = make_payout("50.00", [], reconciliation=Reconciliation.IN_PROGRESS)
    by_hand = make_payout("50.00", [], is_automatic=False, reconciliation=Reconciliation.NOT_APPLICABLE)
    assert (deposit_of(waiting).tie, deposit_of(by_hand).tie) == (Tie.WAITING, Tie.UNKNOWABLE)
    assert check_books() == []


def test_a_negative_payout_takes_money_from_the_bank() -> None:
    payout = make_payout("-25.00", [line_facts("-25.00", type="refund")])
    assert deposit_of(payout).net == usd("-25.00")
    assert not Payout.objects.without_deposit().exists()
    assert check_books() == []


@given(order=st.permutations(range(4)), again=st.integers(0, 3))
@settings(max_examples=8)
def test_lines_and_payout_may_come_in_any_order_any_number_of_times(order: list[int], again: int) -> None:
    lines, facts = [line_facts("60.00", "2.00"), line_facts("40.00", "1.50")], payout_facts("96.50")
    earlier = payout_facts("96.50", payout_id=facts.payout_id, status=PayoutStatus.IN_TRANSIT, sent_at=facts.sent_at)
    before, now = clock.now() - dt.timedelta(hours=1), clock.now()
    steps = [
        lambda: record_lines(lines[:1]),
        lambda: record_lines(lines),
        lambda: apply(earlier, [], asked_at=before),
        lambda: apply(facts, lines, asked_at=now),
    ]
    with transaction.atomic():
        for step in [*order, again]:
            steps[step]()
        payout = Payout.objects.get(payout_id=facts.payout_id)
        assert payout.status == PayoutStatus.PAID
        assert deposit_of(payout).tie == Tie.EXACT
        assert BalanceLine.objects.filter(payout=payout).count() == 2
        transaction.set_rollback(True)


def test_what_stripe_booked_is_kept_by_the_database(django_db_blocker: object) -> None:
    payout = make_payout("96.80", [line_facts("100.00", "3.20")])
    for statement in (
        "UPDATE donations_balanceline SET net_minor = 1, fee_minor = 9999",
        "UPDATE donations_balanceline SET payout_id = NULL",
        "DELETE FROM donations_balanceline",
        "UPDATE donations_payout SET amount_minor = 1",
    ):
        with pytest.raises(ProtectedRowError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert deposit_of(payout).tie == Tie.EXACT


def test_each_line_leads_to_its_gift_and_what_nobody_knows_is_named() -> None:
    gift = make_gift(amount="100.00")
    known, stranger = make_payment(gift), make_payment(amount="40.00")
    no_gift = make_payment(amount="9.00", resolution="not_ours", resolution_reason="Raffle", resolved_at=MARCH)
    payout = make_payout(
        "152.00",
        [
            line_facts("100.00", source_id=known.charge_id),
            line_facts("40.00", source_id=stranger.charge_id),
            line_facts("9.00", source_id=no_gift.charge_id),
            line_facts("3.00", type="topup", source_id="tu_1"),
        ],
    )
    rows = rows_of(payout)
    assert [row.gift for row in rows] == [gift, None, None, None]
    assert [row.is_unknown for row in rows] == [False, True, False, True]


# In the journal


def book_accounts() -> None:
    numbers = {"card": "1020", "bank_debit": "1025", "income": "4000", "fees": "6300"}
    numbers |= {"stripe": "1200", "deposits": "1000", "stripe_other": "1290", "refunds": "4900"}
    set_up_journal(
        accounts={use: (code, "") for use, code in numbers.items()}, begins_on=None, grouping="month", by=None
    )


def booked(through: dt.date = dt.date(2026, 3, 31)) -> set[tuple[str, str, str]]:
    """The lines of an export of what moved at Stripe: text, account, amount (below zero: credit)."""
    lines = export_journal(through=through, by=None).lines.filter(source="stripe")
    return {(line.text, line.account, f"{line.debit - line.credit:.2f}") for line in lines}


def test_fees_collections_and_the_deposit_are_in_the_journal() -> None:
    book_accounts()
    lines = [*a_bit_of_everything(), line_facts("-141.35", type="payout", source_id="po_x")]
    make_payout("141.35", lines)
    assert booked() == {
        ("Collected by Stripe", "1200", "180.00"),
        ("Collected by Stripe", "1020", "-100.00"),
        ("Collected by Stripe", "1025", "-80.00"),
        ("Refunded by Stripe", "1020", "20.00"),
        ("Refunded by Stripe", "1200", "-20.00"),
        ("Disputes at Stripe", "1020", "15.00"),
        ("Disputes at Stripe", "1200", "-15.00"),
        ("Processing fees", "6300", "20.65"),
        ("Processing fees", "1200", "-20.65"),
        ("Paid out by Stripe", "1000", "141.35"),
        ("Paid out by Stripe", "1200", "-141.35"),
        ("Paid out by Stripe", "1200", "17.00"),
        ("Paid out by Stripe", "1000", "-17.00"),
    }
    assert check_books() == []


def test_what_moves_stands_against_the_account_its_gift_stands_in() -> None:
    by_ideal, by_debit = make_payment(method_type="ideal"), make_payment(method_type="sepa_debit")
    Dispute.objects.create(
        payment=by_debit, stripe_id="du_1", amount=50, currency="USD", amount_minor=5000, reason="debit_not_authorized",
        status="lost", opened_at=MARCH, fetched_at=MARCH,
    )  # fmt: skip
    record_lines(
        [
            line_facts("50.00", type="payment", source_id=str(by_ideal.charge_id)),
            line_facts("-50.00", type="adjustment", category="dispute", source_id="du_1"),
            line_facts("7.00", type="payment", source_id="py_nobody_knows"),
        ]
    )
    methods = list(BalanceLine.objects.order_by("pk").values_list("method", flat=True))
    assert methods == [Method.OTHER, Method.BANK_DEBIT, Method.BANK_DEBIT]


def test_a_failed_payout_comes_back_from_the_bank() -> None:
    book_accounts()
    record_lines([line_facts("-60.00", type="payout"), line_facts("60.00", type="payout_failure")])
    assert booked() == {
        ("Paid out by Stripe", "1000", "60.00"),
        ("Paid out by Stripe", "1200", "-60.00"),
        ("Paid out by Stripe", "1200", "60.00"),
        ("Paid out by Stripe", "1000", "-60.00"),
    }


def test_who_gives_two_accounts_one_number_gets_no_lines_between_them() -> None:
    book_accounts()
    set_up_journal(
        accounts={"card": ("1200", ""), "stripe": ("1200", ""), "fees": ("6300", "")},
        begins_on=None,
        grouping="month",
        by=None,
    )
    record_lines([line_facts("100.00", "3.20")])
    assert booked() == {("Processing fees", "6300", "3.20"), ("Processing fees", "1200", "-3.20")}


def test_a_line_in_another_currency_is_booked_at_the_days_rate_once_there_is_one() -> None:
    book_accounts()
    make_gift()
    record_lines([line_facts("100.00", "4.00", currency="EUR")])
    assert booked() == set()
    ExchangeRate.objects.create(currency="EUR", valid_from=dt.date(2026, 1, 1), rate=Decimal("1.10"))
    assert fill_rates() == 1
    assert ("Processing fees", "6300", "4.40") in booked()
    assert check_books() == []


def test_what_happened_in_closed_books_is_booked_on_the_first_open_day() -> None:
    close_period(through=dt.date(2026, 4, 30), by=None)
    record_lines([line_facts("100.00")])
    assert BalanceLine.objects.get().booked_on == dt.date(2026, 5, 1)


# On the bank statement


@pytest.fixture
def statement(tmp_path: Path) -> BankStatement:
    make_fund("General", is_default=True)
    account = BankAccount.objects.create(name="Gifts account", currency="USD")
    path = tmp_path / "statement.csv"
    path.write_text(
        "Date,Amount,Name,Reference\n"
        "2026-03-12,141.35,STRIPE PAYMENTS,ST-AB12CD\n"
        "2026-03-13,60.00,Ann Lee,Donation\n"
        "2026-03-13,70.00,Bo Ray,Donation\n",
        encoding="utf-8",
    )
    return read_statement(path, name="march.csv", account=account, by=None)


def test_a_payout_on_the_statement_is_tied_and_is_no_gift(statement: BankStatement) -> None:
    payout = make_payout("141.35", a_bit_of_everything())
    credit = BankCredit.objects.get(amount="141.35")
    assert (credit.state, credit.payout, credit.was_sure) == (CreditState.PAYOUT, payout, True)
    assert not Gift.objects.exists()
    assert check_books() == []


def test_it_is_tied_whichever_of_the_two_comes_first(tmp_path: Path) -> None:
    payout = make_payout("60.00", descriptor="HARBOUR LIGHT")
    account = BankAccount.objects.create(name="Gifts account", currency="USD")
    path = tmp_path / "statement.csv"
    path.write_text("Date,Amount,Name,Reference\n2026-03-12,60.00,HARBOUR LIGHT PAYOUT,\n", encoding="utf-8")
    list(apply_sure(read_statement(path, name="march.csv", account=account, by=None), by=None))
    assert BankCredit.objects.get().payout == payout


def test_a_credit_of_the_same_amount_that_does_not_name_stripe_is_only_suggested(statement: BankStatement) -> None:
    payout = make_payout("60.00")
    credit = BankCredit.objects.get(amount="60.00")
    assert credit.state == CreditState.WAITING
    first = suggestions_for(credit)[0]
    assert (first.key, first.is_sure) == (f"payout-{payout.pk}", False)


def test_two_payouts_alike_are_for_somebody_to_settle(statement: BankStatement) -> None:
    facts = payout_facts("141.35", status=PayoutStatus.IN_TRANSIT)
    apply(facts, [line_facts("141.35")], asked_at=clock.now())
    make_payout("141.35")
    assert BankCredit.objects.get(amount="141.35").state == CreditState.PAYOUT
    credit = take_back(BankCredit.objects.get(amount="141.35"), by=None, reason="Which one?")
    apply(payout_facts("141.35", payout_id=facts.payout_id), [], asked_at=clock.now())
    credit.refresh_from_db()
    assert credit.state == CreditState.WAITING
    assert [each.is_sure for each in suggestions_for(credit)] == [False, False]


# Over the double: the real SDK, its pages and its lists


@pytest.fixture
def three_paid(online: None, go_to_pay: Callable[..., Any]) -> None:
    """Three gifts of 75.00 together, with their fees."""
    for amount in ("25.00", "40.00", "10.00"):
        checkout = go_to_pay(amount)
        acting.pay(checkout.session_id, acting.Outcome.PAY)
        checkouts.settle(checkout)
    acting.book_fees()


@pytest.mark.usefixtures("three_paid")
def test_the_balance_is_read_once_however_often_it_is_asked_for() -> None:
    since = clock.now() - dt.timedelta(days=1)
    assert (read_balance(since=since), read_balance(since=since)) == (3, 0)
    assert sum(line.gross for line in BalanceLine.objects.all()) == Decimal(75)


@pytest.mark.usefixtures("three_paid")
def test_a_payout_of_many_pages_ties_and_each_line_of_ours_has_its_gift() -> None:
    pattern = FakeObject.objects.filter(kind="balance_transaction").first()
    assert pattern is not None
    copies = [
        FakeObject(
            stripe_id=f"txn_copy{number}",
            kind=pattern.kind,
            created=pattern.created,
            data=pattern.data | {"id": f"txn_copy{number}", "source": f"ch_copy{number}"},
        )
        for number in range(220)
    ]
    FakeObject.objects.bulk_create(copies)
    payout = sync(acting.payout("usd")["id"])
    deposit = deposit_of(payout)
    assert (deposit.tie, deposit.count) == (Tie.EXACT, 223)
    rows = rows_of(payout)
    assert sum(row.gift is not None for row in rows) == 3
    assert sum(row.is_unknown for row in rows) == 220


@pytest.mark.usefixtures("three_paid")
def test_a_payout_that_failed_is_paid_out_again_and_both_tie() -> None:
    first = acting.payout("usd")["id"]
    sync(first)
    acting.fail_payout(first)
    failed = sync(first)
    assert (failed.status, failed.failure_message) == (PayoutStatus.FAILED, "The bank account has been closed.")
    second = sync(acting.payout("usd")["id"])
    deposit = deposit_of(second)
    assert (deposit.other, deposit.tie) == (failed.money, Tie.EXACT)
    assert deposit_of(failed).tie == Tie.EXACT
    assert check_books() == []
