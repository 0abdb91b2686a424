"""`manage.py verify_audit`: prove that nobody changed the audit."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.audit import verify


class Command(BaseCommand):
    """Seals what waits, walks the chain, prints its head; exit 1 when a row was changed, removed or reordered."""

    help = "Seal the audit, prove its chain and print its head. Exit 1 names the rows that do not hold."

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer --json."""
        parser.add_argument("--json", action="store_true", help="print one JSON value and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the proof and report it."""
        proof = verify()
        if options["json"]:
            self.stdout.write(json.dumps({"ok": not proof.problems, **asdict(proof)}))
        else:
            for problem in proof.problems:
                self.stdout.write(f"entry {problem.entry}, number {problem.sequence}: {problem.message}")
            self.stdout.write(f"{proof.entries} entries, {proof.erased} of them erased")
            self.stdout.write(f"head {proof.sequence} {proof.hash}")
        if proof.problems:
            raise SystemExit(1)
