"""Add thousands of memberships at a time, for imports and demo data; the database's own rules hold as ever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction

from constituents.services.search_text import refresh_search_text
from memberships.models import Membership, MembershipPerson, MembershipSettings, Standing, Term
from memberships.periods import member_since
from memberships.services.numbers import take_numbers


@dataclass(slots=True)
class NewMembership:
    """A membership with everything that belongs to it, unsaved; a number is given where there is none."""

    membership: Membership
    terms: Sequence[Term]
    people: Sequence[MembershipPerson] = field(default_factory=list)
    standings: Sequence[Standing] = field(default_factory=list)


@transaction.atomic
def add_memberships(new: Sequence[NewMembership], *, index: bool = True) -> list[Membership]:
    """Write them set by set. Terms carry their dues (posted before, through donations); `index=False` leaves the
    search text to the caller.
    """
    gap_days = MembershipSettings.load().gap_days
    unnumbered = [entry.membership for entry in new if not entry.membership.number]
    for membership, number in zip(unnumbered, take_numbers(len(unnumbered)), strict=True):
        membership.number = number
    for entry in new:
        terms = sorted(entry.terms, key=lambda term: term.starts_on)
        entry.membership.level = terms[-1].level if terms else entry.membership.level
        entry.membership.member_since = member_since((term.period for term in terms), gap_days=gap_days)
    memberships = Membership.objects.bulk_create([entry.membership for entry in new], batch_size=500)
    for entry in new:
        rows: list[Term | MembershipPerson | Standing] = [*entry.terms, *entry.people, *entry.standings]
        for row in rows:
            row.membership = entry.membership
    Term.objects.bulk_create([term for entry in new for term in entry.terms], batch_size=500)
    MembershipPerson.objects.bulk_create([place for entry in new for place in entry.people], batch_size=500)
    Standing.objects.bulk_create([fact for entry in new for fact in entry.standings], batch_size=500)
    if index:
        refresh_search_text({*_found_by_number(new)})
    return memberships


def _found_by_number(new: Sequence[NewMembership]) -> list[int]:
    people = [place.person_id for entry in new for place in entry.people]
    return people + [entry.membership.constituent_id for entry in new if entry.membership.constituent_id]
