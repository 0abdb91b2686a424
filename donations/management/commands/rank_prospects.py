"""`rank_prospects`: rank everyone who has given, as of a date."""

import csv
import datetime as dt
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from constituents.models import Constituent, ExternalId
from core.money import Money
from core.organisation import current_organisation
from donations.prospects import participation_of, rank_prospects, reasons_for

COLUMNS = ["rank", "constituent", "external_id", "score", "ask", "excluded", "reasons"]
_CHUNK = 1_000


class Command(BaseCommand):
    """Write the ranking as CSV."""

    help = "Rank everyone with at least one counted gift by the date, and say why."

    def add_arguments(self, parser: CommandParser) -> None:
        """Accept the date, the kind of list and where to write it."""
        parser.add_argument("--as-of", required=True, type=dt.date.fromisoformat, help="Use nothing dated after it.")
        parser.add_argument("--horizon", type=int, default=365, help="Days ahead the ranking is for.")
        parser.add_argument("--kind", choices=["likely", "value"], default="value")
        parser.add_argument("--csv", type=Path, help="The file to write; standard output when left out.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rank and write."""
        as_of = options["as_of"]
        prospects = rank_prospects(as_of=as_of, kind=options["kind"])
        currency = current_organisation().base_currency
        out = options["csv"].open("w", newline="", encoding="utf-8") if options["csv"] else sys.stdout
        try:
            writer = csv.writer(out)
            writer.writerow(COLUMNS)
            for start in range(0, len(prospects), _CHUNK):
                chunk = prospects[start : start + _CHUNK]
                ids = [prospect.constituent_id for prospect in chunk]
                known = set(Constituent.objects.filter(pk__in=ids).values_list("pk", flat=True))
                external: dict[int, str] = {}
                for row in ExternalId.objects.filter(constituent__in=known).order_by("constituent", "-pk"):
                    external[row.constituent_id] = str(row)
                participation = participation_of(ids, as_of)
                for prospect in chunk:
                    owner = prospect.constituent_id
                    reasons = reasons_for(prospect.history, as_of=as_of, participation=participation.get(owner, []))
                    ask = Money(prospect.ask, currency).plain
                    writer.writerow(
                        [
                            prospect.rank,
                            owner,
                            external.get(owner, ""),
                            f"{prospect.score:.6f}",
                            ask,
                            str(prospect.excluded),
                            "; ".join(reasons),
                        ]
                    )
        finally:
            if out is not sys.stdout:
                out.close()
