"""A recurring gift follows what Stripe says of its subscription, as dated changes."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from constituents.models import WorkEvent
from core.money import Money
from donations.models import ChangeKind, Gift, GiftStatus, RecurringGift, RecurringStatus, StripeSubscription
from donations.promises.matching import expected_for
from donations.promises.reports import expected_a_month
from donations.promises.schedule import Frequency, Unit
from donations.promises.upkeep import keep_promises, to_look_at
from donations.services.books import check_books
from donations.stripe.syncing import subscriptions
from tests.factories.billing import charge, facts_of, later, make_online, make_prepared
from tests.factories.donations import make_fund

pytestmark = pytest.mark.django_db

USD = "USD"


@pytest.fixture(autouse=True)
def _today(time_machine: Any) -> None:
    time_machine.move_to(dt.datetime(2026, 1, 5, 17, tzinfo=dt.UTC), tick=False)


@pytest.fixture
def on(time_machine: Any) -> Any:
    """Go to a day of 2026, and let the clock do its work there."""

    def go(month: int, day: int) -> None:
        now = dt.datetime(2026, month, day, 17, tzinfo=dt.UTC)
        time_machine.move_to(now, tick=False)
        keep_promises(now=now)

    return go


def of(row: StripeSubscription) -> RecurringGift:
    return RecurringGift.objects.get(pk=row.recurring_id)


def kinds(recurring: RecurringGift) -> list[str]:
    return list(recurring.changes.order_by("pk").values_list("kind", flat=True))


# Setting up


def test_what_is_only_being_set_up_is_in_no_sum_and_expects_nothing() -> None:
    prepared = make_prepared()
    assert (prepared.status, kinds(prepared)) == (RecurringStatus.STARTING, [])
    assert expected_a_month() == 0
    assert not RecurringGift.objects.live().exists()
    assert not RecurringGift.objects.begun().exists()
    assert expected_for(donor=prepared.donor, money=prepared.money) == []


def test_it_begins_on_the_day_it_is_set_up_at_stripe(on: Any) -> None:
    prepared = make_prepared()
    on(1, 7)
    row = subscriptions.apply(facts_of(prepared))
    assert row is not None
    begun = of(row)
    assert (begun.status, begun.starts_on, begun.day) == (RecurringStatus.ACTIVE, dt.date(2026, 1, 7), 7)
    assert (begun.monthly, expected_a_month(), kinds(begun)) == (25, 25, [ChangeKind.STARTED])
    assert begun.next_due_on == dt.date(2026, 2, 7)
    assert WorkEvent.objects.filter(name="recurring.started").count() == 1


def test_one_given_up_for_lost_begins_when_it_is_set_up_after_all() -> None:
    from donations.promises.setting_up import abandon_recurring

    prepared = abandon_recurring(make_prepared(), reason="The payment page has expired.")
    assert prepared.status == RecurringStatus.ABANDONED
    row = subscriptions.apply(facts_of(prepared))
    assert row is not None
    assert of(row).status == RecurringStatus.ACTIVE


def test_a_first_payment_that_never_came_leaves_nothing_begun() -> None:
    prepared = make_prepared()
    assert subscriptions.apply(facts_of(prepared, status="incomplete")) is None
    assert subscriptions.apply(facts_of(prepared, status="incomplete_expired")) is None
    prepared.refresh_from_db()
    assert (prepared.status, kinds(prepared)) == (RecurringStatus.ABANDONED, [])


@pytest.mark.parametrize("named", ["", "no uuid", "6c84fb90-12c4-11e1-840d-7b25c5ee775a"])
def test_a_subscription_of_somebody_elses_is_left_alone(named: str) -> None:
    assert subscriptions.apply(facts_of(make_prepared(), recurring=named)) is None


def test_a_second_subscription_that_names_it_is_none_of_ours() -> None:
    row = make_online()
    assert subscriptions.apply(facts_of(row.recurring, id="sub_other")) is None


# Terms


def test_another_amount_is_an_upgrade_from_today(on: Any) -> None:
    row = make_online()
    on(1, 20)
    subscriptions.apply(later(facts_of(of(row)), money=Money(Decimal(40), USD), anchored_at=row.anchored_at))
    changed = of(row)
    assert (changed.amount, changed.monthly, kinds(changed)[-1]) == (40, 40, ChangeKind.UPGRADED)
    assert changed.allocations.get().amount == 40


def test_a_move_of_the_day_counts_from_the_next_charge(on: Any) -> None:
    row = make_online()
    on(1, 20)
    moved = dt.datetime(2026, 2, 25, 17, tzinfo=dt.UTC)
    subscriptions.apply(later(facts_of(of(row)), status="trialing", anchored_at=moved, period_ends_at=moved))
    changed = of(row)
    assert (changed.day, changed.next_due_on, changed.status) == (25, dt.date(2026, 2, 25), RecurringStatus.ACTIVE)
    assert kinds(changed) == [ChangeKind.STARTED, ChangeKind.RESCHEDULED]


def test_a_yearly_gift_moved_to_another_month_has_other_dates() -> None:
    row = make_online(frequency=Frequency(1, Unit.YEAR))
    moved = dt.datetime(2026, 8, 5, 16, tzinfo=dt.UTC)
    subscriptions.apply(later(facts_of(of(row)), anchored_at=moved, period_ends_at=moved))
    assert of(row).changes.last().first_due_on == dt.date(2026, 8, 5)


# How it stands


def test_failing_then_recovered_then_given_up(on: Any) -> None:
    row = make_online()
    facts = facts_of(of(row))
    on(2, 5)
    subscriptions.apply(later(facts, status="past_due"))
    failing = of(row)
    assert (failing.status, failing.status_reason) == (RecurringStatus.FAILING, "A charge failed.")
    assert failing.monthly == 25
    on(2, 9)
    subscriptions.apply(later(facts, status="active"))
    assert of(row).status == RecurringStatus.ACTIVE
    on(3, 5)
    subscriptions.apply(later(facts, status="past_due"))
    on(3, 20)
    subscriptions.apply(
        later(
            facts,
            status="canceled",
            cancelled_because="payment_failed",
            ended_at=dt.datetime(2026, 3, 20, tzinfo=dt.UTC),
        )
    )
    lapsed = of(row)
    assert (lapsed.status, lapsed.monthly, lapsed.next_due_on) == (RecurringStatus.LAPSED, 0, None)
    assert kinds(lapsed) == ["started", "failing", "recovered", "failing", "lapsed"]
    assert set(WorkEvent.objects.values_list("name", flat=True)) >= {"recurring.failing", "recurring.lapsed"}


def test_a_pause_ends_by_itself_on_its_day(on: Any) -> None:
    row = make_online()
    facts = facts_of(of(row))
    back = dt.datetime(2026, 4, 1, 6, tzinfo=dt.UTC)
    subscriptions.apply(later(facts, is_paused=True, resumes_at=back))
    paused = of(row)
    assert (paused.status, paused.paused_until, paused.monthly) == (RecurringStatus.PAUSED, dt.date(2026, 4, 1), 0)
    assert paused.next_due_on == dt.date(2026, 4, 5)
    on(4, 1)
    assert of(row).status == RecurringStatus.ACTIVE
    subscriptions.apply(later(facts, is_paused=True, resumes_at=back))  # Stripe takes an hour longer
    assert of(row).status == RecurringStatus.ACTIVE
    assert kinds(of(row)) == ["started", "paused", "resumed"]


def test_one_that_ends_at_the_end_of_its_period_is_planned_to_and_may_go_on_after_all(on: Any) -> None:
    row = make_online()
    facts = facts_of(of(row))
    ends = dt.datetime(2026, 2, 5, 17, tzinfo=dt.UTC)
    subscriptions.apply(later(facts, cancel_at=ends))
    assert of(row).changes.get(is_planned=True).effective_on == dt.date(2026, 2, 5)
    subscriptions.apply(later(facts))
    assert not of(row).changes.filter(is_planned=True).exists()
    subscriptions.apply(later(facts, cancel_at=ends))
    on(2, 5)
    assert of(row).status == RecurringStatus.ENDED


def test_the_clock_says_nothing_of_what_stripe_charges(on: Any) -> None:
    row = make_online()
    on(6, 20)
    assert not to_look_at(dt.date(2026, 6, 20)).exists()
    assert of(row).status == RecurringStatus.ACTIVE


def test_an_answer_asked_for_earlier_changes_nothing(on: Any) -> None:
    row = make_online()
    facts = facts_of(of(row))
    on(1, 9)
    subscriptions.apply(later(facts, money=Money(Decimal(40), USD)))
    subscriptions.apply(facts)
    assert of(row).amount == 40


# Paid invoices


def test_each_paid_invoice_is_one_gift_for_its_funds_and_campaign(on: Any) -> None:
    roof, sails = make_fund("Roof"), make_fund("Sails")
    row = make_online(amount="30", allocations=[(roof, Decimal(20)), (sails, Decimal(10))])
    first = charge(row, invoice="in_1")
    again = charge(row, invoice="in_1")
    assert first.gift is not None
    assert first.gift == again.gift
    assert first.gift.status == GiftStatus.POSTED
    assert {part.fund: part.amount for part in first.gift.allocations.all()} == {roof: 20, sails: 10}
    on(2, 5)
    charge(row, "36", invoice="in_2")  # as paid, whatever was promised
    gifts = Gift.objects.filter(recurring=row.recurring_id).order_by("pk")
    assert [gift.amount for gift in gifts] == [30, 36]
    assert {part.amount for part in gifts[1].allocations.all()} == {24, 12}
    assert of(row).last_paid_on == dt.date(2026, 2, 5)
    assert check_books() == []


def test_what_is_paid_when_it_is_over_is_recorded_all_the_same(on: Any) -> None:
    row = make_online()
    subscriptions.apply(later(facts_of(of(row)), status="canceled", ended_at=dt.datetime(2026, 1, 5, tzinfo=dt.UTC)))
    on(1, 6)
    late = charge(row)
    assert late.gift is not None
    assert late.gift.recurring == row.recurring
    assert of(row).status == RecurringStatus.ENDED


def test_the_part_of_a_fund_that_has_closed_goes_where_it_is_needed_most(on: Any) -> None:
    general = make_fund("General", is_default=True)
    row = make_online(fund=make_fund("Boat", closes_on=dt.date(2026, 1, 31)))
    on(2, 5)
    paid = charge(row)
    assert paid.gift is not None
    assert paid.gift.allocations.get().fund == general


# Any order

_SAID = [
    {"status": "past_due"},
    {"status": "active"},
    {"money": Money(Decimal(40), USD)},
    {"is_paused": True},
    {"status": "canceled", "ended_at": dt.datetime(2026, 1, 5, tzinfo=dt.UTC)},
]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(len(_SAID))), repeated=st.integers(0, len(_SAID) - 1))
def test_answers_in_any_order_end_as_the_last_one_asked_for(order: list[int], repeated: int) -> None:
    """Each answer was asked for a minute after the one before it; they are brought in as they arrive."""
    row = make_online()
    facts = facts_of(of(row))
    asked = itertools.count(1)
    answers = [later(facts, **said, asked_at=facts.asked_at + dt.timedelta(minutes=next(asked))) for said in _SAID]
    for number in [*order, repeated]:
        subscriptions.apply(answers[number])
    ended = of(row)
    assert (ended.status, ended.monthly, ended.next_due_on) == (RecurringStatus.ENDED, 0, None)
    assert sum(change.difference for change in ended.changes.all()) == 0
    assert kinds(ended).count("ended") == 1
