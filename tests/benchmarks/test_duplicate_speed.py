"""How long a scan of everyone for duplicates takes, beside a bare program: the same blocking join and one call of
rapidfuzz a pair, nothing learned, weighed or written. CROWD=100000 chooses how many records there are, one in nine of
them a duplicate. The scan is the command in a process of its own, so that the memory is the scan's alone.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from rapidfuzz.distance import JaroWinkler

from constituents.duplicates.blocking import keys
from constituents.duplicates.scratch import Scratch
from constituents.models import Address, Constituent, DuplicatePair, EmailAddress, Phone
from tests.benchmarks.crowd import write_rows
from tests.constituents.duplicates.population import Person, Population, Shape, people
from tests.harness.database import database_url

CROWD = int(os.environ.get("CROWD", "10000"))


@pytest.mark.django_db(transaction=True)
def test_duplicate_speed() -> None:
    population = people(Shape(people=int(CROWD / 1.15)))
    write_people(population.rows)
    bare_seconds, pairs = bare(population)

    started = time.perf_counter()
    said, memory = find_duplicates()
    seconds = time.perf_counter() - started
    print(f"\n{connection.vendor}: {said}")
    print(f"scan {seconds:.1f} s, start to end, with reading and writing; at most {memory:,.0f} MB in one process")
    print(f"bare join and comparing names {bare_seconds:.1f} s of {pairs:,} pairs; ratio {seconds / bare_seconds:.1f}")
    precision, recall, f1 = population.judge(likely_pairs())
    print(f"precision {precision:.4f}, recall {recall:.4f}, F1 {f1:.4f}")
    assert f1 > 0.9


# A process counts as its own the memory of the one it was forked from: this one is small.
MEASURED = """
import resource, subprocess, sys
subprocess.run([sys.executable, *sys.argv[1:]])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def find_duplicates() -> tuple[str, float]:
    """Run the command; returns the last line it says and its peak memory in megabytes."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
    }
    command = [sys.executable, "-c", MEASURED, str(settings.BASE_DIR / "manage.py"), "find_duplicates"]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    *_pairs, said, kilobytes = done.stdout.splitlines()
    return said, int(kilobytes) / 1024


def likely_pairs() -> Iterator[tuple[int, int]]:
    return DuplicatePair.objects.exclude(likeness="possible").values_list("first_id", "second_id").iterator()


def bare(population: Population) -> tuple[float, int]:
    records = {record.pk: record for record in population.records}
    names = {pk: " ".join((*record.given, *record.family)) for pk, record in records.items()}
    started = time.perf_counter()
    scratch = Scratch()
    scratch.add((record, keys(record)) for record in records.values())
    scratch.arrange()
    count = after = 0
    while ids := scratch.ids(after, 2_000):
        for one, other in scratch.pairs(after, ids[-1]):
            JaroWinkler.similarity(names[one], names[other])
            count += 1
        after = ids[-1]
    scratch.close()
    return time.perf_counter() - started, count


def write_people(rows: list[Person]) -> None:
    """Write the population by the database's own bulk door; keys are the numbers it gives its records."""
    now = timezone.now()
    numbered = enumerate(rows, start=1)
    with transaction.atomic():
        while some := list(itertools.islice(numbered, 20_000)):
            write_rows(Constituent, (constituent(pk, row, now) for pk, row in some))
            write_rows(EmailAddress, ({"constituent_id": pk, "address": row.email} for pk, row in some if row.email))
            write_rows(Phone, ({"constituent_id": pk, "number": f"+49{row.phone}"} for pk, row in some if row.phone))
            write_rows(Address, (address(pk, row) for pk, row in some if row.street or row.city or row.postcode))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def constituent(pk: int, row: Person, now: object) -> dict[str, object]:
    year, month, day = (part or None for part in row.birth)
    return {
        "id": pk,
        "uuid": uuid.UUID(int=pk, version=4),
        "given_name": row.given,
        "family_name": row.family if row.given or row.family else "unknown",
        "display_name": f"{row.given} {row.family}",
        "sort_name": f"{row.family} {row.given}".lower(),
        "birth_year": year,
        "birth_month": month,
        "birth_day": day,
        "created_at": now,
        "updated_at": now,
    }


def address(pk: int, row: Person) -> dict[str, object]:
    return {
        "constituent_id": pk,
        "street": f"{row.number} {row.street}".strip(),
        "city": row.city,
        "postal_code": row.postcode,
        "is_primary": True,
    }
