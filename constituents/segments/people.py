"""Who people are, as criteria; and all that this app knows people by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from constituents.folding import fold
from constituents.models import ConstituentTag, HouseholdMembership, HouseholdRole, Kind, Tag
from constituents.segments import contact, lists, reach, ties
from constituents.segments.criteria import Criterion, Operator, operators
from constituents.segments.custom import custom_criteria
from constituents.segments.dates import Span, Unit
from constituents.segments.families import DateCriterion, FactCriterion, OptionsCriterion, TextCriterion
from constituents.segments.registry import register_criteria, register_criterion
from constituents.segments.sets import Columns, Found, Keys
from constituents.segments.shapes import Between, Number

WHO = _("Who they are")


def register() -> None:
    """Offer them all."""
    who = (*_what_they_are(), *_their_life(), *_their_household(), *_their_record())
    register_criterion(*who, *reach.criteria(), *contact.criteria(), *ties.criteria(), *lists.criteria())
    register_criteria("custom", custom_criteria)


def _what_they_are() -> Iterable[Criterion]:
    return (
        OptionsCriterion(
            key="kind",
            label=_("Person or organisation"),
            group=WHO,
            column="kind",
            choices=lambda: [(Kind.PERSON.value, _("People")), (Kind.ORGANISATION.value, _("Organisations"))],
            says=_("are %(value)s"),
            says_not=_("are not %(value)s"),
        ),
        TextCriterion(
            key="name",
            label=_("Name"),
            group=WHO,
            column="sort_name",
            noun=_("name"),
            fold=fold,
            only=("contains", "starts_with"),
        ),
        OptionsCriterion(
            key="tag",
            label=_("Tag"),
            group=WHO,
            rows=ConstituentTag.objects.all,
            column="tag",
            choices=_tags,
            spread=with_those_under,
            says=_("are tagged %(value)s"),
            says_not=_("are not tagged %(value)s"),
            any_label=_("has one of"),
            none_label=_("has none of"),
        ),
    )


def _their_life() -> Iterable[Criterion]:
    return (
        AgeCriterion(key="age", label=_("Age"), group=WHO),
        OptionsCriterion(
            key="birth_month",
            label=_("Birthday in"),
            group=WHO,
            column="birth_month",
            choices=lambda: list(MONTHS.items()),
            says=_("have their birthday in %(value)s"),
            says_not=_("do not have their birthday in %(value)s"),
        ),
        FactCriterion(
            key="deceased",
            label=_("Deceased"),
            group=WHO,
            fact=lambda where, today: Columns(Q(is_deceased=True)),
            says=_("have died"),
            says_not=_("are living"),
        ),
        TextCriterion(key="occupation", label=_("Occupation"), group=WHO, column="occupation", noun=_("occupation")),
    )


def _their_household() -> Iterable[Criterion]:
    return (
        FactCriterion(
            key="in_household",
            label=_("Lives in a household"),
            group=WHO,
            fact=lambda where, today: Keys(HouseholdMembership.objects.filter(until__isnull=True), "person"),
            says=_("live in a household"),
            says_not=_("live in no household"),
        ),
        OptionsCriterion(
            key="household_role",
            label=_("Part in the household"),
            group=WHO,
            rows=lambda: HouseholdMembership.objects.filter(until__isnull=True),
            owner="person",
            column="role",
            choices=lambda: HouseholdRole.choices,
            says=_("are %(value)s of a household"),
            says_not=_("are not %(value)s of a household"),
        ),
    )


def _their_record() -> Iterable[Criterion]:
    return (
        TextCriterion(key="source", label=_("Source"), group=WHO, column="source", noun=_("source")),
        DateCriterion(
            key="added_on", label=_("Added"), group=WHO, column="created_at", instants=True, did=_("were added")
        ),
    )


def _tags() -> list[tuple[int, str]]:
    tags = {tag.pk: tag for tag in Tag.objects.all()}

    def path(tag: Tag) -> str:
        parent = tags.get(tag.parent_id or 0)
        return f"{parent.name} › {tag.name}" if parent else tag.name

    return sorted(((key, path(tag)) for key, tag in tags.items()), key=lambda choice: choice[1].casefold())


def with_those_under(chosen: list[int]) -> list[int]:
    """Return the tags and all that stand under them, however deep."""
    parents = dict(Tag.objects.values_list("pk", "parent"))
    found = set(chosen)
    while more := {key for key, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found)


@dataclass(frozen=True, kw_only=True)
class AgeCriterion(Criterion):
    """Years lived, as far as the birth date is known: of a year alone, those they turn this year."""

    @property
    def operators(self) -> Mapping[str, Operator]:
        """Whole years."""
        whole = Number(whole=True)
        return operators(
            Operator("at_least", _("is at least"), _("are %(value)s or older"), whole),
            Operator("at_most", _("is at most"), _("are %(value)s or younger"), whole),
            Operator("between", _("is between"), _("are between %(value)s years old"), Between(whole)),
            Operator("unknown", _("is not known"), _("are of unknown age")),
        )

    def find(self, operator: str, value: Any, where: Mapping[str, Any], today: dt.date) -> Found:
        """Compare dates of birth, not ages: an index can help, and nobody's birthday is missed."""
        known = Q(birth_year__isnull=False, is_deceased=False)
        if operator == "unknown":
            return Columns(Q(birth_year__isnull=True))
        low, high = {"at_least": (value, None), "at_most": (None, value)}.get(operator, value)
        q = known
        if low is not None:
            q &= _born_by(Span(int(low), Unit.YEARS).before(today)) if low else Q()
        if high is not None:
            q &= ~_born_by(Span(int(high) + 1, Unit.YEARS).before(today))
        return Columns(q)


def _born_by(day: dt.date) -> Q:
    """Return who was born on or before a day; unknown months and days count as early in the year."""
    same_month = Q(birth_month=day.month) & (Q(birth_day__isnull=True) | Q(birth_day__lte=day.day))
    same_year = Q(birth_year=day.year) & (Q(birth_month__isnull=True) | Q(birth_month__lt=day.month) | same_month)
    return Q(birth_year__lt=day.year) | same_year
