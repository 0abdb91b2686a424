"""What else waits for somebody: a count and the way there, offered by every room, shown on “My work”.

    register_work(WaitingWork("failed_cards", failed_cards, permission="donations.change_gift", order=20))

`failed_cards(user)` returns a Waiting, or None when nothing waits, in one query.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many of something wait; `text` goes on after the number: `3` `mails wait to be filed`."""

    number: int
    text: str | Promise
    url: str


@dataclass(frozen=True, slots=True)
class WaitingWork:
    """A line of work for those with the permission."""

    name: str
    count: Callable[[Any], Waiting | None]
    permission: str = ""
    order: int = 100


_work: dict[str, WaitingWork] = {}


def register_work(work: WaitingWork) -> None:
    """Offer a line; called from an app's AppConfig.ready()."""
    _work[work.name] = work


def waiting_for(user: Any) -> list[Waiting]:
    """Return what waits for this user, leaving out what is done."""
    allowed = (work for work in _work.values() if not work.permission or user.has_perm(work.permission))
    lines = (work.count(user) for work in sorted(allowed, key=lambda work: (work.order, work.name)))
    return [line for line in lines if line is not None and line.number]
