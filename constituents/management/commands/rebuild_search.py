"""`manage.py rebuild_search`: write anew what the search box looks in."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from constituents.models import Constituent
from constituents.services.search_text import rebuild_search


class Command(BaseCommand):
    """Goes through everyone, a thousand at a time; may be run while people work, and again after it was stopped."""

    help = "Write the search rows and indexes anew: after a restore, or when somebody on record cannot be found."

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer --json."""
        parser.add_argument("--json", action="store_true", help="print one JSON value and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, saying how far it is."""
        total, done = Constituent.objects.count(), 0
        for done in rebuild_search():
            if not options["json"]:
                self.stdout.write(f"{done:,} of {total:,}")
        if options["json"]:
            self.stdout.write(json.dumps({"constituents": done}))
