"""What a criterion is: something people are found by, with its operators and what it may be narrowed by."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from constituents.segments.sets import Found
from constituents.segments.shapes import Between, Day, Length, Nothing, Year

Text = str | Promise


@dataclass(frozen=True)
class Operator:
    """How a criterion compares: its name in the list, the value it asks for, and its part of a sentence.

    `says` goes on after "people who": "gave %(value)s or more%(where)s". The empty key of a value means none is asked.
    """

    key: str
    label: Text
    says: Text
    shape: Any = field(default_factory=Nothing)


@dataclass(frozen=True)
class Narrowing:
    """What a criterion may be narrowed by: a fund, a campaign. `says` is added to the sentence: " to %(value)s"."""

    key: str
    label: Text
    shape: Any
    says: Text


#: The operators of every date; `says` goes on after what happened: "gave last", "was added".
DATE_OPERATORS: tuple[tuple[str, Text, Any, Text], ...] = (
    ("in_last", _("within the last"), Length(), _("within the last %(value)s")),
    ("longer_ago", _("longer ago than"), Length(), _("more than %(value)s ago")),
    ("this_fiscal_year", _("this fiscal year"), Nothing(), _("this fiscal year")),
    ("last_fiscal_year", _("last fiscal year"), Nothing(), _("last fiscal year")),
    ("in_fiscal_year", _("in the fiscal year"), Year(), _("in fiscal year %(value)s")),
    ("in_calendar_year", _("in the calendar year"), Year(), _("in the year %(value)s")),
    ("on_or_after", _("on or after"), Day(), _("on or after %(value)s")),
    ("before", _("before"), Day(), _("before %(value)s")),
    ("between", _("from … to"), Between(Day()), _("between %(value)s")),
)
#: For dates that may be yet to come.
COMING: tuple[tuple[str, Text, Any, Text], ...] = (
    ("in_next", _("within the next"), Length(), _("within the next %(value)s")),
    ("in_past", _("in the past"), Nothing(), _("in the past")),
)


def operators(*found: Operator) -> dict[str, Operator]:
    """Return operators by key, in their order."""
    return {operator.key: operator for operator in found}


@dataclass(frozen=True, kw_only=True)
class Criterion(ABC):
    """Something people are found by. Subclasses say which operators there are and what each finds."""

    key: str
    label: Text
    #: The heading it stands under in the list.
    group: Text
    #: The permission a reader needs: whom a condition finds tells what it asks for.
    permission: str = ""
    narrowings: Sequence[Narrowing] = ()

    @property
    @abstractmethod
    def operators(self) -> Mapping[str, Operator]:
        """The operators by key; the first is the one a new condition begins with."""

    def for_user(self, user: Any, lacking: set[str]) -> Criterion:
        """Return the criterion as a user may ask by it, who lacks these permissions."""
        return self

    @abstractmethod
    def find(self, operator: str, value: Any, where: Mapping[str, Any], today: dt.date) -> Found:
        """Return whom the condition finds; value and narrowings are typed by their shapes."""
