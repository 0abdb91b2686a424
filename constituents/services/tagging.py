"""Put a tag on many, take it from many: only those change who did not have it, or had it; each is written down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from accounts.models import User
from constituents.models import Constituent, ConstituentTag, Tag
from core import audit


@transaction.atomic
def tag_many(people: Sequence[Constituent], *, tag: Tag, by: User | None) -> list[int]:
    """Tag people; return the keys of those who did not have the tag."""
    having = set(ConstituentTag.objects.filter(tag=tag, constituent__in=people).values_list("constituent", flat=True))
    new = [person for person in people if person.pk not in having]
    rows = [ConstituentTag(constituent=person, tag=tag) for person in new]
    ConstituentTag.objects.bulk_create(rows, ignore_conflicts=True)
    audit.record_many(_change(person, by, new={"tag": tag.name}) for person in new)
    return [person.pk for person in new]


@transaction.atomic
def untag_many(people: Sequence[Constituent], *, tag: Tag, by: User | None) -> list[int]:
    """Take a tag from people; return the keys of those who had it."""
    rows = ConstituentTag.objects.filter(tag=tag, constituent__in=people)
    having = set(rows.values_list("constituent", flat=True))
    rows.delete()
    audit.record_many(_change(person, by, old={"tag": tag.name}) for person in people if person.pk in having)
    return sorted(having)


def people_by_key(keys: Iterable[int]) -> list[Constituent]:
    """Return people by key."""
    return list(Constituent.objects.filter(pk__in=list(keys)))


def _change(person: Constituent, by: User | None, **values: Any) -> audit.Draft:
    return audit.Draft(verb="constituent.changed", obj=person, by=by, about=person, **values)
