import re
from decimal import Decimal
from itertools import pairwise

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from core.theme.charts import BarChart, LineChart, Series, round_up

positive = st.integers(min_value=1, max_value=10**12)


@given(positive)
def test_the_top_of_a_chart_is_a_round_number_not_far_above_the_highest_value(value):
    top = round_up(value)
    assert value <= top <= max(2, value * 2)
    assert re.fullmatch(r"[124568]0*|10+", str(top))


def test_a_bar_is_as_long_as_its_share_of_the_longest():
    chart = BarChart("Gifts by source", [("Fair", 400), ("Letter", Decimal(100)), ("Refunds", -20)], "EUR")
    assert [(bar.text, bar.length) for bar in chart.bars] == [
        ("€400", "100.00%"),
        ("€100", "25.00%"),
        ("\N{MINUS SIGN}€20", "0.00%"),
    ]


def test_a_chart_of_nothing_draws_nothing_and_does_not_fail():
    assert BarChart("No gifts", []).bars == []
    empty = LineChart("No gifts", ["Jan", "Feb"], [Series("2026", [None, None])])
    assert empty.lines == []
    assert [values for _label, values in empty.rows] == [["–"], ["–"]]


def test_a_line_ends_where_its_values_end_and_the_first_series_lies_on_top():
    chart = LineChart("Giving", ["Jan", "Feb", "Mar"], [Series("2026", [1, 2, None]), Series("2025", [1, 1, 4])])
    under, over = chart.lines
    assert (under.name, over.name) == ("2025", "2026")
    assert over.is_first
    assert len(over.pieces) == 1
    assert len(under.pieces) == 2
    assert under.last.y == "8.00%"  # the highest value touches the top


@given(st.lists(st.integers(min_value=0, max_value=100), min_size=1, max_size=5))
def test_the_names_of_lines_are_never_written_over_each_other(ends):
    chart = LineChart("Giving", ["Jan"], [Series(str(at), [end]) for at, end in enumerate(ends)])
    heights = sorted(float(line.name_y.rstrip("%")) for line in chart.lines)
    assert all(lower - upper >= 8.99 for upper, lower in pairwise(heights))


@pytest.mark.parametrize("template", ["components/bar_chart.html", "components/line_chart.html"])
def test_every_number_of_a_chart_stands_in_a_table(template):
    chart = (
        BarChart("Giving", [("Jan", 1250), ("Feb", 900)], "EUR")
        if "bar" in template
        else LineChart("Giving", ["Jan", "Feb"], [Series("2026", [1250, 900])], "EUR")
    )
    html = render_to_string(template, {"chart": chart})
    table = html[html.index("<table") :]
    assert "Giving" in html
    for text in ("Jan", "€1,250", "Feb", "€900"):
        assert text in table
