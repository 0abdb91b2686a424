"""The parts a record's page is made of. Rooms above make them; the page in core draws them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the page with a template and the context it needs, in a constant number of queries."""

    name: str
    label: Text
    template: str
    context: Callable[[Any], dict[str, Any]]
    order: int = 100
    permission: str = ""


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One line of a timeline."""

    at: dt.datetime
    kind: str
    title: Text
    detail: Text = ""
    url: str = ""
    amount: str = ""
    icon: str = "history"
    state: str = ""
