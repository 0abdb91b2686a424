"""A chart shows what its numbers are, also to those who hear it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.documents import Bar, Series
from core.documents.charts import _ceiling

from .conftest import read, words_of

MONTHS = ["Jan", "Feb", "Mar"]


def figure(document):
    """Return the alternative text of the one figure in the document."""
    top = read(document).trailer["/Root"]["/StructTreeRoot"]["/K"][0]
    return [kid.get_object()["/Alt"] for kid in top["/K"] if kid.get_object()["/S"] == "/Figure"]


def test_bars_say_their_values_and_goals(document) -> None:
    report = document()
    report.bar_chart("Campaigns", [Bar("Roof <b>", Decimal("1234.50"), 2000), Bar("Boats", 10)], currency="EUR")
    words = words_of(report)
    for expected in ("Campaigns", "Roof <b>", "1,234.50 of 2,000", "Boats", "10"):
        assert expected in words


def test_a_chart_is_one_figure_that_names_its_values(document) -> None:
    report = document()
    report.line_chart("Members", MONTHS, [Series("This year", [1, 2, None]), Series("Last year", [3, 4, 5])])
    assert figure(report) == ["Members. This year: Jan 1; Feb 2. Last year: Jan 3; Feb 4; Mar 5"]


@pytest.mark.parametrize("kind", ["column_chart", "line_chart"])
@pytest.mark.parametrize("values", [[0, 0, 0], [None, None, None], [1, None, 1_000_000], [Decimal("-5"), 0, 5]])
def test_any_figures_can_be_drawn(document, kind, values) -> None:
    report = document()
    getattr(report, kind)("Giving", MONTHS, [Series("2026", values)])
    assert "Jan" in words_of(report)


def test_nothing_to_show_is_said(document) -> None:
    report = document()
    report.bar_chart("Campaigns", [])
    report.line_chart("Members", [], [])
    assert words_of(report).count("There is nothing to show yet.") == 2


@pytest.mark.parametrize("highest", [0.4, 1, 7, 10, 101, 999, 72_000, 1_234_567])
def test_the_scale_ends_at_a_round_number_above_the_highest(highest) -> None:
    top, step = _ceiling(highest)
    assert highest <= top <= highest * 2
    assert 1 <= round(top / step) <= 6
