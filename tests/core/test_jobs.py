"""core.jobs: asked for once, done once, seen while it runs, stopped when someone says so, going on after a kill."""

import datetime as dt
import os
import signal

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult, get_date_max

from core.jobs import Job, JobFailed, Progress, cancel, enqueue, job, machine, progress, schedule, try_again, workers
from core.jobs.models import Schedule, Worker
from tests.harness.models import Line

pytestmark = pytest.mark.django_db(transaction=True)


@job(kind="tests.write")
def write_lines(progress: Progress, *, count: int, die_at: int | None = None, every: int = 1):
    """Write numbered lines, `every` at a time, each chunk with its checkpoint."""
    progress.total(count)
    for start in range(progress.saved.get("next", 0), count, every):
        with transaction.atomic():
            Line.objects.bulk_create(Line(amount=number) for number in range(start, min(start + every, count)))
            if die_at is not None and start >= die_at and progress.job.attempt == 1:
                raise ConnectionError("the wire was cut")
            progress.checkpoint({"next": start + every}, advance=min(every, count - start))
    return {"message": f"{count} lines", "url": "/admin/"}


@job(kind="tests.refuse")
def refuse(progress: Progress):
    """End for good."""
    raise JobFailed("The file holds no rows.")


@job(kind="tests.cancelled")
def cancel_myself_halfway(progress: Progress):
    """Be cancelled by someone while half the work is committed."""
    progress.total(2)
    with transaction.atomic():
        Line.objects.create(amount=1)
        progress.checkpoint({}, advance=1)
    cancel(progress.job)
    with transaction.atomic():
        Line.objects.create(amount=2)
        progress.checkpoint({}, advance=1)


@job(kind="tests.overtaken")
def lose_to_another_worker(progress: Progress):
    """Be given to another worker in the middle, as after a long silence."""
    if progress.job.attempt == 1:
        Job.objects.filter(pk=progress.job.pk).update(worker="another", attempt=2)
    with transaction.atomic():
        Line.objects.create(amount=1)
        progress.checkpoint({}, advance=1)


@job(kind="tests.interrupted")
def be_asked_to_end(progress_of_job: Progress):
    """Hear of the worker's SIGTERM halfway."""
    for number in range(progress_of_job.saved.get("next", 0), 4):
        with transaction.atomic():
            Line.objects.create(amount=number)
            progress_of_job.checkpoint({"next": number + 1}, advance=1)
        if number == 1:
            for worker in ending:
                worker.shutdown(signal.SIGTERM, None)


ending = []
failures = []


@task()
def fail_twice():
    """A plain task with a bad start."""
    failures.append(1)
    if len(failures) < 3:
        raise ConnectionError("not yet")


def amounts():
    return sorted(int(line.amount) for line in Line.objects.all())


def let_time_pass():
    """Make every waiting task due."""
    DBTaskResult.objects.filter(status="READY").update(run_after=get_date_max())


def test_a_job_runs_and_says_what_it_did(run_jobs, django_user_model):
    user = django_user_model.objects.create_user("asks@staff.example")
    asked = enqueue(write_lines, key="write", label="Three lines", by=user, count=3)
    assert (asked.state, asked.percent) == ("waiting", None)
    run_jobs()
    asked.refresh_from_db()
    assert (asked.state, asked.done, asked.total, asked.percent) == ("done", 3, 3, 100)
    assert asked.result == {"message": "3 lines", "url": "/admin/"}
    assert amounts() == [0, 1, 2]


def test_the_same_key_is_the_same_job(run_jobs):
    first = enqueue(write_lines, key="once", label="Once", count=1)
    run_jobs()
    second = enqueue(write_lines, key="once", label="Once more", count=1)
    run_jobs()
    assert (second.pk, second.state) == (first.pk, "done")
    assert amounts() == [0]


def test_many_who_ask_at_once_get_one_job(run_together, run_jobs):
    outcomes = run_together(6, lambda number: enqueue(write_lines, key="race", label="Race", count=1).pk)
    assert [outcome.error for outcome in outcomes] == [None] * 6
    assert len({outcome.value for outcome in outcomes}) == 1
    run_jobs()
    assert amounts() == [0]


def test_a_job_asked_for_in_a_transaction_that_fails_was_never_asked_for(run_jobs):
    with transaction.atomic():
        enqueue(write_lines, key="undone", label="Undone", count=1)
        transaction.set_rollback(True)
    run_jobs()
    assert not Job.objects.exists()
    assert amounts() == []


def test_a_job_that_broke_goes_on_from_its_checkpoint_after_a_pause(run_jobs):
    asked = enqueue(write_lines, key="cut", label="Cut", count=7, every=2, die_at=4)
    run_jobs()
    asked.refresh_from_db()
    assert (asked.state, asked.error, asked.done) == ("waiting", "ConnectionError: the wire was cut", 4)
    assert not DBTaskResult.objects.ready().exists()
    let_time_pass()
    run_jobs()
    asked.refresh_from_db()
    assert (asked.state, asked.error, asked.done, asked.attempt) == ("done", "", 7, 2)
    assert amounts() == [0, 1, 2, 3, 4, 5, 6]


def test_a_job_that_gives_up_is_not_tried_again_by_itself_but_by_a_person(run_jobs):
    asked = enqueue(refuse, key="refuse", label="Refuse")
    run_jobs()
    let_time_pass()
    run_jobs()
    asked.refresh_from_db()
    assert (asked.state, asked.error, asked.attempt) == ("failed", "The file holds no rows.", 1)
    assert try_again(asked).state == "waiting"
    run_jobs()
    asked.refresh_from_db()
    assert asked.state == "failed"


def test_a_waiting_job_is_cancelled_at_once(run_jobs):
    asked = enqueue(write_lines, key="never", label="Never", count=1)
    assert cancel(asked).state == "cancelled"
    run_jobs()
    assert amounts() == []


def test_a_running_job_stops_at_its_next_step_and_keeps_what_it_committed(run_jobs):
    asked = enqueue(cancel_myself_halfway, key="half", label="Half")
    run_jobs()
    asked.refresh_from_db()
    assert (asked.state, asked.done) == ("cancelled", 1)
    assert amounts() == [1]


def test_a_worker_that_was_taken_for_dead_commits_nothing_more(run_jobs):
    asked = enqueue(lose_to_another_worker, key="lost", label="Lost")
    run_jobs()
    asked.refresh_from_db()
    assert (asked.state, asked.worker) == ("running", "another")
    assert amounts() == []


def test_a_worker_that_is_asked_to_end_hands_its_job_on(run_jobs):
    asked = enqueue(be_asked_to_end, key="term", label="Term")
    worker = workers.TaskWorker(batch=True, interval=0)
    ending.append(worker)
    worker.run()
    ending.clear()
    progress.shutting_down.clear()
    asked.refresh_from_db()
    assert (asked.state, asked.done) == ("waiting", 2)
    run_jobs()
    asked.refresh_from_db()
    assert (asked.state, asked.attempt, asked.done) == ("done", 1, 4)
    assert amounts() == [0, 1, 2, 3]


def dead_pid():
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return child


def claimed_by(worker_id):
    """Take the next task as a worker does that then dies."""
    row = DBTaskResult.objects.ready().first()
    row.claim(worker_id)
    return row


def test_work_of_a_killed_worker_goes_to_another(run_jobs):
    Worker.objects.create(id="killed", machine=machine.name(), pid=dead_pid(), seen_at=timezone.now())
    asked = enqueue(write_lines, key="killed", label="Killed", count=4)
    claimed_by("killed")
    Job.objects.filter(pk=asked.pk).update(
        state="running", worker="killed", attempt=1, checkpoint={"next": 2}, done=3, done_at_checkpoint=2, total=4
    )
    assert workers.reap() == 1
    assert not Worker.objects.exists()
    run_jobs()
    asked.refresh_from_db()
    assert (asked.state, asked.done) == ("done", 4)
    assert amounts() == [2, 3]


def test_work_of_a_living_worker_is_left_to_it():
    now = timezone.now()
    Worker.objects.create(id="here", machine=machine.name(), pid=os.getpid(), seen_at=now - dt.timedelta(minutes=5))
    Worker.objects.create(id="there", machine="elsewhere", pid=1, seen_at=now - dt.timedelta(seconds=60))
    for number, worker in enumerate(["here", "there"]):
        enqueue(write_lines, key=f"job{number}", label="Left alone", count=1)
        claimed_by(worker)
    assert workers.reap(now) == 0
    assert workers.reap(now + dt.timedelta(minutes=1)) == 1  # "there" has now been silent for too long


def test_a_task_that_kills_each_worker_ends(run_jobs):
    fail_twice.enqueue()
    row = DBTaskResult.objects.get()
    for number in range(workers.TASK_ATTEMPTS):
        row.claim(f"gone{number}")
        workers.reap()
        row.refresh_from_db()
    assert row.status == "FAILED"
    assert "workers died" in row.traceback


def test_a_plain_task_that_fails_is_tried_again_with_longer_pauses(run_jobs):
    failures.clear()
    fail_twice.enqueue()
    pauses = []
    for _ in range(2):
        run_jobs()
        row = DBTaskResult.objects.get()
        pauses.append(round((row.run_after - timezone.now()).total_seconds(), -1))
        let_time_pass()
    run_jobs()
    row = DBTaskResult.objects.get()
    assert (row.status, pauses) == ("SUCCESSFUL", [30, 120])


@pytest.fixture
def entries(monkeypatch):
    """No schedule but those of the test."""
    monkeypatch.setattr(schedule, "_entries", {})


def at(text):
    return dt.datetime.fromisoformat(text)


def test_what_is_due_daily_is_done_once_a_day_on_the_organisations_clock(entries):
    from core.models import Organisation

    Organisation.objects.create(time_zone="America/New_York")
    calls = []
    schedule.register("daily", lambda *, now: calls.append(now), every=schedule.Daily(hour=3))
    for moment in ["2026-03-01T07:59:00Z", "2026-03-01T08:00:00Z", "2026-03-01T08:00:00Z", "2026-03-01T23:00:00Z"]:
        schedule.run_due(at(moment))
    # 3 o'clock in New York is 8:00 UTC: the first call caught up the day before.
    assert calls == [at("2026-03-01T07:59:00Z"), at("2026-03-01T08:00:00Z")]


def test_missed_days_are_caught_up_once(entries):
    calls = []
    schedule.register("daily", lambda *, now: calls.append(now), every=schedule.Daily(hour=3))
    schedule.run_due(at("2026-03-01T04:00:00Z"))
    schedule.run_due(at("2026-03-09T01:00:00Z"))
    schedule.run_due(at("2026-03-09T02:59:00Z"))
    schedule.run_due(at("2026-03-09T03:00:00Z"))
    assert [call.day for call in calls] == [1, 9, 9]


def test_an_instant_in_the_past_does_nothing_again(entries):
    calls = []
    schedule.register("often", lambda *, now: calls.append(now), every=dt.timedelta(minutes=10))
    schedule.run_due(at("2026-03-01T04:00:00Z"))
    schedule.run_due(at("2026-03-01T03:00:00Z"))
    assert len(calls) == 1


def test_one_failure_hinders_no_other_and_is_due_again(entries):
    tries = []

    def break_once(*, now):
        Line.objects.create(amount=len(tries))
        tries.append(now)
        if len(tries) == 1:
            raise ConnectionError("no line")

    calls = []
    schedule.register("a-breaks", break_once, every=dt.timedelta(hours=1))
    schedule.register("b-works", lambda *, now: calls.append(now), every=dt.timedelta(hours=1))
    moment = at("2026-03-01T04:00:00Z")
    assert [(one.name, one.error) for one in schedule.run_due(moment)] == [
        ("a-breaks", "ConnectionError: no line"),
        ("b-works", ""),
    ]
    assert Schedule.objects.get(pk="a-breaks").error == "ConnectionError: no line"
    assert [one.name for one in schedule.run_due(moment)] == ["a-breaks"]
    assert (len(tries), len(calls), amounts()) == (2, 1, [1])


def test_two_clocks_at_once_do_everything_once(entries, run_together):
    schedule.register("once", lambda *, now: Line.objects.create(amount=1), every=dt.timedelta(hours=1))
    outcomes = run_together(4, lambda number: schedule.run_due(at("2026-03-01T04:00:00Z")))
    assert [outcome.error for outcome in outcomes] == [None] * 4
    assert amounts() == [1]
