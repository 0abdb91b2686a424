"""People files of unknown origin come in whole: every row a record, every column kept, every odd cell findable."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from constituents.models import Constituent, CustomField, CustomValue, ExternalId
from constituents.services.custom_fields import set_values
from constituents.services.field_setup import add_field
from core import clock
from core.imports.models import ImportRow, ImportRun
from core.imports.pruning import forget_old_imports
from core.imports.recognition import examine
from core.imports.services import read_anew
from tests.factories.constituents import make_person
from tests.office import imports

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring_in(tmp_path):
    """Import lines as a file; returns the command's JSON."""

    def bring(*lines: str, name: str = "file.csv", mapping: dict | None = None, code: int = 0, **options: str) -> dict:
        path = tmp_path / name
        path.write_text("\n".join(lines), encoding="utf-8")
        arguments = [part for option, value in options.items() for part in (f"--{option}", value)]
        if mapping is not None:
            (tmp_path / "mapping.json").write_text(json.dumps(mapping), encoding="utf-8")
            arguments += ["--mapping", str(tmp_path / "mapping.json")]
        outcome, ended = imports.bring_in(path, *arguments)
        assert ended == code, outcome["errors"]
        return outcome

    return bring


def custom(person: Constituent) -> dict:
    return {value.field.key: value.value for value in person.custom_values.select_related("field")}


FEBRL = (
    "rec_id, given_name, surname, street_number, address_1, address_2, suburb, postcode, state, date_of_birth, "
    "soc_sec_id",
    "rec-1-org, ann, berry, 6, tullaroop street, willaroo, st james, 4011, wa, 19081209, 6988048",
    "rec-1-dup-0, ann, berry, 6, tullaroop street, willaroo, st james, 4011, wa, 19081209, 6988048",
    "rec-2-org, , , 48, goldfinch circuit, , canterbury, 2776, vic, 19601399, 2635962",
)


def test_each_row_with_an_id_of_its_own_is_a_record_whatever_else_agrees(bring_in):
    outcome = bring_in(*FEBRL, name="febrl.csv")

    assert outcome["created"] == {"person": 3}
    assert (outcome["errors"], outcome["not_imported"]) == ([], [])
    assert set(ExternalId.objects.values_list("system", "value")) == {
        ("febrl", "rec-1-org"),
        ("febrl", "rec-1-dup-0"),
        ("febrl", "rec-2-org"),
    }
    address = Constituent.objects.filter(given_name="ann").first().addresses.get()
    assert (address.street, address.extra, address.city) == ("6 tullaroop street", "willaroo", "st james")


def test_an_impossible_date_and_a_missing_name_lose_no_row(bring_in):
    outcome = bring_in(*FEBRL, name="febrl.csv")

    assert [(each["row"], each["column"]) for each in outcome["warnings"]] == [(4, "date_of_birth"), (4, "surname")]
    nameless = Constituent.objects.get(external_ids__value="rec-2-org")
    assert (nameless.birth_year, nameless.birth_month, nameless.birth_day) == (1960, None, None)
    assert custom(nameless)["date_of_birth_as_written"] == "19601399"
    assert str(nameless) == "No name (rec-2-org)"


def test_identity_numbers_become_a_sensitive_field_and_match_nobody(bring_in):
    bring_in(*FEBRL, name="febrl.csv")

    number = CustomField.objects.get(key="soc_sec_id")
    assert (number.is_sensitive, number.identifies, bool(number.why_held)) == (True, True, True)
    bring_in(FEBRL[0], FEBRL[1].replace("rec-1-org", "rec-9-org"), name="other.csv", system="febrl")
    assert CustomValue.objects.filter(field=number, text="6988048").count() == 3


def test_the_same_file_twice_changes_nothing_and_an_undo_takes_fields_along(bring_in):
    first = bring_in(*FEBRL, name="febrl.csv")
    again = bring_in(*FEBRL, name="febrl.csv")

    assert (again["created"], again["updated"], again["unchanged"]) == ({}, {}, 3)
    imports.undo(first["id"])
    assert not Constituent.objects.exists()
    assert not CustomField.objects.exists()


def test_rows_without_an_id_are_one_only_by_address_and_name(bring_in):
    lines = (
        "First name,Last name,Email,Phone,City",
        "Ann,Lee,ann@x.example,217 555 0101,Ulm",
        "Ann,Lee,ANN@x.example,217 555 0102,Ulm",
        "Ann,Lee,,217 555 0101,Ulm",
        "Ann,Lee,,217 555 0101,Ulm",
        "Bo,Lee,ann@x.example,217 555 0101,Ulm",
    )
    outcome = bring_in(*lines)

    assert outcome["created"] == {"person": 4}
    assert bring_in(*lines)["unchanged"] == 4


def test_different_ids_stay_apart_though_both_match_somebody_on_record(bring_in):
    make_person("Ann", "Lee", email="ann@x.example")

    bring_in("id,first name,last name,email", "1,Ann,Lee,ann@x.example", "2,Ann,Lee,ann@x.example")

    assert sorted(ExternalId.objects.values_list("value", flat=True)) == ["1", "2"]
    assert Constituent.objects.count() == 2


def test_names_and_birthdays_in_parts_and_an_index_without_a_header(bring_in):
    outcome = bring_in(
        ",fname_c1,fname_c2,lname_c1,lname_c2,by,bm,bd",
        "1,CARSTEN,NA,MEIER,NA,1949,7,22",
        "2,GERD,NA,BAUER,NA,1968,7,27",
        "3,ROBERT,JAN,HARTMANN,SCHULZ,1930,2,30",
        "4,NA,NA,WOLF,NA,1957,9,0",
    )

    assert outcome["created"] == {"person": 4}
    names = list(Constituent.objects.order_by("pk").values_list("given_name", "middle_name", "family_name"))
    assert names == [
        ("CARSTEN", "", "MEIER"),
        ("GERD", "", "BAUER"),
        ("ROBERT", "JAN", "HARTMANN SCHULZ"),
        ("", "", "WOLF"),
    ]
    robert = Constituent.objects.get(given_name="ROBERT")
    assert (robert.birth_year, robert.birth_month, robert.birth_day) == (1930, 2, None)
    assert custom(robert) == {"bd_as_written": "30"}
    assert ExternalId.objects.filter(system="file").count() == 4


def test_somebody_may_be_called_na_where_nothing_says_it_means_nothing(bring_in):
    rows = [f"{number},Ann,Lee{number},{1950 + number}" for number in range(60)]

    bring_in("id,first,last,yob", *rows, "98,Ann,Na,1990", "99,Bo,Null,1991")

    assert set(Constituent.objects.filter(pk__gte=0).values_list("family_name", flat=True)) >= {"Na", "Null"}


def test_a_mark_is_nothing_everywhere_once_it_stands_where_no_word_could(bring_in):
    outcome = bring_in("id,first,last,dob,email", "1,Ann,NULL,NULL,NULL", "2,Bo,Ray,1990-01-31,bo@x.example")

    assert (outcome["errors"], outcome["warnings"]) == ([], [])
    assert set(Constituent.objects.values_list("family_name", flat=True)) == {"", "Ray"}


@pytest.mark.parametrize(
    ("written", "other"),
    [("31.01.1980", "01.02.1980"), ("1/31/1980", "2/1/1980"), ("1980-01-31", "1980-02-01"), ("31011980", "01021980")],
)
def test_the_order_of_dates_is_that_of_the_whole_column(bring_in, written, other):
    bring_in("id;Full Name;Date of Birth", f"1;Lee, Ann;{written}", f"2;Bo Ray;{other}")

    assert list(Constituent.objects.order_by("birth_month").values_list("birth_month", "birth_day")) == [
        (1, 31),
        (2, 1),
    ]


def test_the_column_called_most_like_an_id_is_the_id(bring_in):
    bring_in("Unnamed: 0,rec_id,name", "0,r-1,Ann Lee", "1,r-2,Bo Ray")

    assert set(ExternalId.objects.values_list("value", flat=True)) == {"r-1", "r-2"}


def test_a_name_that_says_so_is_an_organisations(bring_in):
    outcome = bring_in("id,name", "1,Harbour Foundation", "2,Ann Church", "3,Boat Hire Ltd.")

    assert outcome["created"] == {"person": 1, "organisation": 2}


def test_two_digit_years_of_birth_are_never_to_come(bring_in):
    bring_in("id,name,dob", "1,Ann Lee,31/01/45", "2,Bo Ray,1/2/05")

    assert set(Constituent.objects.values_list("birth_year", flat=True)) == {1945, 2005}


def test_odd_cells_are_kept_beside_their_field(bring_in):
    outcome = bring_in("id,name,email,phone,country", "1,Ann Lee,ann at x,12,Atlantis")

    assert [warning["column"] for warning in outcome["warnings"]] == ["email", "phone", "country"]
    assert custom(Constituent.objects.get()) == {
        "email_as_written": "ann at x",
        "phone_as_written": "12",
        "country_as_written": "Atlantis",
    }


def test_columns_nobody_knows_become_fields_of_their_kind(bring_in):
    bring_in(
        "id,name,maiden name,gender,Vegan,Dogs,Since,Cluster",
        "7,Ann Lee,Ray,f,yes,2,2020-01-31,5",
        "8,Bo Lee,,m,no,0,2021-02-28,5",
    )

    types = dict(CustomField.objects.values_list("key", "value_type"))
    assert types == {"gender": "text", "vegan": "yes_no", "dogs": "number", "since": "date", "cluster": "text"}
    assert Constituent.objects.get(given_name="Ann").former_names == "Ray"
    assert set(ExternalId.objects.values_list("value", flat=True)) == {"7", "8"}


def test_a_file_fills_the_fields_there_are_by_key_or_label(bring_in):
    person = make_person("Ann", "Lee", email="ann@x.example")
    add_field(by=None, label="Shoe size", value_type="number")
    set_values(person, {"shoe_size": 38}, by=None)

    outcome = bring_in("name,email,SHOE_SIZE", "Ann Lee,ann@x.example,39.5")

    assert outcome["updated"] == {"person": 1}
    assert {str(value) for value in custom(person).values()} == {"39.500000"}
    assert CustomField.objects.count() == 1


def test_a_mapping_says_what_no_header_does(bring_in):
    outcome = bring_in(
        "a,b,c,d,e",
        "x1,Ann,Mary,Lee,03/04/1980",
        mapping={
            "columns": {
                "a": "external_id", "b": "given_name", "c": "given_name", "d": "family_name", "e": "birthdate",
            },
            "system": "crm",
            "date_order": "dmy",
        },
    )  # fmt: skip

    assert outcome["kind"] == "people"
    person = Constituent.objects.get(external_ids__system="crm", external_ids__value="x1")
    assert (person.given_name, person.family_name, person.birth_month) == ("Ann Mary", "Lee", 4)


def test_what_was_corrected_by_hand_is_offered_for_the_next_file(bring_in):
    lines = ("code,first,last,colour", "1,Ann,Lee,red")
    bring_in(*lines, name="one.csv")
    run = ImportRun.objects.get()
    run.state = "uploaded"
    examine(run)
    read_anew(
        run, kind="people", system="crm", mode="update", date_order="", columns={"colour": "", "code": "external_id"}
    )

    outcome = bring_in(*lines, name="two.csv")

    assert (outcome["system"], outcome["not_imported"]) == ("crm", ["colour"])


def test_old_imports_keep_their_figures_and_nothing_else(bring_in):
    bring_in("id,name", "1,Ann Lee")
    run = ImportRun.objects.get()
    later = clock.now() + dt.timedelta(days=200)

    forget_old_imports(now=later)
    forget_old_imports(now=later)

    run.refresh_from_db()
    assert not run.file
    assert run.summary["result"]["created"] == {"person": 1}
    assert not ImportRow.objects.exists()
