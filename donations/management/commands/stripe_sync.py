"""`stripe_sync`: bring in what webhooks missed."""

import datetime as dt
import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from donations.errors import OnlineGivingError
from donations.stripe.catching_up import catch_up, summary


class Command(BaseCommand):
    """Exit 0 when all was brought in, 1 when something could not be, naming it."""

    help = "Read events and movements of the balance at Stripe, and bring in what webhooks missed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Accept --since and --json."""
        parser.add_argument("--since", help="A date or an instant (ISO); left out: since the last time, less an hour.")
        parser.add_argument("--json", action="store_true", help="Print one JSON value and nothing else.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Catch up and report."""
        try:
            report = catch_up(since=_instant(options["since"]) if options["since"] else None)
        except OnlineGivingError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report)))
        else:
            for line in summary(report):
                self.stdout.write(line)
        if report.failed:
            sys.exit(1)


def _instant(text: str) -> dt.datetime:
    try:
        if len(text) == 10:
            return clock.start_of_day(dt.date.fromisoformat(text))
        instant = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--since is no date or instant: {text}", returncode=2) from error
    return instant if instant.tzinfo else instant.replace(tzinfo=clock.zone())
