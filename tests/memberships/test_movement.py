"""The movement table: start, and who came, less who went, make the end. Always."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from memberships.movement import movement, movement_by_month, total
from memberships.services.changing import cancel
from memberships.services.dues import Payment
from memberships.services.joining import join
from tests.factories.memberships import make_membership
from tests.harness.examples import drawn
from tests.memberships.test_status import START, build, histories

pytestmark = pytest.mark.django_db


def march(year=2026):
    return movement(dt.date(year, 3, 1), dt.date(year, 3, 31))


def test_who_joins_comes_back_lapses_cancels_and_dies_is_counted_once_each():
    make_membership(starts_on=dt.date(2026, 3, 10))
    lapsing = make_membership(starts_on=dt.date(2025, 2, 10))
    returning = make_membership(starts_on=dt.date(2023, 1, 1))
    join(holder=returning.constituent, level=returning.level, by=None, payment=Payment(received_on=dt.date(2026, 3, 5)))
    cancel(make_membership(starts_on=dt.date(2025, 6, 1)), by=None, reason="Asked", last_day=dt.date(2026, 3, 20))
    dying = make_membership(starts_on=dt.date(2025, 6, 1)).constituent
    dying.is_deceased, dying.deceased_on = True, dt.date(2026, 3, 15)
    dying.save()
    make_membership(starts_on=dt.date(2025, 6, 1))
    row = march()
    assert (row.start, row.joined, row.rejoined, row.lapsed, row.cancelled, row.deceased, row.end) == (
        4,
        1,
        1,
        1,
        1,
        1,
        3,
    )
    assert lapsing.status_on(dt.date(2026, 3, 31)) == "lapsed"


def test_a_year_asks_the_database_once_a_month(django_assert_max_num_queries):
    make_membership(starts_on=START)
    with django_assert_max_num_queries(12):
        movement_by_month(2026)


@drawn(4)
@given(st.lists(histories(), min_size=1, max_size=4))
def test_it_adds_up_whatever_happened(several):
    with transaction.atomic():
        for history in several:
            build(history)
        months = [*movement_by_month(2025), *movement_by_month(2026)]
        assert all(month.adds_up for month in months)
        assert [month.end for month in months[:-1]] == [month.start for month in months[1:]]
        assert total(months).adds_up
        transaction.set_rollback(True)
