"""What the apps above have to say when a household splits or somebody dies. Filled in each AppConfig.ready().

A step of a split asks one question on the form ("What happens to the membership?") and does what was answered, noting
in the split's journal what it changed, so that a mistaken split can be taken back. A loose end is what stays open
after a death and needs a person to decide: a membership to end, a follow-up, a promised gift.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from constituents.models import Constituent, Household
from constituents.services.journal import Journal

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Question:
    """What a split's form asks for a step: the first option is what is usually right."""

    label: Text
    options: Sequence[tuple[str, Text]]
    help_text: Text = ""


@dataclass(slots=True)
class Split:
    """A household coming apart: who leaves for where, from which day."""

    household: Household
    stayers: list[Constituent]
    leavers: list[Constituent]
    on: dt.date
    by: Any
    new_household: Household | None = None
    journal: Journal = field(default_factory=Journal)


@dataclass(frozen=True, slots=True)
class SplitStep:
    """One app's part in splits: `question(household)` is None when it has none; `apply(split, answer)` does it."""

    name: str
    question: Callable[[Household], Question | None]
    apply: Callable[[Split, str], None]


@dataclass(frozen=True, slots=True)
class LooseEnd:
    """Something open that somebody has to decide about."""

    label: Text
    url: str = ""


LooseEnds = Callable[[Constituent], Iterable[LooseEnd]]

_steps: dict[str, SplitStep] = {}
_loose_ends: dict[str, tuple[LooseEnds, str]] = {}


def register_split_step(step: SplitStep) -> None:
    """Take part in every split."""
    _steps[step.name] = step


def register_loose_ends(name: str, loose_ends: LooseEnds, *, permission: str = "") -> None:
    """Say what stays open when somebody dies; shown to those with the permission."""
    _loose_ends[name] = (loose_ends, permission)


def split_steps() -> list[SplitStep]:
    """Return the steps in the order of their names."""
    return [step for _name, step in sorted(_steps.items())]


def loose_ends_of(person: Constituent, user: Any) -> list[LooseEnd]:
    """Return what is open with a person, as far as the user may see it."""
    return [
        end
        for _name, (loose_ends, permission) in sorted(_loose_ends.items())
        if not permission or user.has_perm(permission)
        for end in loose_ends(person)
    ]
