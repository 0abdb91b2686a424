"""Periods: an end is the last day included, and no paid day is lost."""

import calendar
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memberships.periods import (
    ONE_DAY,
    Day,
    Period,
    fixed_year_end,
    member_since,
    months_left,
    renewal_start,
    rolling_end,
    unused_days,
)

FOUR_YEARS = [dt.date(2024, 1, 1) + dt.timedelta(days=n) for n in range(1461)]
dates = st.dates(min_value=dt.date(1990, 1, 1), max_value=dt.date(2090, 12, 31))
months = st.integers(min_value=1, max_value=240)
year_days = st.builds(Day, st.integers(1, 12), st.integers(1, 28))


@pytest.mark.parametrize(
    ("start", "number", "end"),
    [
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-28"),
        ("2025-01-30", 1, "2025-02-28"),
        ("2025-01-28", 1, "2025-02-27"),
        ("2025-01-01", 12, "2025-12-31"),
        ("2025-03-31", 1, "2025-04-30"),
        ("2025-03-15", 12, "2026-03-14"),
        ("2025-12-31", 2, "2026-02-28"),
    ],
)
def test_a_rolling_term_ends_the_day_before_the_same_day_of_the_month(start, number, end):
    assert rolling_end(dt.date.fromisoformat(start), number) == dt.date.fromisoformat(end)


@pytest.mark.parametrize("number", [1, 2, 3, 6, 12, 13, 24])
def test_every_start_day_of_four_years_ends_where_the_rule_says(number):
    for start in FOUR_YEARS:
        target = (start.year * 12 + start.month - 1 + number) // 12, (start.month - 1 + number) % 12 + 1
        last = calendar.monthrange(*target)[1]
        expected = dt.date(*target, last) if start.day > last else dt.date(*target, start.day) - ONE_DAY
        assert rolling_end(start, number) == expected


@given(dates, months)
def test_a_term_is_never_shorter_than_its_months_can_be(start, number):
    days = (rolling_end(start, number) - start).days + 1
    assert 28 * number <= days <= 31 * number


@given(dates, dates, months)
def test_who_joins_later_never_ends_earlier(one, other, number):
    earlier, later = sorted([one, other])
    assert rolling_end(earlier, number) <= rolling_end(later, number)


@given(dates, months, st.integers(0, 120), st.integers(-400, 400))
def test_no_renewal_in_time_or_in_grace_loses_or_gives_away_a_day(start, number, grace, paid_after):
    end = rolling_end(start, number)
    grace_until = end + dt.timedelta(days=grace)
    paid_on = end + dt.timedelta(days=paid_after)
    renewed = renewal_start(end, grace_until, paid_on)
    assert renewed == (end + ONE_DAY if paid_after <= grace else paid_on)
    assert renewed > end


def test_each_term_is_counted_from_its_own_start():
    first_end = rolling_end(dt.date(2025, 1, 31), 1)
    assert first_end == dt.date(2025, 2, 28)
    assert rolling_end(first_end + ONE_DAY, 1) == dt.date(2025, 3, 31)


SEPTEMBER = Day(9, 1)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2025-09-01", "2026-08-31"),
        ("2025-12-24", "2026-08-31"),
        ("2026-06-30", "2026-08-31"),
        ("2026-07-01", "2027-08-31"),
        ("2026-08-31", "2027-08-31"),
    ],
)
def test_from_the_rollover_day_on_the_next_year_is_included(start, end):
    assert fixed_year_end(dt.date.fromisoformat(start), SEPTEMBER, Day(7, 1)) == dt.date.fromisoformat(end)


@given(dates, year_days)
def test_without_rollover_a_fixed_year_ends_before_its_next_opening(start, opens):
    end = fixed_year_end(start, opens)
    assert (end + ONE_DAY).month == opens.month
    assert (end + ONE_DAY).day == opens.day
    assert start <= end < start + dt.timedelta(days=366)


@given(dates, year_days, year_days)
def test_a_rollover_gives_one_year_more_or_nothing(start, opens, rollover):
    plain, rolled = fixed_year_end(start, opens), fixed_year_end(start, opens, rollover)
    assert rolled in (plain, opens.next_after(plain + ONE_DAY) - ONE_DAY)
    if rollover == opens:
        assert rolled == plain


@pytest.mark.parametrize(
    ("start", "left"), [("2025-09-01", 12), ("2025-09-30", 12), ("2025-10-01", 11), ("2026-08-31", 1)]
)
def test_the_month_one_joins_in_counts(start, left):
    assert months_left(dt.date.fromisoformat(start), SEPTEMBER) == left


@given(dates, year_days)
def test_there_are_one_to_twelve_months_left(start, opens):
    assert 1 <= months_left(start, opens) <= 12


def test_unused_days_include_the_day_itself():
    year = Period(dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    assert unused_days(year, dt.date(2025, 1, 1)) == 365
    assert unused_days(year, dt.date(2024, 6, 1)) == 365
    assert unused_days(year, dt.date(2025, 12, 31)) == 1
    assert unused_days(year, dt.date(2026, 1, 1)) == 0


def test_member_since_survives_a_short_gap_and_no_longer_one():
    first = Period(dt.date(2020, 1, 1), dt.date(2020, 12, 31))
    soon = Period(dt.date(2021, 3, 1), dt.date(2022, 2, 28))
    assert member_since([soon, first], gap_days=59) == dt.date(2020, 1, 1)
    assert member_since([soon, first], gap_days=58) == dt.date(2021, 3, 1)


def test_terms_that_cover_no_day_do_not_count_for_member_since():
    empty = Period(dt.date(2020, 1, 1), dt.date(2019, 12, 31))
    assert member_since([empty], gap_days=90) is None
    assert member_since([empty, Period(dt.date(2020, 2, 1), None)], gap_days=90) == dt.date(2020, 2, 1)
