"""Take back a move, a split or a death that was recorded by mistake."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.errors import CannotTakeBackError
from constituents.models import Constituent, Household, HouseholdChange, HouseholdMembership
from constituents.services.households import refresh_names
from constituents.services.journal import Journal
from constituents.services.search_text import refresh_search_text
from core import audit, clock

_DAY = dt.timedelta(days=1)


@transaction.atomic
def take_back(change: HouseholdChange, *, by: User | None, reason: str = "") -> HouseholdChange:
    """Put every row back as it was before the change.

    Raises CannotTakeBackError when something was built on it since.
    """
    change = HouseholdChange.objects.select_for_update().get(pk=change.pk)
    if change.undone_at is not None:
        raise CannotTakeBackError(change)
    people = _people_of(change)
    Journal(change.journal).take_back()
    change.undone_at = clock.now()
    change.save(update_fields=["undone_at"])
    households = Household.objects.filter(memberships__person__in=people, memberships__until__isnull=True).distinct()
    for household in households:
        refresh_names(household)
    refresh_search_text(people)
    audit.record_many(
        audit.Draft(
            verb="household.taken_back",
            obj=change.household or person,
            by=by,
            old={"kind": change.kind, "on": change.on},
            reason=reason or _("Recorded by mistake"),
            about=person,
        )
        for person in Constituent.objects.filter(pk__in=people).order_by("pk")
    )
    return change


def _people_of(change: HouseholdChange) -> list[int]:
    """Return whom the change touched: the person, who lives in the household, and who left it that day."""
    people = {change.person_id} if change.person_id else set()
    if change.household_id:
        people |= set(
            HouseholdMembership.objects.filter(household=change.household_id)
            .exclude(until__lt=change.on - _DAY)
            .values_list("person_id", flat=True)
        )
    return sorted(people)
