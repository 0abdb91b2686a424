"""`check_books`: prove every identity of money from the rows alone."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from donations.services.books import check_books


class Command(BaseCommand):
    """Exit 0 when the books are right, 1 when something does not hold, naming the rows."""

    help = "Prove every identity of money from the rows alone. Exits 1 and names the rows when one does not hold."

    def add_arguments(self, parser: CommandParser) -> None:
        """Accept --json."""
        parser.add_argument("--json", action="store_true", help="Print one JSON value and nothing else.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and report."""
        findings = check_books()
        if options["json"]:
            rows = [{"check": f.check, "message": f.message, "rows": f.rows} for f in findings]
            self.stdout.write(json.dumps({"ok": not findings, "findings": rows}))
        elif findings:
            for finding in findings:
                self.stdout.write(f"{finding.check}: {finding.message} ({', '.join(finding.rows)})")
        else:
            self.stdout.write("The books are right.")
        if findings:
            sys.exit(1)
