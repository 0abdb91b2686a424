"""The yearly run: exactly the receiptable gifts of the year that no receipt has, however often it is stopped."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from constituents.models import Constituent
from core.jobs import Job, enqueue
from donations.documents import draw_receipt
from donations.jobs import issue_year_job
from donations.models import ExchangeRate, Receipt, ReceiptCounter
from donations.services import yearly
from donations.services.books import check_books
from donations.services.gifts import void_gift
from donations.services.receipt_files import receipt_bytes
from donations.services.receipt_numbers import number_receipt
from donations.services.receipts import issue_receipt
from donations.services.yearly import issue_year, plan_year
from tests.factories.constituents import make_person
from tests.factories.donations import make_gift
from tests.harness.database import database_url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]


@pytest.fixture
def giving_of_2025() -> list[Constituent]:
    """Ann gave three times, Bo once; around it is all that a run must leave out."""
    ann, bo, cy = make_person("Ann", "Lee"), make_person("Bo", "Ray"), make_person("Cy", "Fox")
    for amount, day in (("10", "2025-01-01"), ("20", "2025-06-15"), ("30", "2025-12-31")):
        make_gift(ann, amount, on=dt.date.fromisoformat(day))
    make_gift(bo, "99", on=dt.date(2025, 7, 1))
    make_gift(ann, "1000", on=dt.date(2024, 12, 31))
    make_gift(ann, "1000", on=dt.date(2026, 1, 1))
    make_gift(bo, "1000", on=dt.date(2025, 8, 1), post=False)
    make_gift(bo, "1000", on=dt.date(2025, 8, 1), method="daf")
    void_gift(make_gift(cy, "1000", on=dt.date(2025, 8, 1)), by=None, reason="Typed twice")
    issue_receipt(make_gift(cy, "5", on=dt.date(2025, 8, 1)), by=None)
    return [ann, bo, cy]


def issued() -> list[Receipt]:
    return [receipt for step in issue_year(2025, by=None) for receipt in step.receipts]


def amounts() -> dict[str, str]:
    return {
        str(receipt.recipient): receipt.eligible_money.plain
        for receipt in Receipt.objects.filter(covers_year=2025).select_related("recipient")
    }


@pytest.mark.usefixtures("giving_of_2025")
def test_everyone_gets_one_receipt_over_what_has_none() -> None:
    (step,) = issue_year(2025, by=None)
    assert amounts() == {"Ann Lee": "60.00", "Bo Ray": "99.00"}
    assert step.errors == []
    assert all(receipt.is_deliverable for receipt in step.receipts)
    assert check_books() == []


@pytest.mark.usefixtures("giving_of_2025")
def test_a_second_run_issues_nothing() -> None:
    issued()
    assert issued() == []
    assert Receipt.objects.count() == 3


@pytest.mark.usefixtures("giving_of_2025")
def test_a_preview_writes_nothing_and_takes_no_number() -> None:
    before = ReceiptCounter.objects.values_list("last", flat=True).get()
    planned = {str(plan.donor): plan.eligible.plain for plan in plan_year(2025)}
    assert planned == {"Ann Lee": "60.00", "Bo Ray": "99.00"}
    assert ReceiptCounter.objects.values_list("last", flat=True).get() == before
    assert not amounts()


@pytest.mark.usefixtures("giving_of_2025")
def test_a_run_that_was_stopped_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yearly, "STEP", 1)
    run = issue_year(2025, by=None)
    next(run)
    run.close()
    assert len(amounts()) == 1
    issued()
    assert amounts() == {"Ann Lee": "60.00", "Bo Ray": "99.00"}
    assert check_books() == []


def test_a_run_finishes_what_a_killed_one_had_numbered() -> None:
    left = number_receipt([make_gift(on=dt.date(2025, 5, 5))], by=None, covers_year=2025)
    assert issued() == []
    left.refresh_from_db()
    assert left.is_deliverable


def test_gifts_in_two_currencies_get_a_receipt_each() -> None:
    ExchangeRate.objects.create(currency="EUR", valid_from=dt.date(2025, 1, 1), rate=Decimal("1.1"))
    donor = make_person()
    make_gift(donor, "10", on=dt.date(2025, 5, 5))
    make_gift(donor, "10", on=dt.date(2025, 5, 5), currency="EUR")
    assert sorted(receipt.currency for receipt in issued()) == ["EUR", "USD"]


def test_a_name_we_cannot_print_is_reported_and_holds_up_nobody() -> None:
    make_gift(make_person("\U00013000", "A"), on=dt.date(2025, 5, 5))
    make_gift(make_person("Zoe", "Zell"), on=dt.date(2025, 5, 5))
    (step,) = issue_year(2025, by=None)
    assert [str(receipt.recipient) for receipt in step.receipts] == ["Zoe Zell"]
    assert "U+13000" in step.errors[0][1]
    assert check_books() == []


@pytest.mark.usefixtures("giving_of_2025")
def test_the_command_previews_runs_and_reports_as_json() -> None:
    def run(*options: str) -> dict[str, object]:
        out = StringIO()
        call_command("issue_receipts", "--year", "2025", "--json", *options, stdout=out)
        return json.loads(out.getvalue())

    preview = run("--preview")
    assert (preview["preview"], preview["totals"], len(preview["receipts"])) == (True, {"USD": "159.00"}, 2)
    assert not amounts()
    done = run()
    assert done["totals"] == {"USD": "159.00"}
    assert {row["eligible"] for row in done["receipts"]} == {"60.00", "99.00"}
    assert run()["receipts"] == []


def test_a_year_still_to_come_is_wrong_usage() -> None:
    with pytest.raises(CommandError) as refused:
        call_command("issue_receipts", "--year", "2990")
    assert refused.value.returncode == 2


@pytest.mark.django_db(transaction=True)
def test_the_run_is_a_job_with_progress(run_jobs: Callable, django_user_model: type, giving_of_2025: list) -> None:
    user = django_user_model.objects.create_superuser("ada@staff.example", "correct horse battery")
    job = enqueue(issue_year_job, key="receipts-2025", label="Receipts for 2025", by=user, year=2025)
    run_jobs()
    job.refresh_from_db()
    assert (job.state, job.total) == (Job.State.DONE, 2)
    assert "2 receipts issued" in job.result["message"]
    assert set(Receipt.objects.filter(covers_year=2025).values_list("issued_by", flat=True)) == {user.pk}


def test_files_drawn_by_helper_processes_are_the_ones_we_would_have_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("Ann", "Bo", "Cy"):
        make_gift(make_person(name, "Łuk & <b>"), on=dt.date(2025, 5, 5))
    monkeypatch.setattr(yearly, "STEP", 1)
    monkeypatch.setattr(yearly, "MANY", 1)
    monkeypatch.setattr(yearly, "processors", lambda: 2)
    receipts = issued()
    assert [receipt.recipient.given_name for receipt in receipts] == ["Ann", "Bo", "Cy"]
    assert [receipt_bytes(receipt) for receipt in receipts] == [draw_receipt(each.snapshot) for each in receipts]
    assert check_books() == []


@pytest.mark.django_db(transaction=True)
def test_a_run_that_was_killed_loses_nothing_and_doubles_nothing() -> None:
    for number in range(120):
        make_gift(make_person("Donor", f"Number {number}"), on=dt.date(2025, 5, 5))
    command = [sys.executable, "manage.py", "issue_receipts", "--year", "2025"]
    environment = os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    run = subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR, stderr=subprocess.PIPE)
    until = time.monotonic() + 60
    while not Receipt.objects.exists():
        assert run.poll() is None, run.stderr.read().decode()
        assert time.monotonic() < until, "nothing was numbered"
    run.kill()
    run.communicate()
    killed_with = Receipt.objects.count()
    issued()
    numbers = list(Receipt.objects.order_by("number").values_list("number", flat=True))
    assert 0 < killed_with < 120
    assert numbers == list(range(1, 121))
    assert all(receipt.is_deliverable for receipt in Receipt.objects.all())
    assert check_books() == []
