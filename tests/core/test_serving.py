"""`manage.py serve` for real: processes that start, are killed, and are gone in the end."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import transaction

from core.jobs import Job, Progress, enqueue, job
from core.jobs.models import Worker
from tests.harness.database import database_url
from tests.harness.models import Line

pytestmark = pytest.mark.django_db(transaction=True)
STEPS = 40


@job(kind="tests.slow")
def write_slowly(progress: Progress):
    """Write numbered lines for about four seconds."""
    progress.total(STEPS)
    for number in range(progress.saved.get("next", 0), STEPS):
        with transaction.atomic():
            Line.objects.create(amount=number)
            progress.checkpoint({"next": number + 1}, advance=1)
        time.sleep(0.1)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(condition, seconds=120):
    """Wait for what another process does, and return what it came to."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError("It did not come to pass.")


@contextmanager
def served(port):
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "WEB_CONCURRENCY": "1",
    }
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
        process.stdout.close()


def is_gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_job_survives_its_worker_and_nothing_survives_serve():
    port = free_port()
    slow = enqueue(write_slowly, key="slow", label="Slow lines")
    with served(port) as process:
        assert "ready" in process.stdout.readline(), f"serve ended with {process.wait()}"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready") as answer:
            assert answer.status == 200
        first = until(lambda: Job.objects.filter(pk=slow.pk, done__gte=5).first())
        killed = Worker.objects.get(pk=first.worker)
        os.kill(killed.pid, signal.SIGKILL)
        last = until(lambda: Job.objects.filter(pk=slow.pk, state="done").first())
        second = Worker.objects.get(pk=last.worker)
        assert second.pid != killed.pid
    assert process.returncode == 0
    assert until(lambda: is_gone(second.pid))
    assert sorted(int(line.amount) for line in Line.objects.all()) == list(range(STEPS))
    assert not Worker.objects.exists()
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready")


@pytest.mark.once("The port is tried before any database is asked.")
def test_a_port_that_is_taken_is_said_so():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with served(other.getsockname()[1]) as process:
            assert process.wait(timeout=60) == 1
