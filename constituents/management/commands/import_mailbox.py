"""`manage.py import_mailbox PATH_OR_URL`: files mail that was sent, copied or forwarded to us."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from constituents.errors import MailError
from constituents.work.mailbox.importing import import_mailbox


class Command(BaseCommand):
    """Ends with 1 when a mail could not be read; it waits in the queue. Reading a mailbox again files nothing twice."""

    help = "Read a Maildir, an mbox file or an IMAP folder, and file each mail on the people it is about."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("place", help="A path, or imaps://user:password@host/folder.")
        parser.add_argument("--json", action="store_true", help="Print one JSON value and nothing else.")

    def handle(self, *_args: Any, place: str, **options: Any) -> None:
        try:
            tally = import_mailbox(place)
        except MailError as error:
            raise CommandError(str(error), returncode=2) from error
        if options["json"]:
            self.stdout.write(json.dumps(tally.as_dict()))
        else:
            for name, number in tally.as_dict().items():
                self.stdout.write(f"{name}: {number}")
        if tally.unreadable:
            sys.exit(1)
