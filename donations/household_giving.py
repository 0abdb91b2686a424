"""What a household gave: its members' gifts while they were members, each counted once.

Money belongs to who gave it: a household owns no gifts, and soft credits, which are recognition, never enter. When a
person leaves, what they gave before stays in the household's total, and what they give after does not.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max, QuerySet, Sum

from constituents.models import Household, HouseholdMembership
from core.money import quantize
from core.organisation import current_organisation
from donations.metrics import DEFAULT, counted
from donations.models import Gift


@dataclass(frozen=True, slots=True)
class HouseholdTotals:
    """What a household gave, in the base currency, less refunds."""

    raised: Decimal
    gifts: int
    last_on: dt.date | None


def gifts_of_household(household: Household) -> QuerySet[Gift]:
    """Return the counted gifts of the household: the reports' own rule decides where a gift of that day belongs."""
    people = HouseholdMembership.objects.filter(household=household).values("person")
    # Reports know a household by its negative key.
    return counted(DEFAULT).filter(donor__in=people, unit=-household.pk)


def household_totals(
    household: Household, *, first: dt.date | None = None, last: dt.date | None = None
) -> HouseholdTotals:
    """Return what the household gave, ever or from the first to the last day."""
    gifts = gifts_of_household(household)
    if first is not None and last is not None:
        gifts = gifts.filter(received_on__gte=first, received_on__lte=last)
    row = gifts.aggregate(raised=Sum("net_base_amount"), gifts=Count("pk"), last_on=Max("received_on"))
    currency = current_organisation().base_currency
    return HouseholdTotals(quantize(row["raised"] or Decimal(0), currency), row["gifts"], row["last_on"])
