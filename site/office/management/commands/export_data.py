"""`export_data`: take records out, in open formats, by the one safe writer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from constituents.models import Segment
from constituents.resources.exports import (
    HouseholdResource,
    OrganisationResource,
    PersonResource,
    columns_of,
    rows_of,
)
from constituents.segments import members_of
from core import audit
from core.exports import FORMATS, write
from core.organisation import current_organisation
from donations.resources.exports import GiftResource

_RESOURCES = {
    "people": PersonResource,
    "organisations": OrganisationResource,
    "households": HouseholdResource,
    "gifts": GiftResource,
}

_OF_CONSTITUENTS = ("people", "organisations")


class Command(BaseCommand):
    """Exit 0 when the file is written, 2 for a wrong name. `everything` writes one file of each into a folder."""

    help = "Write people, organisations, households, gifts or everything to a file (everything: to a folder)."

    def add_arguments(self, parser: CommandParser) -> None:
        """What, how, where."""
        parser.add_argument("what", choices=[*_RESOURCES, "everything"], metavar="WHAT")
        parser.add_argument("--format", choices=list(FORMATS), default="csv")
        parser.add_argument("--segment", default="", help="Only who is in the segment of this name.")
        parser.add_argument("out", type=Path, metavar="OUT")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write and say how many rows."""
        what, fmt, out = options["what"], options["format"], options["out"]
        self.segment = self._segment(what, options["segment"])
        try:
            if what == "everything":
                out.mkdir(parents=True, exist_ok=True)
                for name in _RESOURCES:
                    self._write(name, fmt, out / f"{name}.{fmt}")
            else:
                self._write(what, fmt, out)
        except OSError as error:
            raise CommandError(str(error), returncode=2) from error

    def _segment(self, what: str, name: str) -> Segment | None:
        if not name:
            return None
        if what not in _OF_CONSTITUENTS:
            raise CommandError("Only people and organisations are exported by segment.", returncode=2)
        try:
            return Segment.objects.get(name=name)
        except Segment.DoesNotExist:
            raise CommandError(f"There is no segment “{name}”.", returncode=2) from None

    def _write(self, name: str, fmt: str, out: Path) -> None:
        resource = _RESOURCES[name]()
        with out.open("wb") as file, transaction.atomic():
            count = write(fmt, self._rows(resource), columns_of(resource), file)
            audit.record(
                "export.downloaded",
                current_organisation(),
                by=None,
                new={"name": name, "format": fmt, "rows": count, "filter": str(self.segment or "")},
            )
        self.stdout.write(f"{count} {name} in {out}")

    def _rows(self, resource: Any) -> Iterator[list[Any]]:
        rows = resource.rows()
        if self.segment is not None:
            rows = rows.filter(pk__in=members_of(self.segment).order_by().values("pk"))
        yield from rows_of(resource, rows.iterator(chunk_size=1_000))
