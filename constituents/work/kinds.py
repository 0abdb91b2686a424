"""The kinds of events there are, what each knows about itself, and how deep in a chain of rules we are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise

from constituents.models import Constituent, WorkEvent

Text = str | Promise
# As a form's choices: (value, label).
Choices = Sequence[tuple[str, Text]]


class FactKind(Enum):
    """How a fact is compared."""

    NUMBER = "number"
    CHOICE = "choice"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something an event knows about itself. Of a choice it may hold one value or a list of them."""

    name: str
    label: Text
    kind: FactKind
    choices: Callable[[], Choices] = field(default=tuple)


@dataclass(frozen=True, slots=True)
class Happening:
    """One event that happened, with a key of its own."""

    constituent: Constituent | int
    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    about: Model | None = None
    at: dt.datetime | None = None

    @property
    def constituent_id(self) -> int:
        """Whose."""
        return self.constituent if isinstance(self.constituent, int) else self.constituent.pk


@dataclass(frozen=True, slots=True)
class Event:
    """A kind of event. `past(since)` tells, from the records themselves, what happened before anybody listened."""

    name: str
    label: Text
    facts: Sequence[Fact] = ()
    help_text: Text = ""
    past: Callable[[dt.datetime], Iterable[Happening]] | None = None
    order: int = 100


_events: dict[str, Event] = {}
_depth: ContextVar[int] = ContextVar("depth of the event that rules are answering", default=-1)


def register_event(event: Event) -> None:
    """Offer an event to the rules; called from an app's AppConfig.ready()."""
    _events[event.name] = event


def events() -> list[Event]:
    """Return every kind of event, in order."""
    return sorted(_events.values(), key=lambda event: (event.order, event.name))


def find_event(name: str) -> Event | None:
    """Return a kind of event, or None when the app that knew it is gone."""
    return _events.get(name)


@contextmanager
def answering(event: WorkEvent) -> Iterator[None]:
    """Whatever is announced in here was caused by a rule that answers the event."""
    token = _depth.set(event.depth)
    try:
        yield
    finally:
        _depth.reset(token)


def next_depth() -> int:
    """Return how deep an event announced now is: 0 unless a rule caused it."""
    return _depth.get() + 1
