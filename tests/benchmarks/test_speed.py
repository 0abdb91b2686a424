"""`make bench`: how fast Steward is, beside a bare program that does the same work in the same run.

PEOPLE=10000 chooses the size of the demo organisation, DATABASE_URL the database. The figures are printed, not judged:
what must hold on every machine (constant queries, ratios) is asserted in the rooms' own tests.
"""

from __future__ import annotations

import io
import logging
import os
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tasks import task

from constituents.models import Constituent
from core import triggers
from core.jobs.workers import TaskWorker
from core.triggers import protect, registry
from donations.models import Gift
from tests.harness.models import Line

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = int(os.environ.get("PEOPLE", "2000"))
ROUNDS = 30

table: list[tuple[str, str, str, str]] = []


@pytest.fixture(scope="module", autouse=True)
def printed() -> Iterator[None]:
    """Keep the tasks quiet, and print the table when all is measured."""
    logging.getLogger("django_tasks").setLevel(logging.WARNING)
    yield
    rows = [("what", "Steward", "bare", "ratio"), *table]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    print(f"\n\n{connection.vendor}, {PEOPLE:,} people")
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        print("  ".join(cells).rstrip())


def seconds(func: Callable[[], object]) -> float:
    started = time.perf_counter()
    func()
    return time.perf_counter() - started


def beside(what: str, count: int, ours: float, bare: float) -> None:
    """Note a rate of ours with that of the bare program."""
    table.append((what, f"{count / ours:,.0f}/s", f"{count / bare:,.0f}/s", f"{bare / ours:.2f}"))


def write_lines(count: int) -> None:
    with transaction.atomic():
        Line.objects.bulk_create([Line(amount=number) for number in range(count)], batch_size=500)


def test_protected_rows_are_written_as_fast_as_others(monkeypatch):
    count = 20_000
    write_lines(count)  # warms
    bare = seconds(lambda: write_lines(count))
    monkeypatch.setattr(registry, "_rules", dict(registry._rules))
    protect("harness.Line", name="bench_line", message="These lines stay.", fills=["settled_on"])
    triggers.install()
    ours = seconds(lambda: write_lines(count))
    beside("rows behind a trigger", count, ours, bare)
    filled = seconds(lambda: Line.objects.update(settled_on="2026-01-01"))
    registry._rules.pop("bench_line")
    triggers.install()
    free = seconds(lambda: Line.objects.update(settled_on="2026-01-02"))
    beside("  filled in once", Line.objects.count(), filled, free)


@task()
def write_one() -> None:
    """The least a task can do."""
    Line.objects.create(amount=1)


def test_tasks_through_the_worker():
    count = 200

    def through_the_worker():
        for _ in range(count):
            write_one.enqueue()
        TaskWorker(batch=True, interval=0).run()

    ours, bare = seconds(through_the_worker), seconds(lambda: [write_one.call() for _ in range(count)])
    beside("tasks, asked for and done", count, ours, bare)


def test_the_demo_and_its_pages(django_user_model):
    took = seconds(lambda: call_command("load_demo", people=PEOPLE, stdout=io.StringIO()))
    rows = Constituent.objects.count() + Gift.objects.count()
    Line.objects.all().delete()
    beside("people and gifts of the demo", rows, took, seconds(lambda: write_lines(rows)))

    staff, visitor = Client(), Client()
    staff.force_login(
        django_user_model.objects.create_superuser("bench@staff.example", "correct horse battery"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    addresses = {"/health/live": visitor, "/": visitor}
    addresses |= {reverse("wagtailadmin_home"): staff, reverse("core_jobs"): staff}
    bare = None
    for address, client in addresses.items():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address, follow=True).status_code == 200
            asked = len(queries)
        times = [seconds(partial(client.get, address, follow=True)) for _ in range(ROUNDS)]
        p95 = statistics.quantiles(times, n=20)[-1] * 1000
        bare = bare or p95
        table.append((f"{address} p95, {asked} queries", f"{p95:.0f} ms", f"{bare:.0f} ms", f"{bare / p95:.2f}"))
