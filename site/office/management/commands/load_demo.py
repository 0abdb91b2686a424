"""`load_demo`: deterministic demo data at any size."""

import datetime as dt
import json
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.demo import DemoPlan
from office.demo.countries import COUNTRIES
from office.demo.loading import NotEmptyError, load_demo


class Command(BaseCommand):
    """Make Harbour Light and its people."""

    help = "Fill an empty database with deterministic demo data; refuses one that holds other data."

    def add_arguments(self, parser: CommandParser) -> None:
        """Accept the size, the seed, the country and the day the data ends on."""
        parser.add_argument("--people", type=int, default=400, help="How many constituents (40 to 1,000,000).")
        parser.add_argument(
            "--years", type=int, default=5, help="How many calendar years of giving, this one included."
        )
        parser.add_argument("--seed", type=int, default=1, help="Another seed makes other people.")
        parser.add_argument(
            "--country",
            choices=sorted(COUNTRIES),
            default="US",
            help="Whose law and money it follows: receipts, Gift Aid, currency, names and addresses.",
        )
        parser.add_argument("--today", type=dt.date.fromisoformat, help="The day the data ends on; today if left out.")
        parser.add_argument("--json", action="store_true", help="Print one JSON value and nothing else.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the data and print the counts."""
        if not 40 <= options["people"] <= 1_000_000:
            raise CommandError("--people takes a number from 40 to 1,000,000.", returncode=2)
        if not 1 <= options["years"] <= 30:
            raise CommandError("--years takes a number from 1 to 30.", returncode=2)
        country = COUNTRIES[options["country"]]
        plan = DemoPlan(
            people=options["people"],
            years=options["years"],
            seed=options["seed"],
            today=options["today"] or dt.datetime.now(ZoneInfo(country.time_zone)).date(),
            country=country.code,
        )
        try:
            counts = load_demo(plan)
        except NotEmptyError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(counts))
            return
        for name, count in counts.items():
            self.stdout.write(f"{count:>10,} {name.replace('_', ' ')}")
