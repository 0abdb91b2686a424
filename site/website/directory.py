"""Reading the directory: who reads it, and how it is searched.

A field is searched and filtered only where its owner shows it to the reader, so that a hidden field cannot be found out
by searching for it. Who is listed, and with which fields, is decided in `memberships.directory_entries`.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from constituents.folding import fold
from constituents.models import Address, Constituent, DirectoryField
from memberships.directory import current_members
from memberships.directory_entries import Entry, entries, listed, shows

__all__ = ["Entry", "entries", "listed", "reads_as_member", "search", "towns"]


def reads_as_member(request: HttpRequest) -> bool:
    """Return whether the reader is signed in and a member today."""
    user = request.user
    return user.is_authenticated and current_members().filter(user=user).exists()


def search(query: str, *, members: bool, town: str = "") -> QuerySet[Constituent]:
    """Return those listed who match every word in fields they show the reader, in the town if one is named."""
    people = listed(members=members)
    for word in fold(query).split():
        in_name = Q(sort_name__contains=word)
        in_occupation = Q(occupation__icontains=word) & Q(shows(DirectoryField.OCCUPATION, members=members))
        in_about = Q(biography__icontains=word) & Q(shows(DirectoryField.BIOGRAPHY, members=members))
        in_town = Q(Exists(_addresses_in(word, exactly=False))) & Q(shows(DirectoryField.TOWN, members=members))
        people = people.filter(in_name | in_occupation | in_about | in_town)
    if town:
        people = people.filter(Exists(_addresses_in(town, exactly=True)), shows(DirectoryField.TOWN, members=members))
    return people


def _addresses_in(town: str, *, exactly: bool) -> QuerySet[Address]:
    lookup = {"city__iexact": town} if exactly else {"city__icontains": town}
    own = Q(constituent=OuterRef("pk"))
    shared = Q(household__memberships__person=OuterRef("pk"), household__memberships__until__isnull=True)
    return Address.objects.filter(own | shared, **lookup)


def towns(*, members: bool) -> list[str]:
    """Return the towns of those who show theirs to the reader, in order."""
    people = listed(members=members).filter(shows(DirectoryField.TOWN, members=members)).values("pk")
    own = Address.objects.filter(constituent__in=people)
    shared = Address.objects.filter(household__memberships__person__in=people, household__memberships__until=None)
    found = {*own.values_list("city", flat=True).distinct(), *shared.values_list("city", flat=True).distinct()}
    return sorted(town for town in found if town)
