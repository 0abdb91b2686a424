"""Criteria of the usual kinds: words, choices, yes or no, numbers, dates; on the record or on rows that lead to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from constituents.segments.criteria import COMING, DATE_OPERATORS, Criterion, Operator, Text, operators
from constituents.segments.dates import days_of
from constituents.segments.sets import Columns, Found, Keys, Not
from constituents.segments.shapes import Between, Choices, Options, Words

_ANY, _NONE, _YES, _NO = _("is one of"), _("is none of"), _("yes"), _("no")


@dataclass(frozen=True, kw_only=True)
class OnRows(Criterion):
    """Asks a column of the record itself, or with `rows` a column of rows that lead to it by `owner`."""

    column: str
    rows: Callable[[], QuerySet[Any]] | None = None
    owner: str = "constituent"

    def having(self, q: Q) -> Found:
        """Return whoever has a row for which this is so."""
        return Columns(q) if self.rows is None else Keys(self.rows().filter(q), self.owner)

    @property
    def known(self) -> Found:
        """Return whoever has a value at all."""
        return self.having(~Q(**{self.column: ""}))


@dataclass(frozen=True, kw_only=True)
class TextCriterion(OnRows):
    """Words; upper and lower case are the same. `noun` in a sentence: "have a %(noun)s that contains ..."."""

    noun: Text
    #: How the column is folded, when it is.
    fold: Callable[[str], str] | None = None
    #: The operators that make sense, when not all do.
    only: Sequence[str] = ()

    @property
    def operators(self) -> Mapping[str, Operator]:
        """How words compare."""
        noun = {"noun": self.noun}
        every = (
            Operator("is", _("is"), _with(_("have the %(noun)s %%(value)s"), noun), Words()),
            Operator("is_not", _("is not"), _with(_("do not have the %(noun)s %%(value)s"), noun), Words()),
            Operator("starts_with", _("starts with"), _with(_("have a %(noun)s from %%(value)s on"), noun), Words()),
            Operator("contains", _("contains"), _with(_("have %%(value)s in their %(noun)s"), noun), Words()),
            Operator("known", _("is known"), _with(_("have a known %(noun)s"), noun)),
            Operator("unknown", _("is not known"), _with(_("have no known %(noun)s"), noun)),
        )
        return operators(*(operator for operator in every if not self.only or operator.key in self.only))

    def find(self, operator: str, value: Any, where: Mapping[str, Any], today: dt.date) -> Found:
        """Compare without regard to case."""
        if operator == "known":
            return self.known
        if operator == "unknown":
            return Not(self.known)
        lookup = {"is": "iexact", "is_not": "iexact", "starts_with": "istartswith", "contains": "icontains"}[operator]
        found = self.having(Q(**{f"{self.column}__{lookup}": self.fold(value) if self.fold else value}))
        return Not(found) if operator == "is_not" else found


@dataclass(frozen=True, kw_only=True)
class OptionsCriterion(OnRows):
    """One of several. `says` and `says_not` go on after "people who", with %(value)s."""

    choices: Choices
    says: Text
    says_not: Text
    #: What a choice stands for, when it stands for more than itself: a tag and those under it.
    spread: Callable[[list[Any]], list[Any]] | None = None
    any_label: Text = _ANY
    none_label: Text = _NONE

    @property
    def operators(self) -> Mapping[str, Operator]:
        """One of these, or none."""
        return operators(
            Operator("any_of", self.any_label, self.says, Options(self.choices)),
            Operator("none_of", self.none_label, self.says_not, Options(self.choices)),
        )

    def find(self, operator: str, value: Any, where: Mapping[str, Any], today: dt.date) -> Found:
        """Any of what was chosen."""
        found = self.having(Q(**{f"{self.column}__in": self.spread(value) if self.spread else value}))
        return Not(found) if operator == "none_of" else found


@dataclass(frozen=True, kw_only=True)
class FactCriterion(Criterion):
    """So, or not so."""

    fact: Callable[[Mapping[str, Any], dt.date], Found]
    says: Text
    says_not: Text
    yes_label: Text = _YES
    no_label: Text = _NO

    @property
    def operators(self) -> Mapping[str, Operator]:
        """Yes and no."""
        return operators(Operator("yes", self.yes_label, self.says), Operator("no", self.no_label, self.says_not))

    def find(self, operator: str, value: Any, where: Mapping[str, Any], today: dt.date) -> Found:
        """The fact, or whoever it does not hold for."""
        found = self.fact(where, today)
        return found if operator == "yes" else Not(found)


@dataclass(frozen=True, kw_only=True)
class DateCriterion(OnRows):
    """A date. `did` begins the sentence: "were added"; an unknown date fits only "is not known"."""

    did: Text
    never: Text = ""
    instants: bool = False
    coming: bool = False

    @property
    def operators(self) -> Mapping[str, Operator]:
        """Those of every date; those of coming ones where there are any; "not known" where that can be."""
        kinds = (*DATE_OPERATORS, *(COMING if self.coming else ()))
        of_dates = [Operator(key, label, _phrase(self.did, says), shape) for key, label, shape, says in kinds]
        if self.never:
            of_dates.append(Operator("unknown", _("is not known"), self.never))
        return operators(*of_dates)

    def find(self, operator: str, value: Any, where: Mapping[str, Any], today: dt.date) -> Found:
        """Within the days meant."""
        if operator == "unknown":
            return Not(self.having(Q(**{f"{self.column}__isnull": False})))
        days = days_of(operator, value, today)
        q = days.q_of_instants(self.column) if self.instants else days.q(self.column)
        return self.having(q)


class Numbers(NamedTuple):
    """Rows, one a constituent: the column with its key, and the column with its number."""

    rows: QuerySet[Any]
    owner: str
    column: str = "number"


@dataclass(frozen=True, kw_only=True)
class NumberCriterion(Criterion):
    """A number of each: a sum, a count. Who has no rows has zero; with `zero_counts=False` they have none at all.

    `numbers(where, today)` says where the numbers stand.
    """

    numbers: Callable[[Mapping[str, Any], dt.date], Numbers]
    shape: Any
    #: "gave %(value)s or more%(where)s": the words for each operator.
    phrases: Mapping[str, Text]
    zero_counts: bool = True

    @property
    def operators(self) -> Mapping[str, Operator]:
        """How numbers compare."""
        return operators(
            *(
                Operator(key, label, self.phrases[key], Between(self.shape) if key == "between" else self.shape)
                for key, label in NUMBER_OPERATORS
                if key in self.phrases
            )
        )

    def find(self, operator: str, value: Any, where: Mapping[str, Any], today: dt.date) -> Found:
        """Compare; where zero fits, whoever has no rows is found too."""
        rows, owner, column = self.numbers(where, today)
        if not (self.zero_counts and fits(operator, value, 0)):
            return Keys(rows.filter(_within(column, operator, value)), owner)
        # Zero fits, and so whoever has no rows: everyone but those whose number does not fit.
        return Not(Keys(rows.exclude(_within(column, operator, value)), owner))


NUMBER_OPERATORS: Sequence[tuple[str, Text]] = (
    ("at_least", _("is at least")),
    ("more_than", _("is more than")),
    ("at_most", _("is at most")),
    ("less_than", _("is less than")),
    ("is", _("is exactly")),
    ("between", _("is between")),
)


def fits(operator: str, value: Any, number: Decimal | int) -> bool:
    """Return whether a number compares so."""
    match operator:
        case "at_least":
            return number >= value
        case "more_than":
            return number > value
        case "at_most":
            return number <= value
        case "less_than":
            return number < value
        case "is":
            return number == value
        case "between":
            return value[0] <= number <= value[1]
    raise ValueError(operator)


def _within(column: str, operator: str, value: Any) -> Q:
    lookups = {"at_least": "gte", "more_than": "gt", "at_most": "lte", "less_than": "lt", "is": "exact"}
    if operator == "between":
        return Q(**{f"{column}__gte": value[0], f"{column}__lte": value[1]})
    return Q(**{f"{column}__{lookups[operator]}": value})


class _Phrase:
    """Two translatable parts of a sentence, joined when it is read."""

    def __init__(self, did: Text, says: Text) -> None:
        self.did, self.says = did, says

    def __str__(self) -> str:
        return f"{self.did}%(where)s {self.says}"


def _phrase(did: Text, says: Text) -> Any:
    return _Phrase(did, says)


class _With:
    """A translatable template with some of its words put in, when it is read."""

    def __init__(self, template: Text, words: Mapping[str, Text]) -> None:
        self.template, self.words = template, words

    def __str__(self) -> str:
        return str(self.template) % {name: str(word).replace("%", "%%") for name, word in self.words.items()}


def _with(template: Text, words: Mapping[str, Text]) -> Any:
    return _With(template, words)
