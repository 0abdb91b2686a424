"""The parts a record's page is made of. Rooms above make them; the page in core draws them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that matters: `Lifetime giving`, `$4,250`."""

    label: Text
    value: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """A status in two or three words; tone is good, waiting, wrong or quiet."""

    label: Text
    tone: str = "quiet"


@dataclass(frozen=True, slots=True)
class Action:
    """An everyday action in the page's header."""

    label: Text
    url: str
    icon: str = "plus"
    primary: bool = False
    order: int = 50  # among the others: what is done more often comes first


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is to be done next, by whom and when: `Call about the boat`, `today`."""

    label: Text
    url: str
    due: Text = ""
    who: str = ""
    # good, waiting, wrong or quiet: an overdue one is wrong.
    tone: str = "quiet"
    # Where it is ticked off, with one click; empty: not from here.
    done_url: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the page with a template and the context it needs, in a constant number of queries.

    On pages that have both, `place` says whether it stands beside the story or under a tab of its own, which costs
    nothing until it is opened. A context of None leaves the panel out: there is nothing to show.
    """

    name: str
    label: Text
    template: str
    context: Callable[[Any], dict[str, Any] | None]
    order: int = 100
    permission: str = ""
    place: Literal["side", "tab"] = "side"


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One line of a timeline. `pk` tells events of one kind at one instant apart: see core.staff.cursor."""

    at: dt.datetime
    kind: str
    title: Text
    pk: int
    detail: Text = ""
    url: str = ""
    amount: str = ""
    icon: str = "history"
    state: str = ""
    by: str = ""
    # Beside the detail: (label, address), such as the documents of a contact.
    links: Sequence[tuple[Text, str]] = ()
