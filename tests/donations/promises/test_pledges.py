"""What was promised, what came of it, what was given up."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import transaction
from pypdf import PdfReader

from constituents.models import WorkEvent
from constituents.services.people import add_address
from core.audit.models import AuditEntry
from core.mail.models import Message
from core.money import Money
from core.triggers import ProtectedRowError
from donations.errors import AllocationError
from donations.models import (
    ExchangeRate,
    InstalmentState,
    Pledge,
    PledgeReminder,
    PledgeStatus,
    ReminderHow,
    Together,
    WriteOff,
)
from donations.promises.errors import PaymentError, PromiseError, ScheduleError
from donations.promises.letters import plan_reminders, write_reminders
from donations.promises.paying import apply_payment, unapplied, unapply_payment
from donations.promises.pledging import Due, change_schedule, funds_of, pledge_gift
from donations.promises.reminding import mark_written, raise_reminders, remind_now
from donations.promises.upkeep import keep_promises
from donations.promises.writing_off import take_back_write_off, write_off
from donations.services.books import check_books
from donations.services.gifts import refund_gift, void_gift
from tests.factories.accounts import UserFactory
from tests.factories.constituents import make_household, make_person
from tests.factories.donations import make_fund, make_gift
from tests.factories.promises import make_pledge

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 3, 15)
USD = "USD"


@pytest.fixture(autouse=True)
def _today(time_machine: Any) -> None:
    time_machine.move_to(dt.datetime(2026, 3, 15, 12, tzinfo=dt.UTC), tick=False)


@pytest.fixture(autouse=True)
def _the_books_hold(db: None) -> Any:
    yield
    assert check_books() == []


def states(pledge: Pledge) -> list[str]:
    """Where the instalments stand today."""
    return [str(row.state_on(TODAY)) for row in pledge.instalments.order_by("number")]


def paid(pledge: Pledge) -> list[int]:
    """What of each instalment is paid."""
    return [int(row.paid_amount) for row in pledge.instalments.order_by("number")]


def test_a_pledge_has_a_schedule_a_reference_and_leaves_a_trace() -> None:
    one, two = make_fund("Roof"), make_fund("Boat")
    pledge = make_pledge(amount="1000", number=3, allocations=[(one, Decimal(750)), (two, Decimal(250))])
    assert [row.amount for row in pledge.instalments.all()] == [Decimal("333.34"), Decimal("333.33"), Decimal("333.33")]
    assert [row.due_on.day for row in pledge.instalments.all()] == [31, 28, 31]
    assert pledge.reference == f"P{pledge.pk:05d}"
    assert pledge.next_due_on == dt.date(2026, 1, 31)
    assert [amount for _fund, amount in funds_of(pledge, Money(Decimal(100), USD))] == [75, 25]
    assert AuditEntry.objects.for_instance(pledge).get().action == "pledge.made"
    assert WorkEvent.objects.filter(name="pledge.made", constituent=pledge.donor).count() == 1


@pytest.mark.parametrize(
    ("dues", "error"),
    [
        ([], ScheduleError),
        ([Due(TODAY, Decimal(99))], ScheduleError),
        ([Due(TODAY, Decimal(110)), Due(TODAY, Decimal(-10))], ScheduleError),
        ([Due(TODAY, Decimal("99.995")), Due(TODAY, Decimal("0.005"))], ScheduleError),
    ],
)
def test_a_schedule_that_is_not_the_pledge_is_refused(dues: list[Due], error: type[Exception]) -> None:
    fund = make_fund(is_default=True)
    with pytest.raises(error):
        pledge_gift(
            donor=make_person(), money=Money(Decimal(100), USD), pledged_on=TODAY, instalments=dues, by=None,
            allocations=[(fund, Decimal(100))],
        )  # fmt: skip
    with pytest.raises(AllocationError):
        make_pledge(amount="100", number=1, allocations=[(fund, Decimal(99))])


def test_a_gift_pays_the_oldest_first_and_several_gifts_one_instalment() -> None:
    pledge = make_pledge(amount="400", number=4)
    apply_payment(make_gift(pledge.donor, "150"), by=None, pledge=pledge)
    assert paid(pledge) == [100, 50, 0, 0]
    assert states(pledge) == ["paid", "overdue", "due", "due"]
    apply_payment(make_gift(pledge.donor, "50"), by=None)
    assert paid(pledge) == [100, 100, 0, 0]
    pledge.refresh_from_db()
    assert (pledge.paid.amount, pledge.left.amount, pledge.next_due_on) == (200, 200, dt.date(2026, 3, 31))
    rest = make_gift(pledge.donor, "250")
    apply_payment(rest, by=None, pledge=pledge)
    pledge.refresh_from_db()
    assert pledge.status == PledgeStatus.FULFILLED
    assert unapplied(rest) == Money(Decimal(50), USD)
    assert WorkEvent.objects.filter(name="pledge.fulfilled").count() == 1


def test_a_payment_goes_where_it_is_told_and_no_further_than_it_is_told() -> None:
    pledge = make_pledge(amount="400", number=4)
    third = pledge.instalments.get(number=3)
    gift = make_gift(pledge.donor, "150")
    apply_payment(gift, by=None, instalment=third, money=Money(Decimal(120), USD))
    assert paid(pledge) == [20, 0, 100, 0]
    unapply_payment(gift, pledge=pledge, by=None, reason="Meant as an extra gift")
    assert paid(pledge) == [0, 0, 0, 0]


def test_what_cannot_pay_is_refused() -> None:
    pledge = make_pledge(amount="100", number=1)
    ExchangeRate.objects.create(currency="EUR", valid_from=dt.date(2026, 1, 1), rate=Decimal("1.1"))
    foreign, expected = make_gift(pledge.donor, "10", currency="EUR"), make_gift(pledge.donor, "10", post=False)
    with pytest.raises(PaymentError, match="USD"):
        apply_payment(foreign, by=None, pledge=pledge)
    with pytest.raises(PaymentError, match="left"):
        apply_payment(expected, by=None, pledge=pledge)
    with pytest.raises(PaymentError, match="promised"):
        apply_payment(make_gift(amount="10", on=TODAY), by=None)


def test_money_that_goes_back_frees_the_latest_instalments_first_and_pays_again_when_it_returns() -> None:
    pledge = make_pledge(amount="300", number=3)
    gift = make_gift(pledge.donor, "300")
    apply_payment(gift, by=None, pledge=pledge)
    refund_gift(gift, money=Money(Decimal(150), USD), by=None, reason="Too much")
    assert paid(pledge) == [100, 50, 0]
    pledge.refresh_from_db()
    assert (pledge.status, pledge.next_due_on) == (PledgeStatus.OPEN, dt.date(2026, 2, 28))
    void_gift(gift, by=None, reason="Bounced")
    assert paid(pledge) == [0, 0, 0]


def test_a_write_off_stands_apart_from_what_was_paid_and_can_be_taken_back() -> None:
    pledge = make_pledge(amount="300", number=3)
    apply_payment(make_gift(pledge.donor, "120"), by=None, pledge=pledge)
    second = pledge.instalments.get(number=2)
    write_off(pledge, by=None, reason="Lost her job", instalment=second)
    assert states(pledge) == ["paid", "written_off", "due"]
    written = write_off(pledge, by=None, reason="Moved abroad")
    assert (written.status, written.paid.amount, written.written_off.amount) == (PledgeStatus.WRITTEN_OFF, 120, 180)
    with pytest.raises(PromiseError):
        write_off(pledge, by=None, reason="Again")
    back = take_back_write_off(pledge, by=None, reason="She found one", instalment=second)
    assert (back.status, back.left.amount) == (PledgeStatus.OPEN, 80)
    assert WriteOff.objects.count() == 2
    with pytest.raises(ProtectedRowError), transaction.atomic():
        WriteOff.objects.update(amount=1)


def test_a_changed_schedule_leaves_what_is_paid_as_it_is() -> None:
    pledge = make_pledge(amount="600", number=6)
    apply_payment(make_gift(pledge.donor, "250"), by=None, pledge=pledge)
    dues = [Due(dt.date(2026, 9, 30), Decimal(200)), Due(dt.date(2027, 9, 30), Decimal(150))]
    changed = change_schedule(pledge, instalments=dues, by=None, reason="Asked for time")
    rows = [(row.number, row.due_on.isoformat(), int(row.amount), int(row.paid_amount)) for row in
            changed.instalments.order_by("number")]  # fmt: skip
    assert rows == [
        (1, "2026-01-31", 100, 100),
        (2, "2026-02-28", 100, 100),
        (3, "2026-03-31", 50, 50),
        (4, "2026-09-30", 200, 0),
        (5, "2027-09-30", 150, 0),
    ]
    assert (changed.amount, changed.next_due_on) == (600, dt.date(2026, 9, 30))
    more = change_schedule(pledge, instalments=[Due(TODAY, Decimal(1000))], by=None, reason="Wants to give more")
    assert (more.amount, more.left.amount, more.instalments.count()) == (1250, 1000, 4)


def test_reminders_go_out_once_each_however_often_the_clock_runs(time_machine: Any) -> None:
    by_mail, by_post = make_person(email="ada@example.org"), make_person()
    for donor in (by_mail, by_post):
        make_pledge(donor, "300", number=3)

    def run(day: dt.date) -> None:
        for _ in range(3):
            keep_promises(now=dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC))

    run(dt.date(2026, 3, 10))  # the second is late by ten days; the first by so much that it was told long ago
    run(dt.date(2026, 3, 17))
    kinds = PledgeReminder.objects.filter(instalment__pledge__donor=by_mail).values_list("instalment__number", "days")
    assert sorted(kinds) == [(2, 7), (3, -14)]
    assert Message.objects.filter(to="ada@example.org", template="pledge_reminder").count() == 2
    assert PledgeReminder.objects.letters_to_write().count() == 2
    run(dt.date(2026, 3, 30))
    assert sorted(kinds.all()) == [(2, 7), (2, 30), (3, -14)]
    apply_payment(make_gift(by_post, "300"), by=None)
    assert not PledgeReminder.objects.letters_to_write().exists()
    assert PledgeReminder.objects.filter(how=ReminderHow.LETTER).count() == 3


def test_overdue_instalments_are_announced_once() -> None:
    make_pledge(first=dt.date(2026, 3, 10), number=1)
    for _ in range(2):
        keep_promises(now=dt.datetime(2026, 3, 15, 12, tzinfo=dt.UTC))
    assert WorkEvent.objects.filter(name="pledge.overdue").count() == 1
    assert InstalmentState.OVERDUE in states(Pledge.objects.get())


# Reminders on paper, and by hand


def at_home(**details: Any) -> Any:
    return make_person(address={"street": "2 Mill Lane", "city": "Exampleton", "postal_code": "04101"}, **details)


def test_letters_are_one_a_donor_or_one_a_household_and_name_each_part_once() -> None:
    ann, bo, cy = at_home(given_name="Ann"), at_home(given_name="Bo"), make_person("Cy")
    home = make_household(ann, bo)
    add_address(household=home, street="9 Quay Street", city="Portbury", postal_code="04100", country="US")
    for donor in (ann, bo, cy):
        make_pledge(donor, "300", number=3, first=dt.date(2026, 3, 1))
    raise_reminders(today=dt.date(2026, 3, 8))
    raise_reminders(today=dt.date(2026, 3, 31))
    waiting = PledgeReminder.objects.letters_to_write().select_related("instalment__pledge__donor")
    assert waiting.filter(instalment__pledge__donor=ann).count() == 2
    (letter,) = plan_reminders(waiting, together=Together.HOUSEHOLD, on=TODAY)
    assert (letter.addressee, len(letter.instalments)) == (home.addressee or home.name, 2)
    assert len(plan_reminders(waiting, together=Together.DONOR, on=TODAY)) == 2
    out = BytesIO()
    assert write_reminders(waiting, out, together=Together.HOUSEHOLD, on=TODAY) == 1
    words = " ".join(PdfReader(out).pages[0].extract_text().split())
    assert "has not reached us yet" in words
    assert "200.00" in words


def test_nobody_is_reminded_of_the_same_part_twice_within_days(time_machine: Any) -> None:
    user = UserFactory()
    pledge = make_pledge(make_person(email="ada@example.org"), "300", number=3, first=dt.date(2026, 3, 9))
    reminder = remind_now(pledge, by=user)
    assert (reminder.how, reminder.done_by, reminder.days) == (ReminderHow.EMAIL, user, 6)
    assert raise_reminders(today=dt.date(2026, 3, 16)) == 0  # a week late, reminded yesterday
    with pytest.raises(PromiseError, match="went out on Mar 15, 2026 already"):
        remind_now(pledge, by=user)
    time_machine.move_to(dt.datetime(2026, 3, 22, 12, tzinfo=dt.UTC), tick=False)
    letter = remind_now(pledge, by=user, how=ReminderHow.LETTER)
    assert (letter.how, letter.done_at, mark_written(letter, by=user).done_by) == (ReminderHow.LETTER, None, user)
    assert Message.objects.filter(template="pledge_reminder").count() == 1


def test_who_is_not_to_be_written_to_is_not_reminded() -> None:
    make_pledge(make_person(do_not_contact=True), "300", number=1, first=dt.date(2026, 3, 8))
    assert raise_reminders(today=TODAY) == 0
    with pytest.raises(PromiseError, match="not to be written to"):
        remind_now(Pledge.objects.get(), by=None)
