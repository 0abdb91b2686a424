"""`import_data`: bring a file in, in the foreground."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.imports.errors import ImportProblem
from core.imports.models import ImportMode
from core.imports.records import record_type
from core.imports.services import bring_in, write_errors
from core.imports.summary import contract


class Command(BaseCommand):
    """Exit 0 when every row came in, 1 when some did not, 2 when the file or the options make no sense."""

    help = (
        "Bring a CSV or XLSX file in, or show with --dry-run what would happen. A second run of a file changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The file and what to take it for."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--kind", default="auto", help="What kind of file it is, such as npsp; auto finds out.")
        parser.add_argument("--mapping", type=Path, metavar="FILE.json", help="Columns, system, order of dates.")
        parser.add_argument(
            "--system", default="", help="Where its ids come from; default by kind, or the file's name."
        )
        parser.add_argument("--mode", choices=ImportMode.values, default=ImportMode.UPDATE.value)
        parser.add_argument("--dry-run", action="store_true", help="Plan and report, write nothing.")
        parser.add_argument("--errors", type=Path, metavar="OUT", help="Write the refused rows with the reason there.")
        parser.add_argument("--json", action="store_true", help="Print one JSON value and nothing else.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring the file in and report."""
        try:
            run = bring_in(
                options["file"],
                kind=options["kind"],
                mapping=self._mapping(options["mapping"]),
                system=options["system"],
                mode=options["mode"],
                dry_run=options["dry_run"],
            )
        except (ImportProblem, OSError) as problem:
            raise CommandError(str(problem), returncode=2) from problem
        outcome = contract(run)
        if options["errors"]:
            write_errors(run, options["errors"])
        if options["json"]:
            self.stdout.write(json.dumps(outcome, ensure_ascii=False))
        else:
            self._tell(outcome, dry_run=options["dry_run"])
        if outcome["errors"]:
            sys.exit(1)

    def _mapping(self, path: Path | None) -> dict[str, Any]:
        if path is None:
            return {}
        try:
            mapping = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise CommandError(f"{path} is not JSON: {error}", returncode=2) from error
        if not isinstance(mapping, dict):
            raise CommandError(f"{path} holds no mapping.", returncode=2)
        return mapping

    def _tell(self, outcome: dict[str, Any], *, dry_run: bool) -> None:
        verb = "would be" if dry_run else "were"
        for what in ("created", "updated"):
            for name, number in outcome[what].items():
                self.stdout.write(f"{number} {record_type(name).label_plural} {verb} {what}")
        self.stdout.write(f"{outcome['unchanged']} unchanged, {outcome['unsure']} to look at")
        for currency, amount in outcome["amounts"].items():
            self.stdout.write(f"{amount} {currency} in gifts")
        for error in outcome["errors"]:
            column = f", {error['column']}" if error["column"] else ""
            self.stdout.write(f"Row {error['row']}{column}: {error['message']}")
        self.stdout.write(f"Import {outcome['id']}")
