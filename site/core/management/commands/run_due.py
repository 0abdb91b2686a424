"""`manage.py run_due`: does everything the clock causes. Safe to run twice; `serve` runs it every minute."""

from __future__ import annotations

import datetime as dt
import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core import clock
from core.jobs.schedule import run_due
from core.jobs.workers import reap


def instant(text: str) -> dt.datetime:
    """Read an ISO instant; without an offset it is on the organisation's clock."""
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.zone())


class Command(BaseCommand):
    """Ends with 1 when something failed; it is tried again the next time."""

    help = "Do what is due: statuses, reminders, waitlists and whatever else the clock causes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", help="Pretend that it is this instant (ISO).")
        parser.add_argument("--json", action="store_true", help="Print one JSON value and nothing else.")

    def handle(self, *_args: Any, now: str | None, **options: Any) -> None:
        try:
            moment = instant(now) if now else timezone.now()
        except ValueError as error:
            raise CommandError(
                f"--now wants an ISO instant such as 2026-03-01T09:00:00Z: {error}", returncode=2
            ) from error
        given_back = reap()
        outcomes = run_due(moment)
        if options["json"]:
            report = {"done": [asdict(outcome) for outcome in outcomes], "given_back": given_back}
            self.stdout.write(json.dumps(report))
        else:
            for outcome in outcomes:
                self.stdout.write(f"{outcome.name}: {outcome.error or 'done'}")
        if any(outcome.error for outcome in outcomes):
            sys.exit(1)
