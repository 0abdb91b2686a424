"""A charity's life, played in any order: after every step the books are right, and what was said of the past stands.

The suite plays a few short stories. `--hypothesis-profile=thorough` plays many long ones.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from constituents.models import Constituent, Merge
from constituents.services.merging import merge, undo_merge
from core import clock
from core.errors import DomainError
from core.money import Money
from donations.accounting.as_of import books_as_of
from donations.accounting.exporting import export_journal, take_back_export
from donations.accounting.periods import close_period, closed_through, reopen_period
from donations.models import ClosedPeriod, Gift, JournalExport, LedgerEntry, Method, Receipt
from donations.services.adjusting import adjust_gift
from donations.services.books import check_books
from donations.services.gifts import (
    cancel_gift,
    charge_back_gift,
    post_gift,
    record_gift,
    refund_gift,
    reinstate_gift,
    void_gift,
)
from donations.services.receipt_files import finish_unfinished
from donations.services.receipts import issue_receipt, reissue_receipt, void_receipt
from donations.services.yearly import issue_year
from tests.factories.constituents import make_person
from tests.factories.donations import make_fund

BEGINS = dt.datetime(2026, 1, 20, 15, tzinfo=dt.UTC)
cents = st.integers(1, 200_000)
percents = st.integers(1, 120)
picks = st.integers(0, 7)
days = st.integers(0, 45)
WHY = "So the story goes"


def run_the_year(year: int, *, by: None) -> list[Receipt]:
    """Return what a yearly run issues."""
    return [receipt for step in issue_year(year, by=by) for receipt in step.receipts]


class Story(RuleBasedStateMachine):
    """Three donors, three funds, one treasurer, and time."""

    def __init__(self) -> None:
        super().__init__()
        self.time = time_machine.travel(BEGINS, tick=False)
        self.traveller = self.time.start()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.donors = [make_person() for _ in range(3)]
        self.funds = [make_fund() for _ in range(3)]
        self.said: dict[dt.date, list[tuple[str, Decimal]]] = {}

    def teardown(self) -> None:
        """Leave no trace."""
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)
        self.time.stop()

    def tell(self, verb: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Let something happen, unless a rule says no; a receipt that was numbered is finished, as the clock would."""
        try:
            outcome = verb(*args, by=None, **kwargs)
        except DomainError:
            return None
        finish_unfinished()
        return outcome

    def pick(self, rows: Any, number: int) -> Any:
        """Return one of the rows there are, or None."""
        rows = list(rows.order_by("pk"))
        return rows[number % len(rows)] if rows else None

    def gift(self, number: int) -> Gift | None:
        """Return one of the gifts, the younger ones more often."""
        gifts = list(Gift.objects.order_by("-pk")[:8])
        return gifts[number % len(gifts)] if gifts else None

    # Gifts

    @rule(
        amount=cents,
        donor=picks,
        weights=st.lists(st.integers(0, 5), min_size=3, max_size=3),
        ago=days,
        post=st.booleans(),
        method=st.sampled_from(Method),
    )
    def record(self, amount: int, donor: int, weights: list[int], ago: int, post: bool, method: Method) -> None:
        """Somebody gives, to one fund or several, today or some days ago."""
        money = Money(Decimal(amount) / 100, "USD")
        shares = money.split(weights if any(weights) else [1, 1, 1])
        self.tell(
            record_gift,
            donor=self.donors[donor % 3],
            money=money,
            received_on=clock.today() - dt.timedelta(days=ago),
            allocations=[(fund, share.amount) for fund, share in zip(self.funds, shares, strict=True) if share],
            post=post,
            method=method,
            description="A piano" if method in (Method.IN_KIND, Method.SECURITIES) else "",
        )

    @rule(number=picks, came=st.none() | days)
    def post(self, number: int, came: int | None) -> None:
        """What was expected comes."""
        if gift := self.pick(Gift.objects.expected(), number):
            on = None if came is None else clock.today() - dt.timedelta(days=came)
            self.tell(post_gift, gift, received_on=on)

    @rule(number=picks)
    def cancel(self, number: int) -> None:
        """What was expected will not come."""
        if gift := self.gift(number):
            self.tell(cancel_gift, gift, reason=WHY)

    @rule(number=picks)
    def void(self, number: int) -> None:
        """It should never have been posted."""
        if gift := self.gift(number):
            self.tell(void_gift, gift, reason=WHY)

    @rule(number=picks, percent=percents)
    def refund(self, number: int, percent: int) -> None:
        """Some of it goes back, or too much of it would."""
        if gift := self.gift(number):
            self.tell(refund_gift, gift, money=gift.money * percent * Decimal("0.01"), reason=WHY)

    @rule(number=picks, percent=st.none() | percents)
    def charge_back(self, number: int, percent: int | None) -> None:
        """The bank takes it back."""
        if gift := self.gift(number):
            money = None if percent is None else gift.money * percent * Decimal("0.01")
            self.tell(charge_back_gift, gift, money=money, reason=WHY)

    @rule(number=picks)
    def reinstate(self, number: int) -> None:
        """The bank gives it back after all."""
        if gift := self.gift(number):
            self.tell(reinstate_gift, gift, reason=WHY)

    @rule(number=picks, amount=st.none() | cents, donor=st.none() | picks, fund=st.none() | picks, ago=st.none() | days)
    def adjust(self, number: int, amount: int | None, donor: int | None, fund: int | None, ago: int | None) -> None:
        """Something about it was wrong."""
        gift = self.gift(number)
        if gift is None:
            return
        money = gift.left if amount is None else Money(Decimal(amount) / 100, "USD")
        self.tell(
            adjust_gift,
            gift,
            money=money,
            donor=None if donor is None else self.donors[donor % 3],
            received_on=None if ago is None else clock.today() - dt.timedelta(days=ago),
            allocations=None if fund is None else [(self.funds[fund % 3], money.amount)],
            reason=WHY,
        )

    # Receipts

    @rule(number=picks)
    def receipt(self, number: int) -> None:
        """A gift is certified."""
        if gift := self.gift(number):
            self.tell(issue_receipt, gift)

    @rule(number=picks)
    def spoil_receipt(self, number: int) -> None:
        """A receipt is void."""
        if receipt := self.pick(Receipt.objects.live(), number):
            self.tell(void_receipt, receipt, reason=WHY)

    @rule(number=picks)
    def replace_receipt(self, number: int) -> None:
        """A receipt is issued again."""
        if receipt := self.pick(Receipt.objects.live(), number):
            self.tell(reissue_receipt, receipt, reason=WHY)

    @rule()
    def receipt_the_year(self) -> None:
        """The yearly run leaves nobody who could be receipted without a receipt, and nothing to a second run."""
        year = clock.today().year
        self.tell(run_the_year, year)
        assert run_the_year(year, by=None) == []

    # People

    @rule(keep=picks, other=picks)
    def merge(self, keep: int, other: int) -> None:
        """Two donors turn out to be one."""
        if keep % 3 != other % 3:
            kept, merged = (Constituent.objects.get(pk=self.donors[n % 3].pk) for n in (keep, other))
            self.tell(merge, kept, merged)

    @rule(number=picks)
    def undo_merge(self, number: int) -> None:
        """They were two after all."""
        if done := self.pick(Merge.objects.standing(), number):
            self.tell(undo_merge, done)

    # The treasurer

    @rule(ago=st.integers(-1, 60))
    def close(self, ago: int) -> None:
        """The books are closed through a day."""
        self.tell(close_period, through=clock.today() - dt.timedelta(days=ago))

    @rule()
    def reopen(self) -> None:
        """They are opened again."""
        if period := ClosedPeriod.objects.in_force().order_by("-ends_on").first():
            self.tell(reopen_period, period, reason=WHY)

    @rule(ago=days, grouping=st.sampled_from(["day", "month"]))
    def export(self, ago: int, grouping: str) -> None:
        """The journal is handed over."""
        self.tell(export_journal, through=clock.today() - dt.timedelta(days=ago), grouping=grouping)

    @rule(number=picks)
    def take_back(self, number: int) -> None:
        """An export never reached the bookkeeping."""
        if export := self.pick(JournalExport.objects.live(), number):
            self.tell(take_back_export, export, reason=WHY)

    @precondition(lambda self: len(self.said) < 4)
    @rule(by=st.integers(1, 50))
    def time_goes_by(self, by: int) -> None:
        """What the books say at the end of the day is written down, and the calendar moves on."""
        self.said[clock.today()] = self.books(clock.today())
        self.traveller.shift(dt.timedelta(days=by))

    def books(self, day: dt.date) -> list[tuple[str, Decimal]]:
        """Return what the books of a day held by fund; a fund that held nothing is not worth a word."""
        return [(line.name, line.net) for line in books_as_of(day) if line.net]

    # What holds after every step

    @invariant()
    def the_books_are_right(self) -> None:
        """Every check there is finds nothing."""
        assert check_books() == []

    @invariant()
    def what_was_said_of_the_past_stands(self) -> None:
        """The books as of an earlier day say what they said that day."""
        for day, said in self.said.items():
            assert self.books(day) == said

    @invariant()
    def nothing_new_is_dated_into_closed_books(self) -> None:
        """The entries of closed days were all there when they were closed."""
        if through := closed_through():
            period = ClosedPeriod.objects.in_force().get(ends_on=through)
            late = LedgerEntry.objects.filter(effective_on__lte=through, recorded_at__gt=period.closed_at)
            assert not late.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("organisation")
def test_whatever_happens_the_books_are_right() -> None:
    chosen = settings.default or settings()
    if chosen.max_examples <= 100:
        chosen = settings(chosen, max_examples=5, stateful_step_count=14)
    run_state_machine_as_test(Story, settings=settings(chosen, suppress_health_check=list(HealthCheck)))
