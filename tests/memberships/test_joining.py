"""Joining: paid at the desk, given as a present, free of charge, or asked for and paid later."""

import datetime as dt
from decimal import Decimal

import pytest

from core.audit.models import AuditEntry
from core.money import Money
from donations.models import Gift, GiftKind, GiftStatus
from donations.services.gifts import post_gift
from memberships.errors import (
    AlreadyMemberError,
    ApplicationStateError,
    CapacityError,
    LevelError,
    PayerError,
)
from memberships.models import ApplicationState, Joining, Membership, PeriodKind, Proration, Status, TermKind
from memberships.services.changing import cancel
from memberships.services.dues import Payment
from memberships.services.joining import (
    approve_application,
    comp,
    decline_application,
    join,
    request_membership,
)
from tests.factories.accounts import UserFactory
from tests.factories.constituents import make_household, make_organisation, make_person
from tests.factories.memberships import make_level, make_membership

pytestmark = pytest.mark.django_db

NEW_YEAR = dt.date(2026, 1, 1)
PAID = Payment(received_on=NEW_YEAR)


@pytest.fixture
def today(time_machine):
    def be(date):
        time_machine.move_to(dt.datetime.combine(dt.date.fromisoformat(date), dt.time(12), tzinfo=dt.UTC), tick=False)

    be("2026-01-01")
    return be


def test_who_joins_gets_a_number_a_term_and_a_gift_of_dues(today):
    person = make_person()
    term = join(holder=person, level=make_level(joining_fee=Decimal(10)), by=None, payment=PAID)
    assert (term.starts_on, term.ends_on) == (NEW_YEAR, dt.date(2026, 12, 31))
    assert term.membership.number == "M-00001"
    assert term.membership.member_since == NEW_YEAR
    assert term.gift.kind == GiftKind.DUES
    assert term.gift.status == GiftStatus.POSTED
    assert (term.gift.donor, term.gift.money) == (person, Money(Decimal(70), "USD"))


def test_a_member_is_found_by_number(today):
    from constituents.models import Constituent

    membership = make_membership(starts_on=NEW_YEAR)
    assert list(Constituent.objects.search(membership.number)) == [membership.constituent]


def test_dues_never_count_as_giving_and_carry_their_deductible_part(today):
    level = make_level(advantage_amount=Decimal(15), advantage_description="A calendar")
    gift = join(holder=make_person(), level=level, by=None, payment=PAID).gift
    assert (gift.amount - gift.advantage_amount, gift.advantage_description) == (Decimal(45), "A calendar")
    assert not Gift.objects.counted().exists()


def test_a_member_cannot_join_again(today):
    membership = make_membership(starts_on=NEW_YEAR)
    with pytest.raises(AlreadyMemberError):
        join(holder=membership.constituent, level=make_level(), by=None, payment=PAID)


def test_a_present_is_paid_by_the_giver_and_belongs_to_the_recipient(today):
    giver, recipient = make_person(), make_person()
    term = join(holder=recipient, level=make_level(), by=None, payment=PAID, given_by=giver)
    assert term.kind == TermKind.GIFT
    assert term.gift.donor == giver
    assert term.membership.constituent == recipient
    assert term.membership.bill_to == recipient


def test_dues_that_nobody_paid_need_a_reason(today):
    with pytest.raises(LevelError):
        join(holder=make_person(), level=make_level(), by=None)
    with pytest.raises(LevelError):
        comp(holder=make_person(), level=make_level(), by=None, reason=" ")


def test_a_free_term_moves_no_money(today):
    term = comp(holder=make_person(), level=make_level(), by=None, reason="Founder")
    assert term.kind == TermKind.COMP
    assert term.gift is None
    assert not Gift.objects.exists()


def test_a_free_term_for_a_member_follows_the_one_that_runs(today):
    membership = make_membership(starts_on=NEW_YEAR)
    term = comp(holder=membership.constituent, level=membership.level, by=None, reason="Prize")
    assert term.starts_on == dt.date(2027, 1, 1)


def test_a_household_plan_names_its_people_and_bills_its_head(today):
    household = make_household()
    term = join(holder=household, level=make_level(capacity=4), by=None, payment=PAID, people=household.members)
    assert term.gift.donor == household.members[0]
    assert [place.person for place in term.membership.people.all()] == household.members


def test_an_empty_household_has_nobody_to_bill(today):
    household = make_household(make_person())
    household.memberships.update(until=NEW_YEAR)
    with pytest.raises(PayerError):
        join(holder=household, level=make_level(), by=None, payment=PAID)


def test_a_plan_names_no_more_people_than_its_level_holds(today):
    with pytest.raises(CapacityError):
        join(
            holder=make_person(),
            level=make_level(capacity=2),
            by=None,
            payment=PAID,
            people=[make_person(), make_person()],
        )
    assert not Membership.objects.exists()


def test_an_organisation_can_be_a_member(today):
    term = join(holder=make_organisation(), level=make_level(capacity=3), by=None, payment=PAID, people=[make_person()])
    assert term.membership.status_on(NEW_YEAR) == Status.NEW


def test_joining_in_mid_year_costs_a_twelfth_for_each_month_left(today):
    today("2026-06-10")
    level = make_level(dues=Decimal(100), period_kind=PeriodKind.FIXED, proration=Proration.MONTH)
    term = join(holder=make_person(), level=level, by=None, payment=Payment(received_on=dt.date(2026, 6, 10)))
    assert term.ends_on == dt.date(2026, 12, 31)
    assert term.gift.money == Money(Decimal("58.33"), "USD")


def test_a_rollover_gives_two_years_ends_for_one_price(today):
    today("2026-10-01")
    level = make_level(period_kind=PeriodKind.FIXED, proration=Proration.MONTH, rollover_month=10, rollover_day=1)
    term = join(holder=make_person(), level=level, by=None, payment=Payment(received_on=dt.date(2026, 10, 1)))
    assert term.ends_on == dt.date(2027, 12, 31)
    assert term.gift.money == Money(Decimal(60), "USD")


def test_who_comes_back_after_cancelling_keeps_the_number(today):
    membership = make_membership(starts_on=NEW_YEAR)
    today("2026-03-01")
    cancel(membership, by=None, reason="Moved away")
    today("2026-06-01")
    term = join(holder=membership.constituent, level=membership.level, by=None, payment=Payment())
    assert term.membership == membership
    assert term.starts_on == dt.date(2026, 6, 1)
    assert [membership.status_on(dt.date(2026, month, 15)) for month in (2, 4, 6)] == [
        Status.NEW,
        Status.CANCELLED,
        Status.NEW,
    ]


def test_who_asks_online_becomes_a_member_when_the_dues_come(today):
    application = request_membership(holder=make_person(), level=make_level())
    membership = application.membership
    assert membership.status_on(NEW_YEAR) == Status.PENDING
    assert application.gift.status == GiftStatus.PENDING
    today("2026-01-09")
    post_gift(application.gift, by=None, received_on=dt.date(2026, 1, 7))
    application.refresh_from_db()
    assert application.state == ApplicationState.DONE
    term = membership.terms.get()
    assert (term.starts_on, term.gift) == (dt.date(2026, 1, 7), application.gift)
    assert membership.status_on(dt.date(2026, 1, 9)) == Status.NEW


def test_the_same_wish_twice_is_one(today):
    person, level = make_person(), make_level()
    assert request_membership(holder=person, level=level) == request_membership(holder=person, level=level)
    assert Gift.objects.count() == 1
    with pytest.raises(ApplicationStateError):
        request_membership(holder=person, level=make_level())


def test_a_member_asks_again_only_when_due(today):
    membership = make_membership(starts_on=NEW_YEAR)
    with pytest.raises(AlreadyMemberError):
        request_membership(holder=membership.constituent, level=membership.level)
    today("2026-12-01")
    application = request_membership(holder=membership.constituent, level=membership.level)
    today("2026-12-10")
    post_gift(application.gift, by=None, received_on=dt.date(2026, 12, 10))
    assert [term.starts_on for term in membership.terms.all()] == [NEW_YEAR, dt.date(2027, 1, 1)]


def test_a_level_that_wants_approval_expects_no_money_before(today):
    application = request_membership(holder=make_person(), level=make_level(joining=Joining.APPROVAL))
    assert application.state == ApplicationState.APPROVAL
    assert application.gift is None
    approved = approve_application(application, by=UserFactory())
    assert approved.gift.status == GiftStatus.PENDING
    with pytest.raises(ApplicationStateError):
        approve_application(application, by=UserFactory())


def test_a_free_level_begins_at_once(today):
    application = request_membership(holder=make_person(), level=make_level(dues=Decimal(0)))
    assert application.membership.status_on(NEW_YEAR) == Status.NEW


def test_a_level_for_invited_people_or_off_sale_cannot_be_asked_for(today):
    with pytest.raises(LevelError):
        request_membership(holder=make_person(), level=make_level(joining=Joining.INVITATION))
    with pytest.raises(LevelError):
        request_membership(holder=make_person(), level=make_level(on_sale_until=dt.date(2025, 12, 31)))


def test_declining_gives_up_the_expected_dues(today):
    application = request_membership(holder=make_person(), level=make_level())
    decline_application(application, by=None, reason="Wrote that she changed her mind")
    application.gift.refresh_from_db()
    assert application.gift.status == GiftStatus.CANCELLED


def test_what_was_done_is_in_the_audit(today):
    membership = make_membership(starts_on=NEW_YEAR)
    verbs = list(AuditEntry.objects.filter(action__startswith="membership.").values_list("action", flat=True))
    assert sorted(verbs) == ["membership.join", "membership.opened"]
    assert membership.level.name
