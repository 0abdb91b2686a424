"""Programs served on loopback for a benchmark: Steward as production serves it, a bare program, a slow Stripe."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.parse
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT, HERE = Path(__file__).resolve().parents[2], Path(__file__).resolve().parent
SECRET = "whsec_benchmark_only"
WORKERS = os.environ.get("WEB_CONCURRENCY", "4")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and after how many seconds; the session's cookie with it."""

    status: int
    location: str
    cookie: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Served:
    """A program that takes requests on a port of loopback."""

    port: int
    process: int

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """Ask once, on a connection of its own, as one donor does."""
        started = time.perf_counter()
        request = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        request.request(method, path, body or None, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = request.getresponse()
        answer.read()
        request.close()
        cookies = [cookie.partition(";")[0] for cookie in answer.headers.get_all("Set-Cookie", [])]
        location = answer.headers.get("Location", "")
        return Answer(answer.status, location, "; ".join(cookies), time.perf_counter() - started)

    def worked(self) -> float:
        """Return the seconds of processor time its processes have taken so far; Linux alone says so."""
        return sum(map(_worked, _with_children(self.process)))


def _with_children(process: int) -> list[int]:
    children = [found for found in _processes() if _stat(found)[1:2] == [str(process)]]
    return [process, *(each for child in children for each in _with_children(child))]


def _processes() -> list[int]:
    return [int(folder.name) for folder in Path("/proc").glob("[0-9]*")]


def _stat(process: int) -> list[str]:
    """Return the fields of /proc/.../stat behind the name, which may hold anything; nothing of one that has ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _worked(process: int) -> float:
    times = _stat(process)[11:13]
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK") if times else 0.0


def free_port() -> int:
    """Return a port of loopback that nobody has."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def running(command: list[str], port: int, **environment: str) -> Iterator[Served]:
    """Run a program for the length of a block, from when it takes connections."""
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            assert process.poll() is None, f"{command} ended"
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
        yield Served(port, process.pid)
    finally:
        process.terminate()
        process.wait(30)


@contextlib.contextmanager
def stripe_on_loopback(seconds: float) -> Iterator[Served]:
    """Run a Stripe that takes so long to answer."""
    port = free_port()
    with running([sys.executable, str(HERE / "slow_stripe.py"), str(port), str(seconds)], port) as served:
        yield served


@contextlib.contextmanager
def steward(stripe: Served) -> Iterator[Served]:
    """Serve Steward, as production does, over the database of the test."""
    port = free_port()
    environment = {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DEBUG": "0",
        "DATABASE_URL": database_address(),
        "SECRET_KEY": settings.SECRET_KEY,
        "BASE_URL": f"http://127.0.0.1:{port}",
        "BIND": f"127.0.0.1:{port}",
        "WEB_CONCURRENCY": WORKERS,
        "ACCESS_LOG": "",
        "STRIPE_SECRET_KEY": "sk_test_benchmark_only",
        "STRIPE_WEBHOOK_SECRET": SECRET,
        "STRIPE_API_BASE": f"http://127.0.0.1:{stripe.port}",
    }
    with running([sys.executable, "-m", "gunicorn"], port, **environment) as served:
        assert served.ask("GET", "/health/live").status == 200
        yield served


def database_address() -> str:
    """Return the address of the database of the test."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    who = f"{database['USER']}:{urllib.parse.quote(database['PASSWORD'])}"
    return f"postgresql://{who}@{database['HOST']}:{database['PORT']}/{database['NAME']}"


@contextlib.contextmanager
def bare(stripe: Served, folder: Path) -> Iterator[Served]:
    """Serve the bare program by the same gunicorn, with as many workers and threads."""
    port, file = free_port(), folder / f"bare-{uuid.uuid4().hex}.sqlite3"
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, body BLOB)")
    environment = {
        "BIND": f"127.0.0.1:{port}",
        "WEB_CONCURRENCY": WORKERS,
        "ACCESS_LOG": "",
        "STRIPE_API_BASE": f"http://127.0.0.1:{stripe.port}",
        "BARE_DATABASE": str(file),
    }
    with running([sys.executable, "-m", "gunicorn", "tests.benchmarks.bare_giving:app"], port, **environment) as served:
        yield served
