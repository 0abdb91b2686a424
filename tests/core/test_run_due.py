"""`manage.py run_due`: what a script sees of the clock."""

import datetime as dt
import io
import json

import pytest
from django.core.management import CommandError, call_command

from core.jobs import schedule
from core.models import Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def entries(monkeypatch):
    monkeypatch.setattr(schedule, "_entries", {})


def run_due(*arguments):
    out = io.StringIO()
    call_command("run_due", "--json", *arguments, stdout=out)
    return json.loads(out.getvalue())


def test_it_reports_what_it_did_and_does_it_once():
    schedule.register("noted", lambda *, now: None, every=dt.timedelta(hours=1))
    assert run_due("--now", "2026-03-01T09:00:00Z") == {"done": [{"name": "noted", "error": ""}], "given_back": 0}
    assert run_due("--now", "2026-03-01T09:59:00Z")["done"] == []


def test_an_instant_without_an_offset_is_on_the_organisations_clock():
    Organisation.objects.create(time_zone="America/New_York")
    heard = []
    schedule.register("noted", lambda *, now: heard.append(now), every=dt.timedelta(hours=1))
    run_due("--now", "2026-03-01T09:00:00")
    assert heard == [dt.datetime(2026, 3, 1, 14, tzinfo=dt.UTC)]


def test_a_failure_ends_with_1_and_a_wrong_instant_with_2():
    def fail(*, now):
        raise ConnectionError("no line")

    schedule.register("failing", fail, every=dt.timedelta(hours=1))
    with pytest.raises(SystemExit) as ended:
        run_due()
    assert ended.value.code == 1
    with pytest.raises(CommandError, match="ISO instant") as refused:
        run_due("--now", "yesterday")
    assert refused.value.returncode == 2
