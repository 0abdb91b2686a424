"""`manage.py serve`: web, worker and clock together, as the demo and a small organisation run them."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.jobs.supervisor import Supervisor


class Command(BaseCommand):
    """Runs in the foreground; SIGTERM or Ctrl-C stops everything it started."""

    help = "Serve the site, do the jobs and ring the clock, in one process group."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--reload", action="store_true", help="Load the web part anew when the code changes.")

    def handle(self, *_args: Any, host: str, port: int, reload: bool, **_options: Any) -> None:
        supervisor = Supervisor(host=host, port=port, reload=reload, announce=self._announce)
        supervisor.refuse_wrong_place()
        sys.exit(supervisor.run())

    def _announce(self, address: str) -> None:
        self.stdout.write(self.style.SUCCESS(f"Steward is ready at {address}/ (staff: {address}/admin/)."))
        self.stdout.write("Ctrl-C stops it.")
        self.stdout.flush()
