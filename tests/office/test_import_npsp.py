"""An NPSP Data Import file becomes linked people, households, organisations and gifts; twice is once."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.management import CommandError
from django.db.models import Sum

from constituents.models import Constituent, Household
from donations.models import Gift
from donations.services.books import check_books
from tests.factories import npsp
from tests.office import imports

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring_in(tmp_path):
    """Import rows through the command; returns its JSON and exit code."""

    def run(rows, *arguments, header=()):
        # Ids are columns that NPSP adds to its template.
        more = dict.fromkeys(name for row in rows for name in row if name not in npsp.HEADER)
        path = imports.save_npsp(tmp_path, rows, header=header or [*npsp.HEADER, *more])
        return imports.bring_in(path, *arguments)

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


def test_an_id_finds_the_person_whatever_has_changed(bring_in):
    header = {"Contact1 Import ID": "003A", "Contact1 First Name": "Ann", "Contact1 Last Name": "Lee"}
    bring_in([header | {"Contact1 Personal Email": "ann@lee.example"}], "--system", "npsp")
    rows = [header | {"Contact1 Last Name": "Ray", "Contact1 Personal Email": "ann@ray.example"}]

    outcome, _code = bring_in(rows)

    person = Constituent.objects.get()
    assert outcome["updated"] == {"person": 1}
    assert person.display_name == "Ann Ray"
    assert {email.address for email in person.emails.all()} == {"ann@lee.example", "ann@ray.example"}


def test_different_ids_of_one_system_are_different_people(bring_in):
    ann = {"Contact1 First Name": "Ann", "Contact1 Last Name": "Lee", "Contact1 Personal Email": "ann@lee.example"}
    bring_in([ann | {"Contact1 Import ID": "003A"}])

    outcome, _code = bring_in([ann | {"Contact1 Import ID": "003B"}])

    assert outcome["created"] == {"person": 1}
    assert outcome["unsure"] == 1
    assert Constituent.objects.count() == 2


def test_a_name_alone_never_matches(bring_in):
    row = {"Contact1 First Name": "John", "Contact1 Last Name": "Smith"}
    bring_in([row | {"Contact1 Title": "Baker"}])

    outcome, _code = bring_in([row | {"Contact1 Title": "Teacher"}, row | {"Contact1 Title": "Teacher"}])

    assert outcome["created"] == {"person": 2}
    assert outcome["unsure"] == 2
    assert Constituent.objects.count() == 3


def test_every_mode_does_what_it_says(bring_in):
    ann = {"Contact1 First Name": "Ann", "Contact1 Last Name": "Lee", "Contact1 Personal Email": "ann@lee.example"}
    bring_in([ann | {"Contact1 Title": "Baker"}])
    more = ann | {"Contact1 Title": "Teacher", "Contact1 Salutation": "Dr.", "Contact1 Home Phone": "217 555 0101"}
    gift = {"Donation Amount": "20.00", "Donation Date": "2025-01-31"}

    def now():
        person = Constituent.objects.get()
        return (person.occupation, person.title, person.phones.count(), person.gifts.count())

    bring_in([more | gift], "--mode", "skip")
    assert now() == ("Baker", "", 0, 0)
    bring_in([more | gift], "--mode", "create")
    assert now() == ("Baker", "", 0, 1)
    bring_in([more | gift], "--mode", "fill")
    assert now() == ("Baker", "Dr.", 1, 1)
    bring_in([more | gift], "--mode", "update")
    assert now() == ("Teacher", "Dr.", 1, 1)


def test_blank_cells_never_erase(bring_in):
    ann = {"Contact1 First Name": "Ann", "Contact1 Last Name": "Lee", "Contact1 Personal Email": "ann@lee.example"}
    bring_in([ann | {"Contact1 Title": "Baker", "Contact1 Salutation": "Dr."}])

    outcome, _code = bring_in([ann])

    assert outcome["updated"] == {}
    assert Constituent.objects.get().title == "Dr."


def test_posted_money_is_left_alone_and_listed(bring_in):
    row = {
        "Contact1 First Name": "Ann",
        "Contact1 Last Name": "Lee",
        "Contact1 Personal Email": "ann@lee.example",
        "Donation Date": "2025-01-31",
        "Donation Import ID": "006X",
    }
    bring_in([row | {"Donation Amount": "20.00"}])

    outcome, _code = bring_in([row | {"Donation Amount": "25.00"}])

    assert outcome["created"] == {}
    assert outcome["unsure"] == 1
    assert Gift.objects.get().amount == Decimal("20.00")


def test_a_pledge_that_has_come_is_posted_once(bring_in):
    row = {
        "Contact1 First Name": "Ann",
        "Contact1 Last Name": "Lee",
        "Contact1 Personal Email": "ann@lee.example",
        "Donation Date": "2025-01-31",
        "Donation Amount": "20.00",
        "Donation Import ID": "006X",
    }
    bring_in([row | {"Donation Stage": "Pledged"}])
    outcome, _code = bring_in([row | {"Donation Stage": "Closed Won"}])
    again, _code = bring_in([row | {"Donation Stage": "Closed Won"}])

    assert outcome["updated"] == {"gift": 1}
    assert again["updated"] == {}
    assert Gift.objects.get().status == "posted"
    assert check_books() == []


def test_allocations_become_parts_of_the_gift(bring_in):
    row = {
        "Contact1 First Name": "Ann",
        "Contact1 Last Name": "Lee",
        "Contact1 Personal Email": "ann@lee.example",
        "Donation Date": "2025-01-31",
        "Donation Amount": "100.00",
        "GAU Allocation 1 GAU": "Roof",
        "GAU Allocation 1 Amount": "60.00",
        "GAU Allocation 2 GAU": "Garden",
        "GAU Allocation 2 Percent": "25",
    }
    header = [*npsp.HEADER, *(name for name in row if name.startswith("GAU"))]

    outcome, code = bring_in([row], header=header)

    assert code == 0, outcome
    parts = {part.fund.name: part.amount for part in Gift.objects.get().allocations.all()}
    assert parts == {"Roof": Decimal("60.00"), "Garden": Decimal("25.00"), "General fund": Decimal("15.00")}


def test_columns_that_are_left_out_are_named(bring_in):
    row = {
        "Contact1 First Name": "Ann",
        "Contact1 Last Name": "Lee",
        "Shoe size": "38",
        "Campaign Member Status": "Sent",
    }

    outcome, _code = bring_in([row], header=[*npsp.HEADER, "Shoe size"])

    assert outcome["not_imported"] == ["Campaign Member Status", "Shoe size"]


def test_dates_that_could_be_read_both_ways_are_asked_about(tmp_path):
    row = {
        "Contact1 First Name": "Ann",
        "Contact1 Last Name": "Lee",
        "Contact1 Personal Email": "ann@lee.example",
        "Donation Amount": "20.00",
        "Donation Date": "3/4/2025",
    }
    path = imports.save_npsp(tmp_path, [row])

    with pytest.raises(CommandError) as refused:
        imports.bring_in(path)
    assert refused.value.returncode == 2

    mapping = tmp_path / "mapping.json"
    mapping.write_text('{"date_order": "dmy"}')
    imports.bring_in(path, "--mapping", str(mapping))
    assert Gift.objects.get().received_on == dt.date(2025, 4, 3)


def test_the_errors_file_is_ready_to_be_corrected_and_brought_in_again(bring_in, tmp_path):
    errors = tmp_path / "errors.csv"
    bring_in(npsp.sample(), "--errors", str(errors))
    text = errors.read_text(encoding="utf-8-sig").replace("jörg@", "joerg@")
    corrected = tmp_path / "corrected.csv"
    corrected.write_text(text, encoding="utf-8")

    outcome, code = imports.bring_in(corrected, "--kind", "npsp")

    assert code == 1
    assert outcome["created"]["person"] == 1
    assert Constituent.objects.filter(emails__address="joerg@faehrmann.example").exists()


def test_a_file_that_contradicts_itself_changes_nothing_the_second_time(bring_in):
    ann = {"Contact1 First Name": "Ann", "Contact1 Last Name": "Lee", "Contact1 Personal Email": "ann@lee.example"}
    rows = [ann | {"Contact1 Title": "Baker"}, ann | {"Contact1 Title": "Mayor"}]

    first, _code = bring_in(rows)
    again, _code = bring_in(rows)

    assert Constituent.objects.get().occupation == "Baker"
    assert (first["unsure"], again["unsure"]) == (1, 1)
    assert again["updated"] == {}
