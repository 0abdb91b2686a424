"""Gifts that come again and again, by standing order."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constituents.models import WorkEvent
from core.money import Money
from core.triggers import ProtectedRowError
from donations.models import ChangeKind, Gift, RecurringChange, RecurringGift, RecurringStatus
from donations.promises.errors import PaymentError, PromiseError
from donations.promises.expecting import ExpectedGift, changes_of, expected_dates, pair
from donations.promises.schedule import Frequency, Series, Unit
from donations.promises.standing import (
    change_recurring,
    end_recurring,
    match_recurring,
    pause_recurring,
    resume_recurring,
    unmatch_recurring,
)
from donations.promises.upkeep import keep_promises
from donations.services.gifts import void_gift
from tests.factories.donations import make_gift
from tests.factories.promises import make_recurring

pytestmark = pytest.mark.django_db

USD = "USD"


@pytest.fixture(autouse=True)
def _today(time_machine: Any) -> None:
    time_machine.move_to(dt.datetime(2026, 1, 2, 12, tzinfo=dt.UTC), tick=False)


@pytest.fixture
def on(time_machine: Any) -> Any:
    """Go to a day of 2026 and let the clock do its work there, twice."""

    def go(month: int, day: int) -> None:
        now = dt.datetime(2026, month, day, 12, tzinfo=dt.UTC)
        time_machine.move_to(now, tick=False)
        for _ in range(2):
            keep_promises(now=now)

    return go


def comes(recurring: RecurringGift, month: int, day: int, amount: str = "25") -> Gift:
    """A gift of it has come."""
    gift = make_gift(recurring.donor, amount, on=dt.date(2026, month, day))
    return match_recurring(gift, recurring=recurring, by=None)


def dollars(amount: int) -> Money:
    return Money(Decimal(amount), USD)


def due(recurring: RecurringGift, until: dt.date) -> list[tuple[str, int]]:
    """When how much is expected."""
    dates = expected_dates(recurring, changes_of(recurring), until=until)
    return [(each.on.strftime("%m-%d"), int(each.amount)) for each in dates]


def test_gifts_meet_their_dates_and_the_next_one_is_expected() -> None:
    recurring = make_recurring(starts_on=dt.date(2026, 1, 31))
    assert (recurring.status, recurring.next_due_on, recurring.day) == ("active", dt.date(2026, 1, 31), 31)
    comes(recurring, 1, 2)
    recurring.refresh_from_db()
    assert recurring.next_due_on == dt.date(2026, 1, 31)  # too early to be meant for the end of the month
    gift = make_gift(recurring.donor, "25", on=dt.date(2026, 1, 1))
    with pytest.raises(PaymentError, match="already"):
        match_recurring(comes(recurring, 1, 1), recurring=recurring, by=None)
    assert gift.recurring is None


def test_what_stops_coming_stands_out_lapses_and_recovers(on: Any) -> None:
    recurring = make_recurring()
    comes(recurring, 1, 2)

    def status() -> str:
        recurring.refresh_from_db()
        return recurring.status

    on(2, 11)
    assert status() == "active"  # ten days of patience
    on(2, 12)
    assert (status(), recurring.missed) == ("failing", 1)
    comes(recurring, 2, 12)
    assert (status(), recurring.missed, recurring.next_due_on) == ("active", 0, dt.date(2026, 3, 1))
    on(5, 12)
    assert (status(), recurring.missed, recurring.monthly) == ("lapsed", 3, 0)
    assert due(recurring, dt.date(2026, 7, 1))[-1] == ("05-01", 25)
    on(6, 3)
    comes(recurring, 6, 3)
    assert (status(), recurring.monthly, recurring.next_due_on) == ("active", 25, dt.date(2026, 7, 1))
    kinds = [change.kind for change in changes_of(recurring)]
    assert kinds == ["started", "failing", "recovered", "lapsed", "recovered"]
    assert WorkEvent.objects.filter(name__in=["recurring.failing", "recurring.lapsed"]).count() == 2


def test_a_voided_gift_leaves_its_date_open(on: Any) -> None:
    recurring = make_recurring()
    gift = comes(recurring, 1, 2)
    on(1, 20)
    void_gift(gift, by=None, reason="Bounced")
    recurring.refresh_from_db()
    assert (recurring.status, recurring.next_due_on) == ("failing", dt.date(2026, 1, 1))


def test_an_upgrade_has_a_day_and_a_size_and_the_funds_share_it(on: Any) -> None:
    recurring = make_recurring()
    change_recurring(recurring, by=None, effective_on=dt.date(2026, 3, 1), money=dollars(40), reason="Asked by phone")
    recurring.refresh_from_db()
    assert recurring.amount == 25
    assert due(recurring, dt.date(2026, 4, 1)) == [("01-01", 25), ("02-01", 25), ("03-01", 40), ("04-01", 40)]
    comes(recurring, 1, 1)
    on(3, 1)
    recurring.refresh_from_db()
    assert (recurring.amount, recurring.monthly, recurring.allocations.get().amount) == (40, 40, 40)
    change = recurring.changes.get(kind=ChangeKind.UPGRADED)
    assert (change.effective_on, change.difference, change.is_planned) == (dt.date(2026, 3, 1), 15, False)
    with pytest.raises(ProtectedRowError):
        RecurringChange.objects.filter(pk=change.pk).update(amount=1)


def test_other_dates_are_counted_from_their_first_and_a_lower_sum_is_a_downgrade() -> None:
    recurring = make_recurring(amount="30")
    change_recurring(
        recurring, by=None, effective_on=dt.date(2026, 1, 15), frequency=Frequency(1, Unit.QUARTER), day=20
    )  # fmt: skip
    assert due(recurring, dt.date(2026, 8, 1)) == [("01-01", 30), ("01-20", 30), ("04-20", 30), ("07-20", 30)]
    assert recurring.changes.last().kind == ChangeKind.DOWNGRADED
    assert recurring.changes.last().difference == -20
    with pytest.raises(PromiseError, match="Nothing"):
        change_recurring(recurring, by=None, effective_on=dt.date(2026, 1, 15))


def test_a_pause_expects_nothing_and_goes_on_by_itself(on: Any) -> None:
    recurring = make_recurring()
    comes(recurring, 1, 2)
    paused = pause_recurring(recurring, by=None, reason="Parental leave", until=dt.date(2026, 5, 1))
    assert (paused.status, paused.paused_until, paused.monthly) == ("paused", dt.date(2026, 5, 1), 0)
    on(4, 20)
    recurring.refresh_from_db()
    assert (recurring.status, recurring.missed) == ("paused", 0)
    on(5, 1)
    recurring.refresh_from_db()
    assert (recurring.status, recurring.next_due_on, recurring.monthly) == ("active", dt.date(2026, 5, 1), 25)
    pause_recurring(recurring, by=None, reason="Again", until=dt.date(2026, 9, 1))
    resumed = resume_recurring(recurring, by=None)
    assert (resumed.status, resumed.paused_until) == (RecurringStatus.ACTIVE, None)
    assert not recurring.changes.filter(is_planned=True).exists()


def test_it_ends_when_told_when_its_last_day_is_over_and_when_all_have_come(on: Any) -> None:
    told, dated, counted = make_recurring(), make_recurring(ends_on=dt.date(2026, 2, 1)), make_recurring(count=1)
    end_recurring(told, by=None, reason="Moved away", on=dt.date(2026, 1, 20))
    told.refresh_from_db()
    assert told.status == RecurringStatus.ACTIVE
    comes(counted, 1, 1)
    comes(dated, 1, 1)
    on(2, 2)
    for recurring in (told, dated, counted):
        recurring.refresh_from_db()
        assert (recurring.status, recurring.next_due_on, recurring.monthly) == ("ended", None, 0)
    assert told.status_reason == "Moved away"
    with pytest.raises(PromiseError):
        end_recurring(told, by=None, reason="Twice")


def test_a_gift_matched_by_mistake_is_taken_off_again() -> None:
    recurring = make_recurring()
    gift = unmatch_recurring(comes(recurring, 1, 2), by=None, reason="Another Smith")
    recurring.refresh_from_db()
    assert (gift.recurring, recurring.last_paid_on) == (None, None)


@settings(max_examples=30)
@given(
    st.lists(st.integers(0, 720), max_size=30),
    st.builds(Frequency, st.integers(1, 3), st.sampled_from([Unit.WEEK, Unit.MONTH, Unit.QUARTER])),
)
def test_each_gift_meets_one_date_at_most_and_no_date_is_met_twice(days: list[int], frequency: Frequency) -> None:
    start = dt.date(2026, 1, 1)
    dates = [ExpectedGift(day, Decimal(1)) for day in Series(start, frequency).until(start + dt.timedelta(days=700))]
    gifts = [Gift(pk=pk, received_on=start + dt.timedelta(days=day)) for pk, day in enumerate(days, start=1)]
    pair(dates, gifts, frequency)
    met = [each.gift for each in dates if each.gift]
    assert len({gift.pk for gift in met}) == len(met)
    reach = max(4, frequency.days // 2)
    assert all(abs((each.on - each.gift.received_on).days) <= reach for each in dates if each.gift)
    punctual = {each.on for each in dates} & {gift.received_on for gift in gifts}
    assert len(met) >= min(1, len(punctual))


def test_what_was_due_before_a_standing_order_was_written_down_is_not_missed(on: Any) -> None:
    on(6, 15)
    recurring = make_recurring(starts_on=dt.date(2026, 1, 20))
    assert (recurring.status, recurring.missed, recurring.next_due_on) == ("active", 0, dt.date(2026, 6, 20))
