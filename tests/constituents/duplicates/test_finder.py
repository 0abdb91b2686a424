"""The finder, judged by invented people whose duplicates are known. Nothing is told to it but the records."""

import itertools
import os
import subprocess
import sys

import pytest
from django.conf import settings

from constituents.duplicates.blocking import keys
from constituents.duplicates.clusters import groups
from constituents.duplicates.finder import Finder, finder_of
from constituents.duplicates.frequencies import Frequencies
from constituents.duplicates.judging import alone, with_helpers
from constituents.duplicates.scratch import Scratch
from constituents.duplicates.traits import Birth, Place, Traits
from tests.constituents.duplicates.population import Population, Shape, organisations, people

HOME = Place("3", "hill street", "", "york", "", "yo1")
PERSON = Traits(
    1,
    given=("ada",),
    family=("quill",),
    birth=Birth(1970, 3, 4),
    places=(Place("3", "hill street", "", "york", "", "yo1"),),
)


def found_in(population: Population) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """Return all pairs of the groups found, and those called certain."""
    with finder_of(population.records) as finder:
        scored = list(finder.pairs())
        drawn = groups(
            ((each.pair, each.evidence) for each in scored if each.evidence > 0), lambda p: finder.of(p).evidence
        )
    pairs = {pair for group in drawn for pair in itertools.combinations(group, 2)}
    return pairs, {each.pair for each in scored if each.certain}


@pytest.mark.parametrize(
    ("shape", "least"),
    [
        pytest.param(Shape(people=600), 0.95, id="many columns, families under one roof"),
        pytest.param(
            Shape(
                people=2_500,
                households=0,
                missing=0,
                slips=(1, 1),
                duplicates=0.11,
                columns=("given", "family", "birth"),
            ),
            0.95,
            id="names and birth dates only",
        ),
        pytest.param(
            Shape(people=600, columns=("given", "family", "badge", "colour", "row")),
            0.95,
            id="an id that identifies beside a number that does not",
        ),
        pytest.param(Shape(people=500, copies=3, slips=(2, 3), missing=0.1), 0.93, id="dirty, several copies"),
        pytest.param(Shape(people=600, placeholders=0.1), 0.9, id="dates and names typed for nothing"),
        pytest.param(
            Shape(
                people=1_000, households=0.7, twins=0.1, namesakes=0.1, columns=("given", "family", "birth", "address")
            ),
            0.9,
            id="twins, fathers and sons",
        ),
    ],
)
def test_duplicates_are_found_whatever_the_columns(shape, least):
    population = people(shape)
    pairs, certain = found_in(population)
    _precision, _recall, f1 = population.judge(pairs)
    assert f1 >= least
    assert certain <= population.true_pairs


def test_helpers_find_what_one_finds_alone():
    with finder_of(people(Shape(people=300)).records) as finder:
        stretches = list(finder.candidates())
        assert list(with_helpers(finder.judge, stretches)) == list(alone(finder.judge, stretches))


def test_helpers_need_neither_django_nor_a_database():
    program = "import sys, constituents.duplicates.judging; sys.exit('django' in sys.modules)"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", program]
    assert subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=False).returncode == 0


def test_organisations_are_found_with_and_without_their_legal_form():
    population = organisations(300)
    assert population.judge(found_in(population)[0])[2] >= 0.95


def test_among_people_recorded_once_next_to_nothing_is_found():
    assert len(found_in(people(Shape(people=500, duplicates=0)))[0]) <= 3


def test_one_weak_link_does_not_join_two_strong_groups():
    strong = {(1, 2): 9.0, (3, 4): 9.0}
    assert groups({**strong, (2, 3): 1.0}.items(), lambda pair: -4.0) == [[1, 2], [3, 4]]
    assert groups({**strong, (2, 3): 6.0}.items(), lambda pair: 5.0) == [[1, 2, 3, 4]]


def test_records_meet_whichever_one_thing_is_mistyped():
    slips = [
        PERSON._replace(pk=2, given=("adda",)),
        PERSON._replace(pk=3, family=("quilk",)),
        PERSON._replace(pk=4, given=("quill",), family=("ada",)),
        PERSON._replace(pk=5, birth=Birth(1970, 4, 3), places=()),
        PERSON._replace(pk=6, birth=Birth(), places=()),
    ]
    scratch = Scratch()
    scratch.add((record, keys(record)) for record in [PERSON, *slips])
    scratch.arrange()
    assert {other for one, other in scratch.pairs(0, 1)} == {2, 3, 4, 5, 6}
    scratch.close()


def test_what_the_scratch_disk_keeps_comes_back_the_same():
    scratch = Scratch()
    record = PERSON._replace(emails=("a@x.example",), customs=(("custom:badge", "77"),))
    scratch.add([(record, keys(record))])
    assert scratch.records([1]) == {1: record}
    scratch.close()


def test_a_value_half_the_town_shares_is_nobodys():
    frequencies = Frequencies()
    for pk in range(300):
        born = Birth(1900, 1, 1) if pk % 10 == 0 else Birth(1950 + pk % 40, 1 + pk % 12, 1 + pk % 28)
        frequencies.add(PERSON._replace(pk=pk, birth=born))
    assert ("birth", "19000101") in frequencies.placeholders()


def test_an_empty_finder_finds_nothing():
    with Finder() as finder:
        finder.prepare()
        assert list(finder.pairs()) == []
