"""What a follow-up is about besides a person: a gift, a membership. The rooms above say how to show theirs.

register_pointer(Gift, lambda keys: {gift.pk: Pointer(str(gift.money), url) for gift in Gift.objects.in_bulk(keys)})
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from constituents.models import FollowUp


@dataclass(frozen=True, slots=True)
class Pointer:
    """What it is about, in a few words, and where to look at it."""

    text: str
    url: str


Describe = Callable[[Collection[int]], Mapping[int, Pointer]]
_pointers: dict[type[Model], Describe] = {}


def register_pointer(model: type[Model], describe: Describe) -> None:
    """Say how records of a model are shown beside a follow-up, many in one query."""
    _pointers[model] = describe


def pointers_of(follow_ups: Iterable[FollowUp]) -> dict[int, Pointer]:
    """Return what each follow-up is about, by the follow-up's key; one query for each kind of record."""
    wanted: dict[int, list[FollowUp]] = defaultdict(list)
    for follow_up in follow_ups:
        if follow_up.about_type_id:
            wanted[follow_up.about_type_id].append(follow_up)
    found: dict[int, Pointer] = {}
    for kind, rows in wanted.items():
        describe = _pointers.get(ContentType.objects.get_for_id(kind).model_class() or Model)
        if describe is not None:
            shown = describe({row.about_id for row in rows if row.about_id})
            found |= {row.pk: shown[row.about_id] for row in rows if row.about_id is not None and row.about_id in shown}
    return found
