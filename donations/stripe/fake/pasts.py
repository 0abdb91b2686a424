"""A past made up for the demo: what the double's own verbs make is collected, dated then, and written at once.

    with made_up() as past:
        past.at, past.names = instant, {"charge": "ch_demo_00001"}
        charging.charge_card(intent, card)

Nothing of it is reported: the demo's own rows say the same already.
"""

from __future__ import annotations

import contextvars
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from donations.models.demo_stripe import FakeObject

Thing = dict[str, Any]
_STEP = 500


@dataclass
class Past:
    """What is being made up: its moment, the ids that come next, and all that was made."""

    at: int = 0
    #: By kind, the id of the next one of it.
    names: dict[str, str] = field(default_factory=dict)
    things: dict[str, Thing] = field(default_factory=dict)
    _known: set[str] = field(default_factory=set)

    def keep(self, thing: Thing, *, is_new: bool = False) -> Thing:
        """Collect an object as it is now."""
        if not is_new and thing["id"] not in self.things:
            self._known.add(thing["id"])
        self.things[thing["id"]] = thing
        return thing

    def find(self, kind: str, fields: Thing) -> list[Thing]:
        """Return what was made whose fields hold these values, newest first; `a__b` reaches into `a`."""
        of_kind = [thing for thing in reversed(self.things.values()) if thing["object"] == kind]
        return [thing for thing in of_kind if all(_value(thing, path) == value for path, value in fields.items())]

    def write(self) -> None:
        """Write all of it, in the order in which it was made."""
        new = [
            FakeObject(stripe_id=thing["id"], kind=thing["object"], created=thing.get("created", self.at), data=thing)
            for thing in self.things.values()
            if thing["id"] not in self._known
        ]
        FakeObject.objects.bulk_create(new, batch_size=_STEP)
        rows = list(FakeObject.objects.filter(stripe_id__in=self._known))
        for row in rows:
            row.data = self.things[row.stripe_id]
        FakeObject.objects.bulk_update(rows, ["data"], batch_size=_STEP)


_current: contextvars.ContextVar[Past | None] = contextvars.ContextVar("made_up_past", default=None)


def current() -> Past | None:
    """Return the past that is being made up; None in ordinary times."""
    return _current.get()


@contextmanager
def made_up() -> Iterator[Past]:
    """Collect what is made within, and write it at the end."""
    past = Past()
    token = _current.set(past)
    try:
        yield past
    finally:
        _current.reset(token)
    past.write()


def _value(thing: Thing, path: str) -> Any:
    value: Any = thing
    for name in path.split("__"):
        value = value.get(name) if isinstance(value, dict) else None
    return value
