"""A file of any length costs the memory of one row."""

from __future__ import annotations

import datetime as dt
import tempfile
import tracemalloc
from decimal import Decimal

import pytest

from core.exports import write

pytestmark = pytest.mark.django_db


def peak(fmt: str, count: int) -> int:
    rows = ((number, f"Donor {number}", Decimal(number) / 100, dt.date(2026, 1, 1)) for number in range(count))
    with tempfile.TemporaryFile() as out:
        tracemalloc.start()
        try:
            write(fmt, rows, ["id", "donor", "amount", "date"], out)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("fmt", ["csv", "xlsx", "json"])
def test_ten_times_the_rows_take_no_more_memory(fmt) -> None:
    peak(fmt, 10)  # what is loaded once is not counted
    assert peak(fmt, 3_000) < peak(fmt, 300) + 200_000
