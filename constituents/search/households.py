"""Finding households: by their own name, and by whatever those who live in them are found by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from constituents.models import Constituent, Household, HouseholdMembership

if TYPE_CHECKING:
    from constituents.search.kinds import Searcher


def find_households(households: QuerySet[Household], text: str, *, by: Searcher | None) -> QuerySet[Household]:
    """Keep the households that are named so, or where somebody lives today whom the text finds."""
    named = Household.objects.order_by()
    for word in text.split():
        named = named.filter(name__icontains=word)
    people = Constituent.objects.current().searched_by(by).order_by().search(text)
    lived_in = HouseholdMembership.objects.filter(person__in=people.values("pk"), until__isnull=True)
    # A union, each half by its own index; either-or in one question would read every household.
    return households.filter(pk__in=named.values("pk").union(lived_in.order_by().values("household")))
