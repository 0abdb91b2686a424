"""Closed periods (M11): nothing is dated into them, by the verbs in words and by the database in any case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from core import clock, triggers
from core.audit.models import AuditEntry
from core.money import Money
from core.triggers import ProtectedRowError
from donations.accounting.periods import (
    check_open,
    close_period,
    closed_through,
    first_open_day,
    is_closed,
    reopen_period,
)
from donations.batches.checking import problems_of
from donations.batches.posting import post_batch
from donations.errors import BatchRowsError, ClosedPeriodError, DonationsError, PeriodError
from donations.models import ClosedPeriod, EntryKind, Gift, LedgerEntry
from donations.services.books import check_books
from donations.services.bulk import NewGift, post_gifts
from donations.services.gifts import post_gift, refund_gift, void_gift
from tests.factories.constituents import make_person
from tests.factories.donations import make_batch, make_fund, make_gift, type_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]

MARCH_END = dt.date(2026, 3, 31)
APRIL = dt.date(2026, 4, 1)


@pytest.fixture(autouse=True)
def _in_june() -> object:
    with time_machine.travel(dt.datetime(2026, 6, 15, 16, tzinfo=dt.UTC), tick=True):
        yield


@pytest.fixture
def march_closed(organisation: object) -> ClosedPeriod:
    return close_period(through=MARCH_END, by=None, note="Quarter handed over")


def test_before_the_first_closing_every_day_is_open() -> None:
    assert closed_through() is None
    assert first_open_day() == dt.date.min
    check_open(dt.date(1990, 1, 1))


def test_closing_through_a_day_closes_that_day_and_all_before(march_closed: ClosedPeriod) -> None:
    assert is_closed(MARCH_END)
    assert is_closed(dt.date(1999, 1, 1))
    assert not is_closed(APRIL)
    assert first_open_day() == APRIL
    assert AuditEntry.objects.filter(action="period.closed").exists()


@pytest.mark.usefixtures("march_closed")
def test_a_gift_dated_into_it_is_refused_in_words_beside_its_date() -> None:
    with pytest.raises(ClosedPeriodError, match=r"through Mar 31, 2026\. Date it Apr 1, 2026 or later") as caught:
        make_gift(on=MARCH_END)
    assert caught.value.field == "received_on"
    assert make_gift(on=APRIL).is_counted


@pytest.mark.usefixtures("march_closed")
def test_many_gifts_at_once_are_refused_when_one_is_dated_into_it() -> None:
    fund = make_fund()
    days = [APRIL, MARCH_END]
    gifts = [Gift(donor=make_person(), amount=Decimal(10), currency="USD", received_on=day) for day in days]
    with pytest.raises(ClosedPeriodError):
        post_gifts([NewGift(gift, [(fund, Decimal(10))]) for gift in gifts], by=None)
    assert not Gift.objects.exists()


@pytest.mark.usefixtures("march_closed")
def test_a_row_of_a_batch_says_so_before_the_batch_is_posted() -> None:
    batch = make_batch(1, "50")
    row = type_row(batch, make_person(), "50", received_on="2026-03-30")
    (problem,) = problems_of(batch, [row])[row.pk]
    assert (problem.field, problem.words.startswith("The books are closed")) == ("received_on", True)
    with pytest.raises(BatchRowsError, match="Row 1: The books are closed"):
        post_batch(batch, by=None)


@pytest.mark.usefixtures("march_closed")
def test_the_form_says_so_beside_the_date(staff_client: Callable[..., Client]) -> None:
    given = {
        "donor": make_person().pk,
        "amount": "5",
        "currency": "USD",
        "received_on": "2026-03-30",
        "method": "cheque",
        "fund": make_fund(is_default=True).pk,
        "advantage_kind": "goods",
    }
    answer = staff_client().post(reverse("gifts:add"), given)
    assert "The books are closed" in answer.context["form"].errors["received_on"][0]
    assert not Gift.objects.exists()


def test_an_expected_gift_of_a_closed_day_comes_on_an_open_one() -> None:
    gift = make_gift(on=dt.date(2026, 3, 20), post=False)
    close_period(through=MARCH_END, by=None)
    with pytest.raises(ClosedPeriodError):
        post_gift(gift, by=None)
    assert post_gift(gift, by=None, received_on=APRIL).is_counted


def test_reversals_of_gifts_in_closed_books_land_in_open_ones() -> None:
    refunded, voided = make_gift(amount="80"), make_gift(amount="20")
    close_period(through=MARCH_END, by=None)
    refund_gift(refunded, money=Money(Decimal(30), "USD"), by=None, reason="Overpaid")
    void_gift(voided, by=None, reason="Typed twice")
    reversals = LedgerEntry.objects.filter(kind__in=[EntryKind.REFUND, EntryKind.VOID])
    assert set(reversals.values_list("effective_on", flat=True)) == {clock.today()}
    assert check_books() == []


@pytest.mark.usefixtures("march_closed")
def test_the_database_refuses_what_goes_round_the_verbs() -> None:
    gift = make_gift(on=APRIL)
    entry = LedgerEntry.objects.values().get(gift=gift)
    entry.pop("id")
    entry["uuid"] = "6f0a6d5e-1111-4111-8111-111111111111"
    with pytest.raises(ProtectedRowError, match="The books of that day are closed"), transaction.atomic():
        LedgerEntry.objects.create(**entry | {"effective_on": MARCH_END})
    with pytest.raises(ProtectedRowError), transaction.atomic():
        LedgerEntry.objects.bulk_create([LedgerEntry(**entry | {"effective_on": dt.date(2025, 1, 1)})])
    LedgerEntry.objects.create(**entry | {"effective_on": APRIL})


def test_only_days_that_are_over_are_closed_and_each_once(march_closed: ClosedPeriod) -> None:
    for day in (clock.today(), clock.today() + dt.timedelta(days=1), MARCH_END, dt.date(2026, 1, 31)):
        with pytest.raises(PeriodError):
            close_period(through=day, by=None)
    second = close_period(through=dt.date(2026, 4, 30), by=None)
    assert (march_closed.starts_on, second.starts_on) == (None, APRIL)


def test_the_latest_period_is_opened_again_with_a_reason_and_closed_anew(march_closed: ClosedPeriod) -> None:
    april = close_period(through=dt.date(2026, 4, 30), by=None)
    with pytest.raises(PeriodError, match="later period"):
        reopen_period(march_closed, by=None, reason="A cheque turned up")
    with pytest.raises(PeriodError, match="Say why"):
        reopen_period(april, by=None, reason=" ")
    reopen_period(april, by=None, reason="A cheque turned up")
    assert closed_through() == MARCH_END
    with pytest.raises(PeriodError, match="already"):
        reopen_period(april, by=None, reason="Again")
    make_gift(on=dt.date(2026, 4, 7))
    assert close_period(through=dt.date(2026, 4, 30), by=None).starts_on == APRIL
    assert check_books() == []


def test_what_was_closed_and_opened_stays_on_record(march_closed: ClosedPeriod) -> None:
    reopen_period(march_closed, by=None, reason="A cheque turned up")
    statements = (
        "DELETE FROM donations_closedperiod",
        "UPDATE donations_closedperiod SET ends_on = '2026-01-01'",
        "UPDATE donations_closedperiod SET reopened_at = NULL, reopen_reason = ''",
    )
    for statement in statements:
        with connection.cursor() as cursor, pytest.raises(ProtectedRowError), transaction.atomic():
            cursor.execute(statement)


def test_check_books_names_an_entry_that_got_into_closed_books(march_closed: ClosedPeriod) -> None:
    gift = make_gift(on=APRIL)
    assert check_books() == []
    triggers.drop()
    LedgerEntry.objects.filter(gift=gift).update(effective_on=MARCH_END)
    triggers.install()
    (finding,) = check_books()
    assert (finding.check, finding.rows) == (
        "M11 closed periods",
        [f"ledger entry {gift.entries.get().pk}"],
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("organisation")
def test_closing_waits_for_whoever_is_posting_and_stops_whoever_comes_after(run_together: Callable) -> None:
    gifts = [make_gift(on=dt.date(2026, 3, day), post=False) for day in range(1, 8)]

    def act(number: int) -> object:
        if number == 3:
            return close_period(through=MARCH_END, by=None)
        return post_gift(gifts[number], by=None)

    outcomes = run_together(7, act)
    assert outcomes[3].error is None
    assert all(isinstance(outcome.error, DonationsError | ProtectedRowError) for outcome in outcomes if outcome.error)
    assert check_books() == []
