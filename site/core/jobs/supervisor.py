"""One process that keeps the web server and the worker running and rings the clock every minute."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError, close_old_connections

from core.jobs.schedule import run_due
from core.jobs.workers import reap

logger = logging.getLogger("core.jobs")

SECONDS_BETWEEN_TICKS = 60
SECONDS_TO_END = 20
SECONDS_TO_START = 120


class Supervisor:
    """Runs `serve` from start to end; `run()` returns its exit status."""

    def __init__(self, *, host: str, port: int, reload: bool, announce: Callable[[str], object]) -> None:
        self.address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        self.announce = announce
        self._bind = f"{f'[{host}]' if ':' in host else host}:{port}"
        self._reload = reload
        self._host, self._port = host, port
        self._ending = False
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def refuse_wrong_place(self) -> None:
        """Raise CommandError when the port is taken, or when the demo would be open to others."""
        if settings.DEMO and self._host not in {"127.0.0.1", "localhost", "::1"}:
            message = "The demo has shared passwords and a readable mailbox: it only listens on loopback, not on %s."
            raise CommandError(message % self._host, returncode=2)
        if not self._port_is_free():
            raise CommandError(f"Something else listens at {self.address}. Choose another port (PORT= with make).")

    def _port_is_free(self) -> bool:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self._host, self._port))
            except OSError:
                return False
        return True

    def run(self) -> int:
        """Start everything, keep it running until SIGTERM or Ctrl-C, stop everything."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._end)
        try:
            self._start_web()
            if not self._wait_until_ready():
                return 0 if self._ending else 1
            self.announce(self.address)
            self._start_worker()
            return self._watch()
        finally:
            self._stop_children()

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        self._ending = True

    def _start_web(self) -> None:
        config = str(settings.BASE_DIR / "gunicorn.conf.py")
        how = ["--reload" if self._reload else "--preload", "--graceful-timeout", "5"]
        self._start("web", [sys.executable, "-m", "gunicorn", "--config", config, "--log-level", "warning", *how])

    def _start_worker(self) -> None:
        self._start("worker", [sys.executable, str(settings.BASE_DIR / "manage.py"), "worker"])

    def _start(self, name: str, command: list[str]) -> None:
        defaults = {"WEB_CONCURRENCY": "2", "ACCESS_LOG": ""}
        environment = {**defaults, **os.environ, "BIND": self._bind}
        self._children[name] = subprocess.Popen(  # noqa: S603  our own commands
            command, cwd=settings.BASE_DIR, env=environment, preexec_fn=_die_with_parent
        )

    def _wait_until_ready(self) -> bool:
        deadline = time.monotonic() + SECONDS_TO_START
        health = f"{self.address}/health/ready"
        while not self._ending and time.monotonic() < deadline and self._children["web"].poll() is None:
            with suppress(urllib.error.URLError, OSError), urllib.request.urlopen(health, timeout=5):  # noqa: S310
                return True
            time.sleep(0.2)
        if not self._ending:
            logger.error("The web server did not become ready at %s.", self.address)
        return False

    def _watch(self) -> int:
        next_tick = time.monotonic()
        while not self._ending:
            if self._children["web"].poll() is not None:
                logger.error("The web server ended by itself with status %s.", self._children["web"].returncode)
                return 1
            if self._children["worker"].poll() is not None:
                logger.warning(
                    "The worker ended with status %s; starting another.", self._children["worker"].returncode
                )
                self._start_worker()
            if time.monotonic() >= next_tick:
                self._tick()
                next_tick = time.monotonic() + SECONDS_BETWEEN_TICKS
            time.sleep(0.5)
        return 0

    def _tick(self) -> None:
        close_old_connections()
        try:
            reap()
            run_due()
        except DatabaseError:
            logger.exception("The clock could not reach the database; it tries again in a minute.")
        close_old_connections()

    def _stop_children(self) -> None:
        for child in self._children.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + SECONDS_TO_END
        for name, child in self._children.items():
            try:
                child.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                logger.warning("The %s did not end when asked; killing it.", name)
                child.kill()
                child.wait()


def _die_with_parent() -> None:
    """On Linux, have the kernel end a child whose supervisor was killed without a chance to stop it."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)
