"""No cell of ours runs as a formula, and nothing is changed that would not."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from core.exports import ExportError, guard, unguard, write, write_csv, write_json, write_xlsx
from core.money import Money

pytestmark = pytest.mark.django_db

RUNS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "\u00a0=1",
    "'=1",
    '=HYPERLINK("http://x","y")',
    "＝1+1",
]
NUMBER = re.compile(r"-?\d+(\.\d+)?\Z")
VALUES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(RUNS),
    st.integers(),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**11), max_value=10**11, places=3),
    st.dates(min_value=dt.date(1900, 3, 1)),
    st.booleans(),
    st.none(),
)


def as_csv(rows, columns=("a", "b"), **options):
    out = io.BytesIO()
    write_csv(rows, columns, out, **options)
    return list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")))


def as_sheet(rows, columns=("a", "b")):
    out = io.BytesIO()
    write_xlsx(rows, columns, out)
    return load_workbook(io.BytesIO(out.getvalue())).active


@pytest.mark.parametrize("typed", RUNS)
def test_words_that_would_run_are_marked_as_words(typed) -> None:
    assert as_csv([[typed, 1]])[1][0] == f"'{typed}"
    cell = as_sheet([[typed, 1]])["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix


@given(st.lists(VALUES, min_size=1, max_size=8))
def test_no_csv_cell_begins_a_formula_unless_it_is_a_number(values) -> None:
    for cell in as_csv([values], columns=[str(number) for number in range(len(values))])[1]:
        assert NUMBER.match(cell) or not cell.strip()[:1] or cell.strip()[0] not in "=+-@"
        assert cell[:1] not in {"\t", "\r", "\n"}


@given(st.text())
def test_importing_an_exported_cell_gives_back_what_was_typed(typed) -> None:
    assert unguard(guard(typed)) == typed


@given(st.lists(VALUES, min_size=1, max_size=8))
def test_a_sheet_reads_back_the_same_values(values) -> None:
    sheet = as_sheet([values], columns=[str(number) for number in range(len(values))])
    for number, value in enumerate(values, start=1):
        cell = sheet.cell(2, number)
        assert cell.data_type != "f"
        if value is None or value == "":
            assert cell.value is None
        elif isinstance(value, bool):
            assert cell.value is value
        elif isinstance(value, (int, Decimal)):
            assert Decimal(str(cell.value)) == value
        elif isinstance(value, dt.date):
            assert cell.value == dt.datetime.combine(value, dt.time())
        elif not re.search("[\x00-\x1f\ud800-\udfff\ufffe\uffff]", value):
            assert cell.value == value


def test_negative_amounts_stay_numbers_and_empty_stays_empty() -> None:
    row = [Decimal("-12.50"), None, "", 0, Money(Decimal(-3), "EUR")]
    columns = ["a", "b", "c", "d", "e"]
    assert as_csv([row], columns)[1] == ["-12.50", "", "", "0", "-3.00"]
    sheet = as_sheet([row], columns)
    assert [cell.value for cell in sheet[2]] == [-12.5, None, None, 0, -3]
    assert sheet["A2"].data_type == "n"


def test_dates_are_real_dates_in_a_sheet_and_iso_in_csv() -> None:
    row = [dt.date(2026, 11, 21), dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.UTC)]
    assert as_csv([row])[1] == ["2026-11-21", "2026-11-21T09:30:00+00:00"]
    sheet = as_sheet([row])
    assert sheet["A2"].is_date
    assert sheet["A2"].value == dt.datetime(2026, 11, 21)  # noqa: DTZ001 - sheets know no zones
    assert sheet["B2"].value == dt.datetime(2026, 11, 21, 9, 30)  # noqa: DTZ001


def test_a_number_too_long_for_a_sheet_stays_whole_as_words() -> None:
    assert as_sheet([[12345678901234567890, 1]])["A2"].value == "12345678901234567890"


def test_csv_has_a_mark_for_excel_when_asked() -> None:
    out = io.BytesIO()
    write_csv([["Żółć"]], ["Name"], out, bom=True)
    assert out.getvalue().startswith(b"\xef\xbb\xbfName")


def test_json_keeps_amounts_exact_and_rows_apart() -> None:
    out = io.BytesIO()
    count = write_json(iter([["Żółć", Decimal("0.10")], ["=1", None]]), ["name", "amount"], out)
    assert count == 2
    assert json.loads(out.getvalue()) == [{"name": "Żółć", "amount": "0.10"}, {"name": "=1", "amount": None}]


def test_no_rows_make_a_file_with_its_header() -> None:
    assert as_csv([]) == [["a", "b"]]
    assert [cell.value for cell in as_sheet([])[1]] == ["a", "b"]


def test_what_does_not_fit_a_sheet_is_refused_by_row_and_column() -> None:
    with pytest.raises(ExportError, match="Row 1, b"):
        as_sheet([["x", "y" * 40_000]])
    with pytest.raises(ExportError, match="csv, xlsx, json"):
        write("pdf", [], [], io.BytesIO())
