"""What people are found by in their memberships: those they hold, and those of plans they are named on today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from constituents.models import Constituent
from constituents.segments.criteria import Criterion
from constituents.segments.dates import days_of
from constituents.segments.families import DateCriterion, FactCriterion, OptionsCriterion
from constituents.segments.registry import register_criterion
from constituents.segments.sets import AnyOf, Found, Keys, Not
from memberships.models import Fact, Level, Membership, MembershipPerson, Standing, Term
from memberships.status import Status

SEE = "memberships.view_membership"
MEMBERSHIP = _("Membership")


def register() -> None:
    """Offer them all."""
    register_criterion(*_criteria())


def belonging_to(memberships: QuerySet[Membership]) -> Found:
    """Return whoever holds one of the memberships or is named on it today."""
    named = MembershipPerson.objects.now().filter(membership__in=memberships.order_by().values("pk"))
    return AnyOf((Keys(memberships.filter(constituent__isnull=False), "constituent"), Keys(named, "person")))


def members_on(date: dt.date) -> QuerySet[Membership]:
    """Return the memberships with their benefits on a date: those `Membership.objects.members(date)` returns.

    Said in sets, where the status asks each membership one question after the other: of a hundred thousand it is quick.
    """
    standing = Standing.objects.on(date).order_by()
    running = Term.objects.begun(date).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=date) | Q(grace_until__gte=date))
    with_benefits = (
        running.order_by()
        .values("membership")
        .union(standing.filter(kind=Fact.HONORARY).values("membership"), all=True)
    )
    ended = standing.filter(kind__in=[Fact.CANCELLED, Fact.SUSPENDED], membership=OuterRef("pk"))
    died = Constituent.objects.filter(
        Q(deceased_on__isnull=True) | Q(deceased_on__lte=date), pk=OuterRef("constituent"), is_deceased=True
    )
    return Membership.objects.filter(~Exists(ended), ~Exists(died), pk__in=with_benefits)


class StatusCriterion(OptionsCriterion):
    """Where their membership stands today."""

    def find(self, operator: str, value: Any, where: Mapping[str, Any], today: dt.date) -> Found:
        """The status is asked for today, never stored."""
        found = belonging_to(Membership.objects.in_status(*value, date=today))
        return found if operator == "any_of" else Not(found)


class LevelCriterion(OptionsCriterion):
    """The level they are members of today."""

    def find(self, operator: str, value: Any, where: Mapping[str, Any], today: dt.date) -> Found:
        """Only memberships with their benefits today."""
        found = belonging_to(members_on(today).filter(level__in=value))
        return found if operator == "any_of" else Not(found)


class MembershipDateCriterion(DateCriterion):
    """A date of their membership."""

    def find(self, operator: str, value: Any, where: Mapping[str, Any], today: dt.date) -> Found:
        """Within the days meant."""
        memberships = Membership.objects.with_end() if self.column == "ends_on" else Membership.objects.all()
        if operator == "unknown":
            return Not(belonging_to(Membership.objects.all()))
        return belonging_to(memberships.filter(days_of(operator, value, today).q(self.column)))


def _levels() -> list[tuple[int, str]]:
    return list(Level.objects.values_list("pk", "name"))


def _criteria() -> Iterable[Criterion]:
    common: dict[str, Any] = {"group": MEMBERSHIP, "permission": SEE}
    return (
        FactCriterion(
            key="membership.is_member",
            label=_("Is a member today"),
            fact=lambda where, today: belonging_to(members_on(today)),
            says=_("are members"),
            says_not=_("are not members"),
            **common,
        ),
        StatusCriterion(
            key="membership.status",
            label=_("Membership status"),
            column="status",
            choices=lambda: Status.choices,
            says=_("have the membership status %(value)s"),
            says_not=_("do not have the membership status %(value)s"),
            **common,
        ),
        LevelCriterion(
            key="membership.level",
            label=_("Member at the level"),
            column="level",
            choices=_levels,
            says=_("are members at the level %(value)s"),
            says_not=_("are not members at the level %(value)s"),
            **common,
        ),
        MembershipDateCriterion(
            key="membership.since",
            label=_("Member since"),
            column="member_since",
            did=_("joined"),
            never=_("were never members"),
            **common,
        ),
        MembershipDateCriterion(
            key="membership.ends",
            label=_("Membership ends or ended"),
            column="ends_on",
            coming=True,
            did=_("have a membership that ends or ended"),
            never=_("were never members"),
            **common,
        ),
    )
