"""Many at once, on both databases. Each race has a control that shows it really happens without our lock."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYetError
from decimal import Decimal
from threading import Barrier, Event

import pytest
from django.db import connections, transaction
from django.db.models import Max, Sum

from core import clock
from core.money import Money
from donations.accounting.periods import close_period, is_closed
from donations.errors import DonationsError
from donations.models import EntryKind, Gift, LedgerEntry, Receipt, ReceiptCounter
from donations.models.gift import GiftStatus
from donations.services.books import check_books
from donations.services.gifts import post_gift, refund_gift, void_gift
from donations.services.receipt_files import finish_unfinished
from donations.services.receipt_numbers import number_receipt, take_number
from donations.services.receipts import issue_receipt
from tests.factories.donations import make_gift

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("organisation")]


def one_dollar() -> Money:
    return Money(Decimal(1), "USD")


def test_receipt_numbers_are_unique_and_gapless_with_many_issuing_at_once(run_together: Callable) -> None:
    gifts = [make_gift() for _ in range(16)]

    def issue(number: int) -> str:
        with transaction.atomic():
            receipt = number_receipt([gifts[number]], by=None)
            if number % 4 == 3:
                transaction.set_rollback(True)
            return receipt.serial

    outcomes = run_together(16, issue)
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    numbers = sorted(Receipt.objects.values_list("number", flat=True))
    assert numbers == list(range(1, 13))
    finish_unfinished()
    assert check_books() == []


def test_control_the_highest_number_plus_one_is_given_twice(run_together: Callable) -> None:
    ReceiptCounter.objects.create(series="X", year=2026)
    everyone_has_read = Barrier(8)

    def next_number(_number: int) -> int:
        highest = ReceiptCounter.objects.aggregate(highest=Max("last"))["highest"]
        everyone_has_read.wait(timeout=30)
        ReceiptCounter.objects.filter(series="X").update(last=highest + 1)
        return highest + 1

    given = Counter(outcome.value for outcome in run_together(8, next_number))
    assert given == {1: 8}


def test_one_gift_gets_one_receipt_however_many_issue_it(run_together: Callable) -> None:
    gift = make_gift()
    outcomes = run_together(8, lambda _number: issue_receipt(gift, by=None).serial)
    assert len([outcome for outcome in outcomes if outcome.value]) == 1
    assert all(isinstance(outcome.error, DonationsError) for outcome in outcomes if outcome.error)
    assert Receipt.objects.count() == 1
    assert check_books() == []


def test_control_without_a_lock_everybody_finds_the_gift_without_a_receipt(run_together: Callable) -> None:
    gift = make_gift()
    everyone_has_looked = Barrier(8)

    def look(_number: int) -> bool:
        is_free = not gift.receipt_lines.filter(is_live=True).exists()
        everyone_has_looked.wait(timeout=30)
        return is_free  # each would now take a number and certify it

    assert [outcome.value for outcome in run_together(8, look)] == [True] * 8


def test_refunds_never_exceed_the_gift_with_twenty_at_once(run_together: Callable) -> None:
    gift = make_gift(amount="7")
    outcomes = run_together(20, lambda _number: refund_gift(gift, money=one_dollar(), by=None, reason="Asked for it"))
    assert len([outcome for outcome in outcomes if outcome.value]) == 7
    assert all(isinstance(outcome.error, DonationsError) for outcome in outcomes if outcome.error)
    gift.refresh_from_db()
    assert (gift.status, gift.refunded_amount) == (GiftStatus.REFUNDED, Decimal(7))
    assert check_books() == []


def test_control_refunds_without_a_lock_give_back_too_much(run_together: Callable) -> None:
    gift = make_gift(amount="7")
    everyone_has_looked = Barrier(20)

    def refund(_number: int) -> bool:
        row = Gift.objects.get(pk=gift.pk)
        enough = row.amount - row.refunded_amount >= 1
        everyone_has_looked.wait(timeout=30)
        return enough  # each would now enter a refund of one

    allowed = sum(bool(outcome.value) for outcome in run_together(20, refund))
    assert allowed > 7


def test_a_gift_is_posted_once_however_many_press_the_button(run_together: Callable) -> None:
    gift = make_gift(amount="12", post=False)
    outcomes = run_together(8, lambda _number: post_gift(gift, by=None))
    assert len([outcome for outcome in outcomes if outcome.value]) == 1
    assert LedgerEntry.objects.aggregate(total=Sum("amount"))["total"] == 12
    assert check_books() == []


def test_control_without_a_lock_a_gift_is_in_the_books_as_often_as_somebody_posts_it(run_together: Callable) -> None:
    gift = make_gift(amount="12", post=False)
    part = gift.allocations.get()
    everyone_has_looked = Barrier(8)

    def post(_number: int) -> None:
        row = Gift.objects.get(pk=gift.pk)
        everyone_has_looked.wait(timeout=30)
        if row.status == GiftStatus.PENDING:
            LedgerEntry.objects.create(
                gift=row,
                fund_id=part.fund_id,
                donor_id=row.donor_id,
                kind=EntryKind.POSTED,
                amount=part.amount,
                currency=row.currency,
                base_amount=part.amount,
                effective_on=row.received_on,
                recorded_at=clock.now(),
            )

    run_together(8, post)
    assert LedgerEntry.objects.aggregate(total=Sum("amount"))["total"] == 8 * 12
    assert "M1 posting" in {finding.check for finding in check_books()}


def test_a_void_and_a_refund_at_once_leave_the_books_right(run_together: Callable) -> None:
    gift = make_gift(amount="9")

    def reverse(number: int) -> Gift:
        if number % 2:
            return refund_gift(gift, money=one_dollar(), by=None, reason="Asked for it")
        return void_gift(gift, by=None, reason="Typed twice")

    run_together(8, reverse)
    assert check_books() == []
    assert LedgerEntry.objects.aggregate(total=Sum("amount"))["total"] == 0


def test_a_refund_while_the_receipt_is_issued_never_leaves_a_receipt_over_money_gone(run_together: Callable) -> None:
    gift = make_gift(amount="50")

    def act(number: int) -> object:
        if number:
            return refund_gift(gift, money=Money(Decimal(50), "USD"), by=None, reason="Asked for it")
        return issue_receipt(gift, by=None)

    run_together(2, act)
    finish_unfinished()
    assert not Receipt.objects.live().exists()
    assert check_books() == []


def test_numbers_taken_in_blocks_do_not_overlap() -> None:
    def take(_number: int) -> range:
        try:
            with transaction.atomic():
                first = take_number("B", 2026, 5)
            return range(first, first + 5)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        blocks = list(pool.map(take, range(6)))
    assert sorted(number for block in blocks for number in block) == list(range(1, 31))


def while_an_entry_is_on_its_way(close: Callable[[], int]) -> tuple[bool, int]:
    """Let `close` run while a gift is entered but not yet committed; return whether it had to wait, and its answer."""
    gift = make_gift(on=clock.today() - dt.timedelta(days=3), post=False)
    entered, may_commit = Event(), Event()

    def enter() -> None:
        try:
            with transaction.atomic():
                post_gift(gift, by=None)
                entered.set()
                may_commit.wait(timeout=30)
        finally:
            connections.close_all()

    def then_close() -> int:
        try:
            entered.wait(timeout=30)
            return close()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        entering, closing = pool.submit(enter), pool.submit(then_close)
        try:
            closing.result(timeout=0.5)
            waited = False
        except NotYetError:
            waited = True
        may_commit.set()
        entering.result()
        return waited, closing.result()


def in_the_books_through(day: dt.date) -> int:
    return LedgerEntry.objects.filter(effective_on__lte=day).count()


def test_books_are_closed_over_an_entry_that_is_on_its_way_and_never_without_it() -> None:
    through = clock.today() - dt.timedelta(days=1)

    def close() -> int:
        with transaction.atomic():
            close_period(through=through, by=None)
            return in_the_books_through(through)

    assert while_an_entry_is_on_its_way(close) == (True, 1)
    assert check_books() == []


def test_control_without_the_lock_books_are_closed_over_less_than_they_come_to_hold() -> None:
    through = clock.today() - dt.timedelta(days=1)
    assert while_an_entry_is_on_its_way(lambda: in_the_books_through(through)) == (False, 0)
    assert in_the_books_through(through) == 1


@pytest.mark.usefixtures("lifted_triggers")
def test_control_look_then_enter_puts_gifts_into_closed_books(run_together: Callable) -> None:
    day = clock.today() - dt.timedelta(days=3)
    gifts = [make_gift(on=day) for _ in range(4)]
    entries = {gift.pk: LedgerEntry.objects.filter(gift=gift).values().get() for gift in gifts}
    LedgerEntry.objects.all().delete()
    everyone_has_looked, closed = Barrier(4), Event()

    def enter(number: int) -> bool:
        is_open = not is_closed(day)
        everyone_has_looked.wait(timeout=30)
        if number == 0:
            close_period(through=day, by=None)
            closed.set()
        closed.wait(timeout=30)
        if is_open:
            LedgerEntry.objects.create(**entries[gifts[number].pk] | {"recorded_at": clock.now()})
        return is_open

    assert [outcome.value for outcome in run_together(4, enter)] == [True] * 4
    assert "M11 closed periods" in {finding.check for finding in check_books()}
