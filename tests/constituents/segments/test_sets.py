"""Conditions find whom they say: the one statement agrees with reading row by row, in any world."""

import random

import pytest
import time_machine

from constituents.segments import holds, matching, sentence
from tests.constituents.segments.world import TODAY, World, random_condition, random_criteria

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", range(2))
def test_the_statement_finds_whom_reading_row_by_row_finds(seed: int) -> None:
    with time_machine.travel(f"{TODAY}T15:00:00Z", tick=False):
        world = World(seed)
        chance = random.Random(1000 + seed)
        tried = [{"match": "all", "of": [random_condition(chance, world)]} for _ in range(60)]
        tried += [random_criteria(chance, world) for _ in range(60)]
        for criteria in tried:
            expected = {person.pk for person in world.people if world.fits(criteria, person)}
            found = set(matching(criteria).values_list("pk", flat=True))
            assert found == expected, (sentence(criteria), criteria)
        person = world.people[0]
        for criteria in tried[-20:]:
            assert holds(criteria, person) == world.fits(criteria, person), criteria
