"""Who is a member on a day: for the directory, the portal, and everyone who greets members."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from constituents.models import Constituent
from core import clock
from memberships.models import Membership, MembershipPerson


def current_members(date: dt.date | None = None) -> QuerySet[Constituent]:
    """Return the living people and organisations who are members on a date, today when none is named.

    Those who hold a membership and those a plan names; grace and honorary count, a household counts by its people.
    """
    date = date or clock.today()
    running = Membership.objects.members(date)
    holds = running.filter(constituent=OuterRef("pk"))
    named = MembershipPerson.objects.on(date).filter(person=OuterRef("pk"), membership__in=running.values("pk"))
    return Constituent.objects.current().living().filter(Q(Exists(holds)) | Q(Exists(named)))


def membership_of(constituent: Constituent) -> Membership | None:
    """Return the membership a constituent holds, or else is named on today; with status and end."""
    found = Membership.objects.of(constituent).for_list().prefetch_related("terms", "standings")
    return min(found, key=lambda membership: (membership.constituent_id != constituent.pk, membership.pk), default=None)


def numbers_of(ids: list[int]) -> dict[int, list[str]]:
    """Return the member numbers that constituents are found by: also those of records merged into them."""
    numbers: dict[int, list[str]] = {}
    held = Membership.objects.filter(Q(constituent__in=ids) | Q(constituent__merged_into__in=ids)).values_list(
        Coalesce("constituent__merged_into", "constituent"), "number"
    )
    named = MembershipPerson.objects.filter(person__in=ids, until__isnull=True).values_list(
        "person", "membership__number"
    )
    for pairs in (held, named):
        for owner, number in pairs:
            numbers.setdefault(owner, []).append(number)
    return numbers
