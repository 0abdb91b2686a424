"""`report`: a report by name, for scripts and sheets."""

import io
import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.exports import write_csv
from donations.metrics import Switches
from office.documents.board import board_page
from office.documents.named import ON_PAPER, report_document
from office.reports.board import board_figures
from office.reports.named import REPORTS

BOARD = "board-pack"


class Command(BaseCommand):
    """Write one report."""

    help = "Write a report as JSON or CSV; the board's page as PDF."

    def add_arguments(self, parser: CommandParser) -> None:
        """Accept the report's name, its year and its switches."""
        parser.add_argument("name", choices=[*REPORTS, BOARD])
        parser.add_argument("--year", type=int, required=True, help="The fiscal year, named by the year it ends in.")
        parser.add_argument("--unit", choices=["person", "household"], default="household")
        parser.add_argument("--calendar", action="store_true", help="The year is the calendar's.")
        parser.add_argument("--format", choices=["json", "csv", "pdf"], default="json")
        parser.add_argument("--out", type=Path, help="The file to write; standard output when left out.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the report and write it."""
        content = self._content(options)
        if options["out"]:
            options["out"].write_bytes(content)
        elif options["format"] == "pdf":
            sys.stdout.buffer.write(content)
        else:
            self.stdout.write(content.decode())

    def _content(self, options: dict[str, Any]) -> bytes:
        name, year, fmt = options["name"], options["year"], options["format"]
        if name == BOARD and fmt != "pdf":
            raise CommandError(f"{name} cannot be had as {fmt}: the board pack is a PDF.", returncode=2)
        if fmt == "pdf" and name not in (BOARD, *ON_PAPER):
            raise CommandError(f"{name} cannot be had as pdf: ask for json or csv.", returncode=2)
        if name == BOARD:
            return board_page(board_figures(year, calendar=options["calendar"]))
        switches = Switches(household=options["unit"] == "household", calendar=options["calendar"])
        report = REPORTS[name](year, switches)
        if fmt == "pdf":
            return report_document(name, year, report)
        if fmt == "csv":
            out = io.BytesIO()
            write_csv(report.rows, list(report.columns), out)
            return out.getvalue()
        answer = {"report": name, "year": year, "columns": list(report.columns), "rows": report.rows}
        return json.dumps(answer, ensure_ascii=False).encode()
