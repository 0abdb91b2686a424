"""`rebuild_rollups`: write kept totals anew, or prove with --check that none has drifted."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from donations.levels.standing import drifted_standings, stand_all
from donations.models import Ladder
from donations.services.rollups import drifted_totals, rebuild_totals


class Command(BaseCommand):
    """Recompute every donor's totals, or only compare."""

    help = "Recompute all kept totals. With --check: change nothing, exit 1 and name the rows when one has drifted."

    def add_arguments(self, parser: CommandParser) -> None:
        """Accept --check and --json."""
        parser.add_argument("--check", action="store_true", help="Only compare.")
        parser.add_argument("--json", action="store_true", help="Print one JSON value and nothing else.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild or compare, and report."""
        drifts = drifted_totals() if options["check"] else []
        levels = drifted_standings() if options["check"] else []
        rebuilt = None if options["check"] else _rebuild()
        if options["json"]:
            rows = [
                {
                    "constituent": drift.constituent_id,
                    "kept": {name: None if value is None else str(value) for name, value in drift.kept.items()},
                    "true": {name: None if value is None else str(value) for name, value in drift.true.items()},
                }
                for drift in drifts
            ]
            answer = {"ok": not drifts and not levels, "rebuilt": rebuilt, "drifted": rows}
            self.stdout.write(json.dumps({**answer, "levels": [asdict(drift) for drift in levels]}))
        elif rebuilt is not None:
            self.stdout.write(f"Totals of {rebuilt} donors written anew.")
        else:
            for drift in drifts:
                self.stdout.write(f"constituent {drift.constituent_id}: kept {drift.kept}, true {drift.true}")
            for level in levels:
                self.stdout.write(
                    f"constituent {level.constituent_id} on {level.ladder}: kept {level.kept}, true {level.true}"
                )
            if not drifts and not levels:
                self.stdout.write("No total has drifted.")
        if drifts or levels:
            sys.exit(1)


def _rebuild() -> int:
    rebuilt = rebuild_totals()
    for ladder in Ladder.objects.all():
        stand_all(ladder)
    return rebuilt
