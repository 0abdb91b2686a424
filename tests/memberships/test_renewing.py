"""Renewing: paid days are never lost, a double payment extends once, refunded dues are looked at."""

import datetime as dt
from decimal import Decimal

import pytest

from core.money import Money
from donations.services.gifts import post_gift, refund_gift, void_gift
from memberships.errors import FactError, LevelError, NotRenewableError
from memberships.models import Fact, Flag, FlagKind, PeriodKind, Status
from memberships.services.changing import (
    add_people,
    cancel,
    change_level,
    lift_fact,
    remove_person,
    state_fact,
)
from memberships.services.dues import Payment
from memberships.services.flags import settle_flag
from memberships.services.joining import join, request_membership
from memberships.services.quotes import unused_value
from memberships.services.renewing import renew
from tests.factories.constituents import make_person
from tests.factories.memberships import make_level, make_membership

pytestmark = pytest.mark.django_db

NEW_YEAR = dt.date(2025, 1, 1)
END = dt.date(2025, 12, 31)


@pytest.fixture
def today(time_machine):
    def be(date):
        time_machine.move_to(dt.datetime.combine(dt.date.fromisoformat(date), dt.time(12), tzinfo=dt.UTC), tick=False)

    be("2025-01-01")
    return be


@pytest.fixture
def membership(today):
    return make_membership(level=make_level("Individual"), starts_on=NEW_YEAR)


@pytest.fixture
def paid(today):
    """A payment comes on its day: the clock goes there."""

    def come(date):
        today(date)
        return Payment(received_on=dt.date.fromisoformat(date))

    return come


@pytest.mark.parametrize(
    ("paid_on", "starts_on"),
    [
        ("2025-11-01", "2026-01-01"),
        ("2025-12-31", "2026-01-01"),
        ("2026-01-01", "2026-01-01"),
        ("2026-01-30", "2026-01-01"),
        ("2026-01-31", "2026-01-31"),
        ("2026-03-31", "2026-03-31"),
    ],
)
def test_a_renewal_extends_from_the_old_end_until_grace_is_over(membership, paid_on, starts_on, paid):
    term = renew(membership, by=None, payment=paid(paid_on)).term
    assert term.starts_on == dt.date.fromisoformat(starts_on)
    assert term.ends_on == term.starts_on.replace(year=2027) - dt.timedelta(days=1)


def test_coming_back_late_costs_what_joining_costs(paid):
    level = make_level(joining_fee=Decimal(10), renewal_price=Decimal(50))
    membership = make_membership(level=level, starts_on=NEW_YEAR)
    assert renew(membership, by=None, payment=paid("2026-03-31")).gift.amount == Decimal(50)
    other = make_membership(level=level, starts_on=NEW_YEAR)
    assert renew(other, by=None, payment=paid("2026-04-01")).gift.amount == Decimal(70)


def test_a_double_payment_extends_once_and_leaves_one_to_refund(membership, paid):
    first = renew(membership, by=None, payment=paid("2025-12-01"))
    second = renew(membership, by=None, payment=paid("2025-12-02"))
    assert first.term is not None
    assert second.term is None
    assert membership.terms.count() == 2
    assert second.flag.kind == FlagKind.PAID_TWICE
    assert second.flag.gift == second.gift
    refund_gift(second.gift, money=second.gift.money, by=None, reason="Paid twice")
    assert not Flag.objects.open().exists()


def test_a_transfer_that_comes_after_a_renewal_at_the_desk_is_flagged(membership, today, paid):
    today("2025-12-01")
    application = request_membership(holder=membership.constituent, level=membership.level)
    renew(membership, by=None, payment=paid("2025-12-05"))
    today("2025-12-08")
    post_gift(application.gift, by=None, received_on=dt.date(2025, 12, 8))
    assert membership.terms.count() == 2
    assert Flag.objects.open().get().gift == application.gift


def test_a_member_may_pay_further_ahead_on_purpose(membership, paid):
    term = renew(membership, by=None, payment=paid("2025-03-01"), early=True).term
    assert term.starts_on == dt.date(2026, 1, 1)


def test_dues_that_go_back_raise_a_flag_and_leave_the_member_a_member(membership, paid):
    term = renew(membership, by=None, payment=paid("2025-12-01")).term
    void_gift(term.gift, by=None, reason="The cheque bounced")
    flag = Flag.objects.open().get()
    assert (flag.kind, flag.term, flag.note) == (FlagKind.DUES_REVERSED, term, "The cheque bounced")
    assert membership.status_on(dt.date(2026, 6, 1)) == Status.CURRENT
    settle_flag(flag, by=None, settlement="Paid again in cash")
    assert not Flag.objects.open().exists()


def test_a_part_refund_is_flagged_once(membership):
    gift = membership.terms.get().gift
    for _ in range(2):
        refund_gift(gift, money=Money(Decimal(5), "USD"), by=None, reason="Goodwill")
    assert Flag.objects.count() == 1


def test_what_cannot_be_renewed_says_why(paid):
    life = make_membership(level=make_level(period_kind=PeriodKind.LIFETIME), starts_on=NEW_YEAR)
    with pytest.raises(NotRenewableError, match="for life"):
        renew(life, by=None, payment=paid("2026-01-01"))
    gone = make_membership(starts_on=NEW_YEAR)
    cancel(gone, by=None, reason="Asked")
    with pytest.raises(NotRenewableError, match="cancelled"):
        renew(gone, by=None, payment=paid("2026-01-01"))


def test_an_upgrade_credits_unused_days_to_the_cent(membership, today):
    today("2025-05-11")
    term = change_level(membership, level=make_level(dues=Decimal(120)), by=None, payment=Payment())
    old = membership.terms.first()
    assert old.ends_on == dt.date(2025, 5, 10)
    # 235 of 365 days of 60.00 are left.
    assert term.credit == Decimal("38.63")
    assert term.gift.money == Money(Decimal("81.37"), "USD")
    assert (term.starts_on, term.ends_on) == (dt.date(2025, 5, 11), dt.date(2026, 5, 10))
    assert unused_value(old, old.starts_on) == Money(Decimal(60) - term.credit, "USD")


def test_an_upgrade_credits_days_renewed_ahead_as_well(membership, today, paid):
    renew(membership, by=None, payment=paid("2025-12-01"))
    today("2025-12-31")
    term = change_level(membership, level=make_level(dues=Decimal(120)), by=None, payment=Payment())
    assert term.credit == Decimal("60.16")
    assert [t.is_real for t in membership.terms.all().order_by("pk")] == [True, False, True]


def test_a_downgrade_waits_for_the_next_renewal(membership, paid):
    cheap = make_level("Student", dues=Decimal(20))
    assert change_level(membership, level=cheap, by=None) is None
    term = renew(membership, by=None, payment=paid("2025-12-20")).term
    assert (term.level, term.gift.amount) == (cheap, Decimal(20))
    membership.refresh_from_db()
    assert (membership.level, membership.next_level) == (cheap, None)


def test_an_upgrade_never_loses_what_was_paid(today, paid):
    dear = make_level(dues=Decimal(100))
    membership = make_membership(level=dear, starts_on=NEW_YEAR)
    renew(membership, by=None, payment=paid("2025-12-01"))
    today("2025-12-02")
    assert change_level(membership, level=make_level(dues=Decimal(101)), by=None, payment=Payment()) is None
    assert membership.terms.real().count() == 2


def test_an_individual_moves_to_a_family_plan_with_credit(membership, today):
    today("2025-05-11")
    child = make_person("Cy")
    family = make_level("Family", dues=Decimal(120), capacity=4)
    term = change_level(membership, level=family, by=None, payment=Payment(), people=[child])
    assert term.credit > 0
    assert membership.people.get().person == child


def test_only_a_running_membership_changes_level(membership, today):
    today("2026-06-01")
    with pytest.raises(LevelError):
        change_level(membership, level=make_level(dues=Decimal(90)), by=None, payment=Payment())


def test_cancelling_ends_after_its_last_day(membership, today):
    today("2025-06-15")
    cancel(membership, by=None, reason="Moved away")
    statuses = [membership.status_on(dt.date(2025, 6, 15)), membership.status_on(dt.date(2025, 6, 16))]
    assert statuses == [Status.CURRENT, Status.CANCELLED]
    assert membership.terms.get().sold_until == END
    with pytest.raises(FactError):
        cancel(membership, by=None, reason="Again")


def test_cancelling_at_the_end_keeps_what_is_paid_and_asks_for_no_more(membership, today):
    today("2025-11-15")
    cancel(membership, by=None, reason="Too dear", at_end=True)
    assert membership.status_on(END) == Status.CURRENT
    assert membership.status_on(dt.date(2026, 1, 1)) == Status.CANCELLED


def test_cancelling_empties_a_term_renewed_ahead(membership, paid):
    renew(membership, by=None, payment=paid("2025-12-01"))
    cancel(membership, by=None, reason="Asked", last_day=dt.date(2025, 12, 10))
    assert [term.is_real for term in membership.terms.order_by("pk")] == [True, False]
    assert membership.status_on(dt.date(2026, 5, 1)) == Status.CANCELLED


def test_a_suspension_beats_the_dates_and_is_lifted(membership, today):
    today("2025-06-01")
    state_fact(membership, fact=Fact.SUSPENDED, by=None, reason="Unpaid fine")
    assert membership.status_on(dt.date(2025, 6, 1)) == Status.SUSPENDED
    today("2025-06-10")
    lift_fact(membership, fact=Fact.SUSPENDED, by=None)
    assert membership.status_on(dt.date(2025, 6, 9)) == Status.SUSPENDED
    assert membership.status_on(dt.date(2025, 6, 10)) == Status.CURRENT


def test_people_come_onto_a_plan_and_leave_it_with_their_dates(today, paid):
    level = make_level(capacity=3)
    membership = join(holder=make_person(), level=level, by=None, payment=paid("2025-01-01")).membership
    child = make_person()
    add_people(membership, people=[child], by=None)
    assert add_people(membership, people=[child], by=None) == []
    today("2025-04-01")
    remove_person(membership, person=child, by=None, reason="Grown up")
    place = membership.people.get()
    assert (place.since, place.until, place.reason) == (NEW_YEAR, dt.date(2025, 4, 1), "Grown up")


def test_changing_a_level_changes_no_sold_term(membership):
    level = membership.level
    level.grace_days, level.renewal_opens_days, level.dues = 0, 0, Decimal(999)
    level.save()
    assert membership.status_on(dt.date(2026, 1, 15)) == Status.GRACE
    assert membership.status_on(dt.date(2025, 12, 1)) == Status.DUE
    assert membership.terms.get().price == Decimal(60)
