"""Demo data: every app offers its part, and `load_demo` plays them in order from one seed.

A part is registered in an AppConfig.ready() with the place it has in the order, and draws every choice from
`plan.random(name)`, so that adding one part leaves the data of the others as it was.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass

Part = Callable[["DemoPlan"], dict[str, int]]


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """How much to make, and of when."""

    people: int
    years: int
    seed: int
    today: dt.date
    #: The country whose law and money the organisation follows, by its ISO code.
    country: str = "US"

    def random(self, name: str) -> random.Random:
        """Return the part's own source of choices."""
        return random.Random(f"{self.seed}:{name}")  # noqa: S311 - plausible data, not secrets

    @property
    def begins(self) -> dt.date:
        """The first day anything happens on."""
        return dt.date(self.today.year - self.years + 1, 1, 1)


_parts: dict[str, tuple[int, Part]] = {}


def register_demo_part(name: str, order: int, part: Part) -> None:
    """Offer a part; it returns how many of what it made."""
    _parts[name] = (order, part)


def demo_parts() -> list[tuple[str, Part]]:
    """Return the parts in the order they are played."""
    return [(name, part) for name, (_order, part) in sorted(_parts.items(), key=lambda item: (item[1][0], item[0]))]
