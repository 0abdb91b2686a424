"""The whole mailbox, one mail at a time: the command and the clock call it."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from django.conf import settings
from django.db import DatabaseError
from django_tasks import task

from constituents.models import IncomingMail, MailState, WaitingFor
from constituents.work.mailbox.reading import read
from constituents.work.mailbox.taking import take_in


@dataclass(slots=True)
class Tally:
    """What came of a mailbox."""

    read: int = 0
    filed: int = 0
    waiting: int = 0
    unreadable: int = 0
    discarded: int = 0
    known: int = 0

    def count(self, mail: IncomingMail | None) -> None:
        """Count one mail; None is one that was read before."""
        self.read += 1
        if mail is None:
            self.known += 1
        elif mail.state == MailState.FILED:
            self.filed += 1
        elif mail.state == MailState.DISCARDED:
            self.discarded += 1
        elif mail.waiting_for == WaitingFor.UNREADABLE:
            self.unreadable += 1
        else:
            self.waiting += 1

    def as_dict(self) -> dict[str, int]:
        """Return the numbers by name."""
        return asdict(self)


def import_mailbox(place: str) -> Tally:
    """Take in every mail of a mailbox. One that cannot be read waits with the reason and hinders no other.

    Raises MailError when the mailbox cannot be opened.
    """
    tally = Tally()
    for received in read(place):
        try:
            mail = take_in(received.raw, trouble=received.trouble)
        except DatabaseError as error:
            # Something in it that no column takes: the envelope is kept, with the reason.
            mail = take_in(received.raw[:20_000], trouble=f"{type(error).__name__}")
        tally.count(mail)
        received.tick_off()
    return tally


@task
def read_our_mailbox() -> None:
    """Read the mailbox the settings name."""
    if settings.MAILBOX_URL:
        import_mailbox(settings.MAILBOX_URL)


def read_when_due(*, now: dt.datetime) -> None:
    """Queue a reading of the mailbox, when there is one; the clock calls this."""
    if settings.MAILBOX_URL:
        read_our_mailbox.enqueue()
