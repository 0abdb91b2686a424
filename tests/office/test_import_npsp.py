"""An NPSP Data Import file becomes linked people, households, organisations and gifts; twice is once."""

from __future__ import annotations

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import Sum

from constituents.models import Constituent, Household
from donations.models import Gift
from donations.services.books import check_books
from tests.factories import npsp

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring_in(tmp_path):
    """Import rows through the command; returns its JSON and exit code."""

    def run(rows, *arguments, text=None, name="file.csv"):
        path = tmp_path / name
        path.write_text(text if text is not None else npsp.as_csv(rows), encoding="utf-8", newline="")
        out, code = StringIO(), 0
        try:
            call_command("import_data", str(path), "--json", *arguments, stdout=out)
        except SystemExit as ended:
            code = ended.code
        return json.loads(out.getvalue()), code

    return run


def test_a_file_becomes_people_households_and_posted_gifts(bring_in):
    rows = npsp.people_with_gifts(40)

    outcome, code = bring_in(rows)

    assert code == 0
    assert outcome["created"]["person"] == 48
    assert outcome["created"]["household"] == 8
    assert outcome["created"]["gift"] == 40
    assert Decimal(outcome["amount_total"]) == npsp.total(rows)
    assert Gift.objects.counted().aggregate(total=Sum("net_base_amount"))["total"] == npsp.total(rows)
    assert check_books() == []


def test_the_same_file_twice_changes_nothing(bring_in):
    rows = npsp.people_with_gifts(40)
    bring_in(rows)
    before = (Constituent.objects.count(), Household.objects.count(), Gift.objects.count())

    outcome, code = bring_in(rows)

    assert code == 0
    assert outcome["created"] == {}
    assert outcome["updated"] == {}
    assert outcome["unchanged"] > 0
    assert (Constituent.objects.count(), Household.objects.count(), Gift.objects.count()) == before


def test_a_dry_run_writes_no_record(bring_in):
    outcome, _code = bring_in(npsp.people_with_gifts(5), "--dry-run")

    assert outcome["created"]["gift"] == 5
    assert not Constituent.objects.exists()
    assert not Gift.objects.exists()
