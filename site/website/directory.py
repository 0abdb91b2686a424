"""The directory's rules: who is listed to whom, and with which fields. Every part of it asks here.

Listed are members of today who are alive, of age, and show their name to the reader. A field is shown, searched and
filtered only where its owner shows it to the reader, so that a hidden field cannot be found out by searching for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from constituents.folding import fold
from constituents.models import (
    Address,
    Constituent,
    DirectoryChoice,
    DirectoryField,
    HouseholdMembership,
    HouseholdRole,
)
from core import clock
from memberships.directory import current_members

ADULT_AGE = 18


def reads_as_member(request: HttpRequest) -> bool:
    """Return whether the reader is signed in and a member today."""
    user = request.user
    return user.is_authenticated and current_members().filter(user=user).exists()


def _shows(field: str, *, members: bool) -> Exists:
    choices = DirectoryChoice.objects.visible_to(members=members).filter(constituent=OuterRef("pk"), field=field)
    return Exists(choices)


def listed(*, members: bool) -> QuerySet[Constituent]:
    """Return everyone the directory lists to a reader, in order of name."""
    children = HouseholdMembership.objects.filter(person=OuterRef("pk"), role=HouseholdRole.CHILD, until__isnull=True)
    of_age = Q(birth_year__isnull=True) | Q(birth_year__lt=clock.today().year - ADULT_AGE)
    return (
        current_members()
        .filter(_shows(DirectoryField.NAME, members=members), of_age)
        .exclude(Exists(children))
        .order_by("sort_name", "pk")
    )


def _towns(*, members: bool) -> QuerySet[Constituent]:
    return listed(members=members).filter(_shows(DirectoryField.TOWN, members=members))


def search(query: str, *, members: bool, town: str = "") -> QuerySet[Constituent]:
    """Return those listed who match every word in fields they show the reader, in the town if one is named."""
    people = listed(members=members)
    for word in fold(query).split():
        in_name = Q(sort_name__contains=word)
        in_occupation = Q(occupation__icontains=word) & Q(_shows(DirectoryField.OCCUPATION, members=members))
        in_about = Q(biography__icontains=word) & Q(_shows(DirectoryField.BIOGRAPHY, members=members))
        in_town = Q(Exists(_addresses_in(word, exactly=False))) & Q(_shows(DirectoryField.TOWN, members=members))
        people = people.filter(in_name | in_occupation | in_about | in_town)
    if town:
        people = people.filter(Exists(_addresses_in(town, exactly=True)), _shows(DirectoryField.TOWN, members=members))
    return people


def _addresses_in(town: str, *, exactly: bool) -> QuerySet[Address]:
    lookup = {"city__iexact": town} if exactly else {"city__icontains": town}
    own = Q(constituent=OuterRef("pk"))
    shared = Q(household__memberships__person=OuterRef("pk"), household__memberships__until__isnull=True)
    return Address.objects.filter(own | shared, **lookup)


def towns(*, members: bool) -> list[str]:
    """Return the towns of those who show theirs to the reader, in order."""
    people = _towns(members=members).values("pk")
    own = Address.objects.filter(constituent__in=people)
    shared = Address.objects.filter(household__memberships__person__in=people, household__memberships__until=None)
    found = {*own.values_list("city", flat=True).distinct(), *shared.values_list("city", flat=True).distinct()}
    return sorted(town for town in found if town)


@dataclass(frozen=True, slots=True)
class Entry:
    """One person or organisation as the reader may see them."""

    name: str
    initials: str
    url: str
    line: str = ""
    town: str = ""
    about: str = ""
    website: str = ""
    takes_messages: bool = False
    photo: str = ""


def entries(people: QuerySet[Constituent] | list[Constituent], *, members: bool) -> list[Entry]:
    """Return the people as entries, holding only what each shows the reader; two queries whatever the number."""
    page = list(people)
    shown: dict[int, set[str]] = {}
    choices = DirectoryChoice.objects.visible_to(members=members).filter(constituent__in=[row.pk for row in page])
    for owner, field in choices.values_list("constituent", "field"):
        shown.setdefault(owner, set()).add(field)
    town_of = _towns_of(page)
    return [_entry(person, shown.get(person.pk, set()), town_of.get(person.pk, "")) for person in page]


def _towns_of(page: list[Constituent]) -> dict[int, str]:
    ids = [person.pk for person in page]
    found: dict[int, str] = {}
    shared = Address.objects.filter(
        household__memberships__person__in=ids, household__memberships__until__isnull=True
    ).order_by("-is_primary", "pk")
    own = Address.objects.filter(constituent__in=ids).order_by("-is_primary", "pk")
    for owner, town in own.values_list("constituent", "city"):
        found.setdefault(owner, town)
    for owner, town in shared.values_list("household__memberships__person", "city"):
        found.setdefault(owner, town)
    return found


def _entry(person: Constituent, fields: set[str], town: str) -> Entry:
    def shown(field: DirectoryField, value: Any) -> Any:
        return value if field in fields else ""

    return Entry(
        name=person.full_name,
        initials=_initials(person),
        url=f"/members/{person.uuid}/",
        line=shown(DirectoryField.OCCUPATION, person.occupation),
        town=shown(DirectoryField.TOWN, town),
        about=shown(DirectoryField.BIOGRAPHY, person.biography),
        website=shown(DirectoryField.WEBSITE, person.website),
        takes_messages=DirectoryField.EMAIL in fields,
    )


def _initials(person: Constituent) -> str:
    parts = person.full_name.split()
    return "".join(part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)).upper()
