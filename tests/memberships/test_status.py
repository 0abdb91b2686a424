"""Status: a function of dates and facts, the same in Python and in SQL for every date."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from constituents.models import Constituent
from memberships.directory import current_members, membership_of
from memberships.models import MEMBER_STATUSES, Fact, Membership, Standing, Status, Term
from memberships.services.dues import Payment
from memberships.services.joining import join
from tests.factories.constituents import make_household, make_organisation, make_person
from tests.factories.memberships import add_bare_term, make_bare_membership, make_level, make_membership
from tests.harness.examples import drawn

pytestmark = pytest.mark.django_db

START = dt.date(2025, 1, 1)


def day(text):
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("date", "status"),
    [
        ("2024-12-31", Status.PENDING),
        ("2025-01-01", Status.NEW),
        ("2025-03-01", Status.NEW),
        ("2025-03-02", Status.CURRENT),
        ("2025-10-31", Status.CURRENT),
        ("2025-11-01", Status.DUE),
        ("2025-12-31", Status.DUE),
        ("2026-01-01", Status.GRACE),
        ("2026-01-30", Status.GRACE),
        ("2026-01-31", Status.LAPSED),
        ("2036-01-01", Status.LAPSED),
    ],
)
def test_a_year_from_joining_to_lapsing(date, status):
    membership = make_membership(starts_on=START)
    assert membership.status_on(day(date)) == status
    assert Membership.objects.with_status(day(date)).get().status == status


def test_grace_after_a_january_ends_thirty_days_on():
    level = make_level(months=1, renewal_opens_days=5, renewal_closes_days=30)
    membership = make_membership(level=level, starts_on=START)
    assert membership.status_on(day("2025-02-01")) == Status.GRACE
    assert membership.status_on(day("2025-03-02")) == Status.GRACE
    assert membership.status_on(day("2025-03-03")) == Status.LAPSED


def test_an_ended_month_is_not_new_for_sixty_days():
    level = make_level(months=1, grace_days=0, renewal_opens_days=0)
    membership = make_membership(level=level, starts_on=START)
    assert membership.status_on(day("2025-01-30")) == Status.NEW
    assert membership.status_on(day("2025-02-01")) == Status.LAPSED


def test_a_gap_has_a_status():
    membership, level = make_bare_membership(), make_level()
    add_bare_term(membership, level, START)
    add_bare_term(membership, level, day("2027-01-01"))
    assert membership.status_on(day("2026-06-01")) == Status.LAPSED
    assert membership.status_on(day("2026-01-05")) == Status.GRACE


def test_the_death_of_the_member_beats_every_date():
    membership = make_membership(starts_on=START)
    person = membership.constituent
    person.is_deceased, person.deceased_on = True, day("2025-06-01")
    person.save()
    assert membership.status_on(day("2025-05-31")) == Status.CURRENT
    assert membership.status_on(day("2025-06-01")) == Status.DECEASED


durations = st.integers(1, 14)
offsets = st.integers(0, 900)


@st.composite
def histories(draw):
    """Terms that do not overlap, facts at any time, perhaps a death: everything a membership can be."""
    terms, first = [], START + dt.timedelta(days=draw(st.integers(0, 200)))
    for _ in range(draw(st.integers(0, 4))):
        level = {
            "months": draw(durations),
            "grace_days": draw(st.integers(0, 60)),
            "renewal_opens_days": draw(st.integers(0, 90)),
        }
        terms.append((first, level, draw(st.booleans()), draw(st.sampled_from([None, None, None, 5, -1]))))
        first += dt.timedelta(days=31 * level["months"] + draw(st.sampled_from([0, 0, 1, 20, 200])))
    facts = [
        (fact, START + dt.timedelta(days=draw(offsets)), draw(st.one_of(st.none(), st.integers(-1, 300))))
        for fact in draw(st.lists(st.sampled_from(Fact.values), max_size=3, unique=True))
    ]
    death = draw(st.one_of(st.none(), st.none(), st.just("unknown"), offsets))
    return terms, facts, death


def build(history):
    terms, facts, death = history
    person = make_person()
    membership = make_bare_membership(person)
    for starts_on, rules, is_new, cut_after in terms:
        term = add_bare_term(membership, make_level(renewal_closes_days=90, **rules), starts_on, is_new=is_new)
        if cut_after is not None:
            term.cut(starts_on + dt.timedelta(days=cut_after))
            term.save()
    for fact, since, lasts in facts:
        until = None if lasts is None else since + dt.timedelta(days=lasts)
        Standing.objects.create(membership=membership, kind=fact, since=since, until=until)
    if death is not None:
        person.is_deceased = True
        person.deceased_on = None if death == "unknown" else START + dt.timedelta(days=death)
        person.save()
    return membership.pk


@drawn(10)
@given(histories())
def test_python_and_sql_agree_on_every_date(history):
    with transaction.atomic():
        pk = build(history)
        membership = Membership.objects.select_related("constituent").prefetch_related("terms", "standings").get(pk=pk)
        edges = {START - dt.timedelta(days=1), START + dt.timedelta(days=1500)}
        for term in membership.terms.all():
            edges |= {term.starts_on, term.ends_on, term.due_from, term.grace_until, term.new_until}
        for fact in membership.standings.all():
            edges |= {fact.since, fact.until}
        edges.add(membership.constituent.deceased_on)
        # Between two edges nothing changes: a day on, before and after each of them is every date there is.
        dates = {edge + dt.timedelta(days=shift) for edge in edges - {None} for shift in (-1, 0, 1)}
        for date in sorted(dates):
            in_sql = Membership.objects.with_status(date).get(pk=pk).status
            assert in_sql == membership.status_on(date), date
            members = Membership.objects.members(date).filter(pk=pk).exists()
            assert members == (membership.status_on(date) in MEMBER_STATUSES)
        transaction.set_rollback(True)


def test_everyone_on_a_plan_is_a_member_and_nobody_else():
    on = day("2025-06-01")
    household = make_household()
    level = make_level(capacity=5)
    payment = Payment(received_on=START)
    join(holder=household, level=level, by=None, payment=payment, people=household.members, starts_on=START)
    organisation, delegate, stranger = make_organisation(), make_person(), make_person()
    join(holder=organisation, level=level, by=None, payment=payment, people=[delegate], starts_on=START)
    single = make_membership(starts_on=START).constituent
    lapsed = make_membership(starts_on=day("2022-01-01")).constituent
    members = set(current_members(on))
    assert members == {*household.members, organisation, delegate, single}
    assert not {stranger, lapsed} & members
    delegate.named_on.update(until=day("2025-05-31"))
    assert delegate not in set(current_members(on))


def test_the_dead_are_not_listed():
    membership = make_membership(starts_on=START)
    Constituent.objects.filter(pk=membership.constituent_id).update(is_deceased=True)
    assert not current_members(day("2025-02-01")).exists()


def test_a_person_finds_the_membership_of_the_plan():
    household = make_household()
    head, other = household.members
    term = join(
        holder=household,
        level=make_level(capacity=2),
        by=None,
        payment=Payment(received_on=START),
        people=household.members,
        starts_on=START,
    )
    assert membership_of(head) == membership_of(other) == term.membership
    assert membership_of(make_person()) is None


def test_a_term_keeps_the_price_it_was_sold_for():
    term = make_membership(starts_on=START).terms.get()
    assert Term.objects.covering(START).get() == term
    assert term.price == Decimal(60)
