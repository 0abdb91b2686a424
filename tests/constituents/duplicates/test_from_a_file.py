"""From a file of names and birth dates in columns nobody explains to the pairs, through both commands."""

import csv
import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.constituents.duplicates.population import Person, Population, Shape, people
from tests.office.imports import bring_in

pytestmark = pytest.mark.django_db
HEADER = ("rec_id", "fname_c1", "fname_c2", "lname_c1", "lname_c2", "by", "bm", "bd")
SHAPE = Shape(people=450, households=0, missing=0, slips=(1, 1), duplicates=0.11, columns=("given", "family", "birth"))


def write_file(path: Path, population: Population) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(cells(number, row) for number, row in enumerate(population.rows, start=1))


def cells(number: int, row: Person) -> list[str]:
    given, family = row.given.upper() or "NA", row.family.upper() or "NA"
    return [str(number), given, "NA", family, "NA", *(str(part) for part in row.birth)]


def test_who_stands_twice_in_a_file_is_found(tmp_path):
    population = people(SHAPE)
    write_file(tmp_path / "people.csv", population)
    outcome, _code = bring_in(tmp_path / "people.csv")
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("find_duplicates", json=True, stdout=out)
    pairs = {tuple(sorted(int(row[side].partition(":")[2]) for side in "ab")) for row in json.loads(out.getvalue())}
    assert outcome["created"]["person"] == len(population.rows)
    assert population.judge(pairs)[2] >= 0.9
