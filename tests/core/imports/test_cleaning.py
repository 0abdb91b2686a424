"""Cells are understood as their whole column is written, and refused with a reason otherwise."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.imports.cleaning import (
    Style,
    clean_amount,
    clean_boolean,
    clean_country,
    clean_date,
    clean_email,
    clean_postal_code,
    clean_text,
)
from core.imports.cleaning.profile import ColumnProfile, date_order
from core.imports.errors import CellError


def order_of(*dates):
    profile = ColumnProfile()
    for date in dates:
        profile.see_date(date)
    return date_order([profile])


def test_one_date_that_can_be_read_one_way_only_settles_the_column():
    assert order_of("3/4/2025", "25/12/2024") == ("dmy", False)
    assert order_of("3/4/2025", "12/25/2024") == ("mdy", False)


def test_dates_that_could_be_both_are_asked_about():
    assert order_of("3/4/2025", "5/6/2025") == ("", True)
    assert order_of("25/12/2024", "12/25/2024") == ("", True)
    assert order_of("2025-03-04", "4/4/2025") == ("", False)


@given(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2100, 12, 31)))
def test_a_date_comes_back_in_whatever_way_it_is_written(date):
    assert clean_date(date.isoformat(), Style()) == date
    assert clean_date(f"{date.day}.{date.month}.{date.year}", Style(date_order="dmy")) == date
    assert clean_date(f"{date.month}/{date.day}/{date.year}", Style(date_order="mdy")) == date
    assert clean_date(f"{date:%Y%m%d}", Style()) == date
    assert clean_date(f"{date.isoformat()}T23:30:00Z", Style()) == date


@pytest.mark.parametrize("text", ["2/30/2025", "13/13/2025", "yesterday", "2025", "1e5"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(CellError):
        clean_date(text, Style(date_order="mdy"))


@pytest.mark.parametrize(
    ("text", "mark", "amount"),
    [
        ("$1,200.00", "", "1200.00"),
        ("1.234,56", "", "1234.56"),
        ("(58.80)", "", "-58.80"),
        ("-58.80", "", "-58.80"),
        ("1 200,5 €", "", "1200.5"),
        ("1'234.50 CHF", "", "1234.50"),
        ("Rs. 500", "", "500"),
        ("1.234", ",", "1234"),
        ("1,234", ".", "1234"),
        ("1,5", ",", "1.5"),
    ],
)
def test_amounts_are_read_as_people_write_them(text, mark, amount):
    assert clean_amount(text, Style(decimal_mark=mark)) == Decimal(amount)


@pytest.mark.parametrize("text", ["twenty", "1e5", "12 or 13", "12 50", "-", "$", "9999999999999999"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(CellError):
        clean_amount(text, Style())


def test_the_decimal_mark_is_what_the_column_shows():
    profile = ColumnProfile()
    for text in ("1.234", "12,50", "7.000"):
        profile.see_amount(text)

    assert profile.decimal_mark == ","


@pytest.mark.parametrize("text", ["jörg@example.org", "no at sign", "a@b", "@example.org"])
def test_what_is_no_email_address_is_refused(text):
    with pytest.raises(CellError):
        clean_email(text)


def test_countries_go_by_many_names():
    names = ["US", "usa", "United States", "États-Unis", "Vereinigte Staaten"]

    assert {clean_country(name) for name in names} == {"US"}
    assert clean_country("UK") == "GB"


def test_a_postal_code_gets_its_zero_back_only_where_it_must_have_had_one():
    assert clean_postal_code("2118", "US") == "02118"
    assert clean_postal_code("1067", "DE") == "01067"
    assert clean_postal_code("2118-1234", "US") == "02118-1234"
    assert clean_postal_code("1010", "AT") == "1010"
    assert clean_postal_code("SW1A 1AA", "GB") == "SW1A 1AA"


def test_yes_and_no_in_any_usual_form():
    assert [clean_boolean(word) for word in ("Yes", "x", "1", "TRUE", "ja")] == [True] * 5
    assert [clean_boolean(word) for word in ("No", "0", "false", "nein")] == [False] * 4
    with pytest.raises(CellError):
        clean_boolean("perhaps")


@given(st.text())
def test_no_text_breaks_a_cleaner(text):
    for clean in (
        lambda t: clean_text(t, most=60),
        lambda t: clean_amount(t, Style()),
        lambda t: clean_date(t, Style()),
        clean_boolean,
        clean_email,
        clean_country,
        lambda t: clean_postal_code(t, "US"),
    ):
        with suppress(CellError):
            clean(text)
