"""The directory's rules: who is listed to whom, and with which fields. Pages and previews ask here and nowhere else.

Listed are members of today who are alive, of age, and show their name to the reader. An entry holds a field only where
its owner shows it to the reader.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

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


def shows(field: str, *, members: bool) -> Exists:
    """Return the condition that a constituent shows a field to a reader."""
    choices = DirectoryChoice.objects.visible_to(members=members).filter(constituent=OuterRef("pk"), field=field)
    return Exists(choices)


def may_be_listed() -> QuerySet[Constituent]:
    """Return everyone the directory lists once they show their name: members of today, alive and of age."""
    children = HouseholdMembership.objects.filter(person=OuterRef("pk"), role=HouseholdRole.CHILD, until__isnull=True)
    of_age = Q(birth_year__isnull=True) | Q(birth_year__lt=clock.today().year - ADULT_AGE)
    return current_members().filter(of_age).exclude(Exists(children))


def listed(*, members: bool) -> QuerySet[Constituent]:
    """Return everyone the directory lists to a reader, in order of name."""
    return may_be_listed().filter(shows(DirectoryField.NAME, members=members)).order_by("sort_name", "pk")


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
    town_of = towns_of(page)
    return [entry_of(person, shown.get(person.pk, set()), town_of.get(person.pk, "")) for person in page]


def towns_of(page: list[Constituent]) -> dict[int, str]:
    """Return the town of each: that of their own address, or else of their household's."""
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


def entry_of(person: Constituent, fields: Collection[str], town: str) -> Entry:
    """Return the person as a reader sees them to whom these fields are shown."""

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
