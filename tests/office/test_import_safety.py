"""The plan is what happens; a killed import goes on; an undo leaves nothing behind that it could take along."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constituents.models import Constituent, Interaction
from constituents.services.people import change_constituent
from core import clock
from core.imports import planning, running, services
from core.imports.models import ImportRun, ImportState
from core.imports.planning import plan_import
from core.imports.running import run_import
from core.imports.summary import summarise
from donations.models import Gift
from donations.services.books import check_books
from donations.services.rollups import drifted_totals
from tests.factories import npsp
from tests.harness.examples import drawn
from tests.office import imports

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """Stands for a kill: nothing catches it."""


class Killer:
    """Counts steps, and kills at the nth."""

    def __init__(self, at):
        self.left = at

    def total(self, steps):
        pass

    def advance(self, steps=1):
        self.left -= 1
        if self.left < 0:
            raise Killed


@pytest.fixture
def small_chunks(monkeypatch):
    """Chunks of seven rows, so that a few rows are many chunks."""
    monkeypatch.setattr(planning, "CHUNK", 7)
    monkeypatch.setattr(running, "CHUNK", 7)


def take_in(tmp_path, rows):
    from django.core.files import File

    path = imports.save_npsp(tmp_path, rows)
    with path.open("rb") as file:
        return services.take_in(File(file), name=path.name)


def test_killed_after_any_chunk_it_goes_on_and_ends_like_one_that_was_not(tmp_path, small_chunks):
    rows = npsp.sample()
    run = take_in(tmp_path, rows)
    kills = 0
    for work in (plan_import, run_import):
        target = ImportState.PLANNED if work is plan_import else ImportState.DONE
        at = 1
        while ImportRun.objects.get(pk=run.pk).state != target:
            try:
                work(ImportRun.objects.get(pk=run.pk), Killer(at))
            except Killed:
                kills += 1
            at = 2
    assert kills > 4
    interrupted = (imports.people_on_record(), imports.money_on_record())
    assert check_books() == []
    assert drifted_totals() == []

    outcome, _code = imports.bring_in(imports.save_npsp(tmp_path, rows))

    assert outcome["created"] == {}
    assert (imports.people_on_record(), imports.money_on_record()) == interrupted


def test_chunks_change_nothing(tmp_path, small_chunks):
    imports.bring_in(imports.save_npsp(tmp_path, npsp.sample()))
    in_sevens = (imports.people_on_record(), imports.money_on_record())
    in_sevens = {name: rows for part in in_sevens for name, rows in part.items()}

    assert len(in_sevens["gifts"]) == 52
    assert len(in_sevens["people"]) == 46
    assert len(in_sevens["households"]) == 5


def test_what_somebody_added_meanwhile_is_not_added_twice(tmp_path):
    run = take_in(tmp_path, npsp.sample())
    plan_import(run)
    imports.bring_in(imports.save_npsp(tmp_path, npsp.sample()[:3], name="other.csv"))
    before = Constituent.objects.filter(family_name="Okafor").count()

    run_import(run)

    assert Constituent.objects.filter(family_name="Okafor").count() == before == 2
    assert Gift.objects.filter(donor__family_name="Okafor").count() == 2
    assert check_books() == []


def test_what_somebody_changed_meanwhile_is_left_alone(tmp_path):
    ann = {"Contact1 First Name": "Ann", "Contact1 Last Name": "Lee", "Contact1 Personal Email": "ann@lee.example"}
    imports.bring_in(imports.save_npsp(tmp_path, [ann | {"Contact1 Title": "Baker"}]))
    run = take_in(tmp_path, [ann | {"Contact1 Title": "Teacher", "Contact1 Salutation": "Dr."}])
    plan_import(run)
    change_constituent(Constituent.objects.get(), by=None, occupation="Mayor")

    run_import(run)

    person = Constituent.objects.get()
    assert (person.occupation, person.title) == ("Mayor", "Dr.")
    assert run.summary["result"]["unsure"] == 1


def test_an_undo_takes_back_people_and_restores_what_was_changed(tmp_path):
    ann = {"Contact1 First Name": "Ann", "Contact1 Last Name": "Lee", "Contact1 Personal Email": "ann@lee.example"}
    imports.bring_in(imports.save_npsp(tmp_path, [ann | {"Contact1 Title": "Baker"}]))
    before = imports.people_on_record()
    rows = [
        ann | {"Contact1 Title": "Teacher", "Contact1 Salutation": "Dr.", "Contact1 Home Phone": "217 555 0101"},
        *({key: value for key, value in row.items() if "Donation" not in key} for row in npsp.people_with_gifts(25)),
    ]
    outcome, _code = imports.bring_in(imports.save_npsp(tmp_path, rows))

    undone = imports.undo(outcome["id"])

    assert undone["kept"] == []
    assert undone["restored"] == {"person": 1}
    assert imports.people_on_record() == before


def test_an_undo_voids_gifts_and_lets_the_file_in_again(tmp_path):
    path = imports.save_npsp(tmp_path, npsp.sample())
    first, _code = imports.bring_in(path)

    undone = imports.undo(first["id"])
    assert undone["removed"]["gift"] == 52
    assert not Gift.objects.counted().exists()
    assert {kept["type"] for kept in undone["kept"]} == {"person", "organisation", "fund", "campaign"}
    assert all(kept["reason"] for kept in undone["kept"])
    assert check_books() == []

    again, _code = imports.bring_in(path)
    assert again["created"]["gift"] == 52
    assert again["amount_total"] == first["amount_total"]
    assert check_books() == []
    assert drifted_totals() == []


def test_an_undo_keeps_whom_somebody_has_worked_with_since(tmp_path):
    ann = {"Contact1 First Name": "Ann", "Contact1 Last Name": "Lee", "Contact1 Personal Email": "ann@lee.example"}
    bo = {"Contact1 First Name": "Bo", "Contact1 Last Name": "Ray", "Contact1 Personal Email": "bo@ray.example"}
    outcome, _code = imports.bring_in(imports.save_npsp(tmp_path, [ann, bo]))
    call = Interaction.objects.create(kind="call", at=clock.now(), subject="Rang about the roof")
    call.participants.add(Constituent.objects.get(given_name="Ann"))
    change_constituent(Constituent.objects.get(given_name="Bo"), by=None, occupation="Mayor")

    undone = imports.undo(outcome["id"])

    assert {kept["label"] for kept in undone["kept"]} == {"Ann Lee", "Bo Ray"}
    assert Constituent.objects.count() == 2


HOME = {"Home Street": "1 Elm Street", "Home City": "Springfield"}
FIVE = {"Donation Amount": "5.00", "Donation Date": "2025-01-31"}


def test_namesakes_at_one_address_with_two_email_addresses_are_found_again_as_two(tmp_path, small_chunks):
    bo = {"Contact1 First Name": "Bo", "Contact1 Last Name": "Ray"} | HOME
    others = [{"Contact1 First Name": "Ann", "Contact1 Last Name": f"Lee {number}"} for number in range(5)]
    rows = [
        bo,
        bo | FIVE | {"Contact1 Personal Email": "b@ray.example"},
        *others,
        bo | FIVE | {"Contact1 Personal Email": "a@ray.example", "Contact1 Home Phone": "217 555 0102"},
    ]
    path = imports.save_npsp(tmp_path, rows)
    first, _code = imports.bring_in(path)
    assert first["created"]["person"] == 7

    again, _code = imports.bring_in(path)

    assert (again["created"], again["updated"]) == ({}, {})


@pytest.mark.parametrize("shared", [HOME, {"Contact1 Personal Email": "family@ray.example"}])
def test_father_and_son_of_one_name_are_found_again_as_two(tmp_path, shared):
    john = {"Contact1 First Name": "John", "Contact1 Last Name": "Ray"} | shared | FIVE
    rows = [john | {"Contact1 Suffix": suffix} for suffix in ("Sr.", "Jr.")]
    path = imports.save_npsp(tmp_path, rows, header=(*npsp.HEADER, "Contact1 Suffix"))
    first, _code = imports.bring_in(path)
    assert first["created"]["person"] == 2

    again, _code = imports.bring_in(path)

    assert (again["created"], again["updated"]) == ({}, {})


GIVEN = st.sampled_from(["Ann", "Bo", "Łukasz"])
FAMILY = st.sampled_from(["Lee", "Żółć"])
ROW = st.fixed_dictionaries(
    {"Contact1 First Name": GIVEN, "Contact1 Last Name": FAMILY},
    optional={
        "Contact1 Personal Email": st.sampled_from(["a@x.example", "b@x.example", "A@X.example"]),
        "Contact1 Home Phone": st.sampled_from(["217 555 0101", "(217) 555-0101", "217 555 0102"]),
        "Contact1 Title": st.sampled_from(["Baker", "Mayor"]),
        "Contact2 First Name": GIVEN,
        "Home Street": st.sampled_from(["1 Elm Street", "2 Oak Street"]),
        "Home City": st.just("Springfield"),
        "Donation Amount": st.sampled_from(["5.00", "7.50"]),
        "Donation Date": st.sampled_from(["2025-01-31", "2025-02-01"]),
        "Payment Check/Reference Number": st.sampled_from(["1", "2"]),
    },
)


@drawn(12)
@given(rows=st.lists(ROW, min_size=1, max_size=8), more=st.lists(ROW, max_size=4))
def test_the_plan_is_the_result_and_twice_is_once(rows, more, small_chunks):
    from django.db import transaction

    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        for batch in (rows, more):
            if not batch:
                continue
            run = take_in(Path(folder), batch)
            plan_import(run)
            planned = run.summary
            run_import(run)
            assert summarise(run) == planned
            after = (imports.people_on_record(), imports.money_on_record())
            outcome, _code = imports.bring_in(imports.save_npsp(Path(folder), batch))
            assert (outcome["created"], outcome["updated"]) == ({}, {})
            assert (imports.people_on_record(), imports.money_on_record()) == after
        assert check_books() == []
        transaction.set_rollback(True)
