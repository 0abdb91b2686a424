"""An import meets closed books: what is on record already stays unchanged, what would be new is refused row by row."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from core import clock
from donations.accounting.periods import close_period
from donations.models import Gift
from donations.services.books import check_books
from tests.office.imports import bring_in

pytestmark = pytest.mark.django_db

HEADER = "Gift id,First name,Last name,E-mail,Amount,Date\n"
OLD = "G1,Ann,Lee,ann@example.org,10.00,2026-01-05\n"
OLD_TOO = "G2,Ann,Lee,ann@example.org,20.00,2026-01-06\n"
WITHOUT_ID = ",Bo,Ray,bo@example.org,40.00,2026-01-07\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def save(folder: Path, *rows: str) -> Path:
    path = folder / "gifts.csv"
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return path


def test_the_same_file_again_changes_nothing_and_new_rows_are_refused_in_words(folder: Path) -> None:
    _outcome, code = bring_in(save(folder, OLD), "--system", "old")
    assert code == 0
    close_period(through=clock.today() - dt.timedelta(days=1), by=None)
    again, code = bring_in(save(folder, OLD), "--system", "old")
    assert (code, again["errors"], again["created"]) == (0, [], {})
    outcome, code = bring_in(save(folder, OLD, OLD_TOO, WITHOUT_ID), "--system", "old")
    assert code == 1
    assert [error["row"] for error in outcome["errors"]] == [3, 4]
    assert all("The books are closed through" in error["message"] for error in outcome["errors"])
    assert Gift.objects.count() == 1
    assert check_books() == []
