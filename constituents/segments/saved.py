"""Saved segments: who is in one, what it asks of a reader, and segments within segments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, F, FilteredRelation, Q, QuerySet, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber

from constituents.errors import TakesPartInItselfError
from constituents.models import Constituent, HouseholdRole, Segment
from constituents.segments.matching import matching
from constituents.segments.tree import Group, parse

#: The criterion by which a segment stands in another.
IN_SEGMENT = "segment"
_FIRST = {HouseholdRole.HEAD: 0, HouseholdRole.ADULT: 1, HouseholdRole.CHILD: 2}


def members_of(segment: Segment) -> QuerySet[Constituent]:
    """Return who is in a segment now. Raises CriteriaError when a condition names what is no longer there."""
    found = matching(segment.criteria)
    return one_of_each_household(found) if segment.one_per_household else found


def one_of_each_household(constituents: QuerySet[Constituent]) -> QuerySet[Constituent]:
    """Of those who live together keep one: the head, else an adult, else a child; of equals the longest on record."""
    rank = Case(*(When(home__role=role, then=Value(place)) for role, place in _FIRST.items()), default=Value(1))
    placed = constituents.order_by().annotate(
        home=FilteredRelation("household_memberships", condition=Q(household_memberships__until__isnull=True)),
        place=Window(
            RowNumber(),
            # Who lives in no household is one of their own.
            partition_by=Coalesce("home__household_id", F("pk") * -1),
            order_by=[rank.asc(), F("pk").asc()],
        ),
    )
    return Constituent.objects.filter(pk__in=placed.filter(place=1).values("pk"))


def needs_of(criteria: Any) -> str:
    """Return the permissions the conditions ask of a reader, with those of segments within, as Segment keeps them."""
    needed = {condition.criterion.permission for condition in parse(criteria).conditions()} - {""}
    for segment in Segment.objects.filter(pk__in=segments_in(parse(criteria))):
        needed |= set(segment.needs.split())
    return f" {' '.join(sorted(needed))} " if needed else " "


def segments_in(group: Group) -> set[int]:
    """Return the keys of the segments named in conditions."""
    named: set[int] = set()
    for condition in group.conditions():
        if condition.criterion.key == IN_SEGMENT:
            named.update(condition.value)
    return named


def built_on(segment: Segment) -> Iterable[Segment]:
    """Return the segments whose own conditions name this one."""
    return [other for other in Segment.objects.exclude(pk=segment.pk) if segment.pk in _named(other.criteria)]


def refuse_circles(segment: Segment, criteria: Any) -> None:
    """Raise TakesPartInItselfError when the conditions lead back to the segment."""
    seen: set[int] = set()
    waiting = _named(criteria)
    while waiting:
        if segment.pk in waiting:
            raise TakesPartInItselfError(segment)
        seen |= waiting
        waiting = {key for other in Segment.objects.filter(pk__in=waiting) for key in _named(other.criteria)} - seen


def _named(criteria: Any) -> set[int]:
    """Return the segments stored conditions name, also in conditions that are faulty elsewhere."""
    if not isinstance(criteria, dict):
        return set()
    if criteria.get("criterion") == IN_SEGMENT:
        return {value for value in criteria.get("value") or [] if isinstance(value, int)}
    return set().union(*(_named(part) for part in criteria.get("of") or []), set())
