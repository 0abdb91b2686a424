"""`undo_import`: take an import back, in the foreground."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.imports.errors import ImportProblem
from core.imports.models import ImportRun
from core.imports.undoing import undo_import, undone


class Command(BaseCommand):
    """Exit 0 when it is undone, whatever had to stay; 2 when there is no such import or it has not run."""

    help = "Take an import back: delete what it created, restore what it changed, void the gifts it posted."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which import."""
        parser.add_argument("id", metavar="ID", help="The number import_data printed, or the import's UUID.")
        parser.add_argument("--json", action="store_true", help="Print one JSON value and nothing else.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Undo and report."""
        run = self._run(options["id"])
        try:
            undo_import(run)
        except ImportProblem as problem:
            raise CommandError(str(problem), returncode=2) from problem
        outcome = undone(run)
        if options["json"]:
            self.stdout.write(json.dumps(outcome, ensure_ascii=False))
        else:
            for what in ("removed", "restored"):
                for name, number in outcome[what].items():
                    self.stdout.write(f"{number} {name} {what}")
            for kept in outcome["kept"]:
                self.stdout.write(f"Kept {kept['type']} {kept['label']}: {kept['reason']}")

    def _run(self, text: str) -> ImportRun:
        try:
            return ImportRun.objects.get(**({"pk": text} if text.isdigit() else {"uuid": text}))
        except (ImportRun.DoesNotExist, ValidationError) as error:
            raise CommandError(f"There is no import {text}.", returncode=2) from error
