"""When something falls due."""

from __future__ import annotations

import calendar
import datetime as dt
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from core.money import Money
from donations.promises.pledging import even_instalments
from donations.promises.schedule import Frequency, Series, Unit, due_dates, is_last_day

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31))
FREQUENCIES = st.builds(Frequency, st.integers(1, 8), st.sampled_from(list(Unit)))
IN_MONTHS = st.builds(Frequency, st.integers(1, 8), st.sampled_from([Unit.MONTH, Unit.QUARTER, Unit.YEAR]))


@settings(max_examples=60)
@given(DAYS, IN_MONTHS, st.integers(1, 40))
def test_the_last_day_of_the_month_stays_the_last_day_and_every_other_day_stays_itself(
    first: dt.date, frequency: Frequency, number: int
) -> None:
    for place, day in enumerate(due_dates(first, frequency, number)):
        months = (day.year - first.year) * 12 + day.month - first.month
        assert months == place * frequency.months
        last = calendar.monthrange(day.year, day.month)[1]
        assert day.day == (last if is_last_day(first) else min(first.day, last))


@settings(max_examples=40)
@given(DAYS, FREQUENCIES, DAYS, DAYS)
def test_the_dates_between_two_days_are_those_of_the_whole_series(
    first: dt.date, frequency: Frequency, one: dt.date, two: dt.date
) -> None:
    since, until = sorted([one, two])
    until = min(until, since + dt.timedelta(days=400))
    series = Series(first, frequency)
    whole = [day for day in series.until(until) if day >= since]
    assert list(series.until(until, since=since)) == whole


@settings(max_examples=40)
@given(st.integers(100, 10_000_000), st.integers(1, 60), DAYS, FREQUENCIES)
def test_equal_parts_add_up_and_differ_by_a_cent_at_most(
    cents: int, number: int, first: dt.date, frequency: Frequency
) -> None:
    amount = Decimal(cents) / 100
    parts = even_instalments(Money(amount, "USD"), first=first, frequency=frequency, number=number)
    amounts = [part.amount for part in parts]
    assert sum(amounts) == amount
    assert max(amounts) - min(amounts) <= Decimal("0.01")
    assert [part.on for part in parts] == sorted({part.on for part in parts})


def test_thirty_january_falls_on_the_end_of_february_once_and_goes_on_as_the_thirtieth() -> None:
    dates = due_dates(dt.date(2027, 1, 30), Frequency(1, Unit.MONTH), 3)
    assert dates == [dt.date(2027, 1, 30), dt.date(2027, 2, 28), dt.date(2027, 3, 30)]


def test_what_comes_often_is_compared_by_the_average_month() -> None:
    assert Frequency(1, Unit.WEEK).a_month(Decimal(12)) == Decimal(52)
    assert Frequency(2, Unit.QUARTER).a_month(Decimal(60)) == Decimal(10)
    assert str(Frequency(3, Unit.MONTH)) == "every 3 months"
