"""`find_duplicates`: look for records that are one constituent, in the foreground."""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_date, parse_datetime

from constituents.duplicates.reasons import field_labels, in_words
from constituents.duplicates.scanning import Steps, last_scan, scan
from constituents.models import DuplicatePair, ExternalId, Likeness
from core import clock

_LAST = "the last scan"


class Command(BaseCommand):
    """Exit 0 when there are none, 1 when there are, 2 when the options make no sense."""

    help = "Look for records that are one constituent. Every pair of a group is listed, with a score and the reasons."

    def add_arguments(self, parser: CommandParser) -> None:
        """Since when, how sure, and in which form."""
        parser.add_argument(
            "--since",
            nargs="?",
            const=_LAST,
            metavar="WHEN",
            help="Only those changed since a date or instant (ISO); without one, since the last scan.",
        )
        parser.add_argument("--possible", action="store_true", help="List also pairs that are rather not the same.")
        parser.add_argument("--certain", action="store_true", help="List only pairs that admit no other reading.")
        parser.add_argument("--json", action="store_true", help="Print one JSON value and nothing else.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look and report."""
        done = scan(Steps(), since=_instant(options["since"]))
        pairs = DuplicatePair.objects.to_decide().order_by("-weight", "first", "second")
        if options["since"] is not None:
            pairs = pairs.filter(scan=done)
        if options["certain"]:
            pairs = pairs.filter(likeness=Likeness.CERTAIN)
        elif not options["possible"]:
            pairs = pairs.exclude(likeness=Likeness.POSSIBLE)
        rows = _rows(pairs)
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
        else:
            for row in rows:
                self.stdout.write(f"{row['a']}  {row['b']}  {row['score']:.4f}  {'; '.join(row['reasons'])}")
            self.stdout.write(f"{done.people} records, {done.compared} pairs compared, {len(rows)} found.")
        if rows:
            sys.exit(1)


def _instant(since: str | None) -> dt.datetime | None:
    if since is None:
        return None
    if since == _LAST:
        before = last_scan()
        return before.started_at if before else None
    try:
        instant = parse_datetime(since)
        day = parse_date(since)
    except ValueError as error:
        raise CommandError(f"--since {since}: {error}", returncode=2) from error
    if instant is None and day is not None:
        instant = dt.datetime.combine(day, dt.time())
    if instant is None:
        raise CommandError(f"--since {since}: give a date such as 2026-05-01.", returncode=2)
    return instant if instant.tzinfo else instant.replace(tzinfo=clock.zone())


def _rows(pairs: Any) -> list[dict[str, Any]]:
    found = list(pairs.values_list("first_id", "second_id", "score", "reasons"))
    names = _names()
    labels = field_labels()
    return [
        {
            "a": names.get(first, str(first)),
            "b": names.get(second, str(second)),
            "score": float(score),
            "reasons": in_words(reasons, labels),
        }
        for first, second, score, reasons in found
    ]


def _names() -> dict[int, str]:
    """Return `system:id` for everyone in an open pair that another system knows; the oldest where there are several."""
    pairs = DuplicatePair.objects.to_decide().order_by()
    known = ExternalId.objects.order_by("-pk")
    return {
        owner: f"{system}:{value}"
        for side in ("first", "second")
        for owner, system, value in known.filter(constituent__in=pairs.values(side)).values_list(
            "constituent_id", "system", "value"
        )
    }
