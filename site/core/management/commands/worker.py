"""`manage.py worker`: does the jobs. Run as many as you like against PostgreSQL."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.jobs.workers import TaskWorker, reap, signed_on


class Command(BaseCommand):
    """Runs in the foreground until SIGTERM or Ctrl-C; the job in hand stops at its next step and goes on elsewhere."""

    help = "Do the jobs that wait, and those to come."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", action="store_true", help="End when no job waits.")
        parser.add_argument("--interval", type=float, default=1, help="Seconds between looks at an empty queue.")

    def handle(self, *_args: Any, batch: bool, interval: float, **_options: Any) -> None:
        worker = TaskWorker(batch=batch, interval=interval)
        worker.configure_signals()
        with signed_on(worker.worker_id):
            reap()
            worker.run()
