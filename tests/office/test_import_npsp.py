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


def test_the_sample_comes_in_to_the_cent_and_names_its_six_mistakes(bring_in):
    rows = npsp.sample()

    outcome, code = bring_in(rows)

    assert code == 1
    assert sorted({error["row"] for error in outcome["errors"]}) == [60, 61, 62, 63, 64, 65]
    good = rows[: -npsp.MISTAKES]
    total = sum(Decimal(row["Donation Amount"].strip("$").replace(",", "")) for row in good if "Donation Amount" in row)
    assert Decimal(outcome["amount_total"]) == total
    assert outcome["created"]["gift"] == sum(1 for row in good if "Donation Amount" in row)


def test_two_people_in_a_row_share_a_household_and_its_address(bring_in):
    bring_in(npsp.sample())

    household = Household.objects.get(memberships__person__given_name="Margaret")

    assert household.name == "Margaret and Daniel Okafor"
    assert [address.street for address in household.addresses.all()] == ["12 Elm Street"]
    assert Gift.objects.filter(donor__given_name="Margaret").count() == 2


def test_one_name_with_two_addresses_is_two_people(bring_in):
    bring_in(npsp.sample())

    assert Constituent.objects.filter(given_name="Ann", family_name="Lee").count() == 2


def test_a_spreadsheets_lost_zero_comes_back(bring_in):
    bring_in(npsp.sample())

    assert Constituent.objects.get(family_name="O’Rourke").addresses.get().postal_code == "04101"
    assert Constituent.objects.get(family_name="Brandstätter").addresses.get().postal_code == "01067"


def test_two_equal_gifts_on_one_day_are_two_gifts(bring_in):
    bring_in(npsp.sample())

    assert Gift.objects.filter(donor__family_name="Pike").count() == 3
    assert Constituent.objects.filter(family_name="Pike").count() == 1


def test_a_pledge_is_expected_and_not_in_the_books(bring_in):
    bring_in(npsp.sample())

    larkspur = Gift.objects.filter(donor__organisation_name="The Larkspur Foundation")
    assert sorted(larkspur.values_list("status", flat=True)) == ["pending", "posted"]
    assert larkspur.counted().count() == 1
