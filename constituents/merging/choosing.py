"""What a person picks before a merge: each question with both answers in words, and the one picked beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, FileField
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from constituents.merging.fields import Group, groups
from constituents.merging.household_words import ADDRESS, WORDS, households_of, word_name
from constituents.merging.households import HOUSEHOLD
from constituents.merging.own import custom_name
from constituents.merging.plan import KEPT
from constituents.models import Address, Constituent, CustomValue, EmailAddress, Phone

# How the record came to us says nothing of the person: the kept record's own stays.
_NOT_ASKED = {"source"}


@dataclass(frozen=True, slots=True)
class Question:
    """Whose value stays: its name, both values in words, and which is picked beforehand."""

    name: str
    label: str
    kept: str
    merged: str
    suggestion: str = KEPT


@dataclass(frozen=True, slots=True)
class Said:
    """Something both records say alike, or only one of them: nothing to pick."""

    label: str
    value: str


def questions(kept: Constituent, merged: Constituent, user: Any) -> list[Question]:
    """Return everything in which the two differ, and a person may decide."""
    return [*_fields(kept, merged), *_contact(kept, merged), *_household(kept, merged), *_custom(kept, merged, user)]


def _fields(kept: Constituent, merged: Constituent) -> Iterator[Question]:
    for group in groups():
        if (
            group.name not in _NOT_ASKED
            and _both_say(group, kept, merged)
            and group.values(kept) != group.values(merged)
        ):
            yield Question(
                group.name,
                capfirst(str(group.label)),
                in_words(group, kept),
                in_words(group, merged),
                group.suggestion(kept, merged),
            )
    if kept.user_id and merged.user_id:
        yield Question("user", _("Sign-in to the portal"), str(kept.user), str(merged.user))


def _both_say(group: Group, kept: Constituent, merged: Constituent) -> bool:
    # A box that is ticked on one record and not on the other is a question too.
    if isinstance(group.fields[0], BooleanField):
        return True
    return not group.is_empty(kept) and not group.is_empty(merged)


def _contact(kept: Constituent, merged: Constituent) -> Iterator[Question]:
    labels = {"email": _("E-mail used first"), "phone": _("Telephone used first"), "address": _("Address used first")}
    points: dict[str, type[EmailAddress | Phone | Address]] = {
        "email": EmailAddress,
        "phone": Phone,
        "address": Address,
    }
    for name, model in points.items():
        # An address that has ended may have been the first of its time.
        first = {"is_primary": True} | ({"valid_until": None} if name == "address" else {})
        found = {row.constituent_id: row for row in model.objects.filter(constituent__in=[kept, merged], **first)}
        mine, theirs = found.get(kept.pk), found.get(merged.pk)
        if mine and theirs and str(mine).casefold() != str(theirs).casefold():
            yield Question(name, labels[name], str(mine), str(theirs))


def _household(kept: Constituent, merged: Constituent) -> Iterator[Question]:
    mine, theirs = households_of(kept, merged)
    if mine is None or theirs is None or mine.pk == theirs.pk:
        return
    yield Question(HOUSEHOLD, _("Lives in"), str(mine), str(theirs))
    for part, label in WORDS.items():
        values = getattr(mine, part), getattr(theirs, part)
        if all(values) and values[0] != values[1]:
            yield Question(word_name(part), capfirst(str(label)), *values)
    addresses = [one.addresses.first_ones().first() for one in (mine, theirs)]
    if all(addresses) and str(addresses[0]) != str(addresses[1]):
        yield Question(ADDRESS, _("Address of the household"), *(str(address) for address in addresses))


def _custom(kept: Constituent, merged: Constituent, user: Any) -> Iterator[Question]:
    sees_all = user.has_perm("constituents.view_sensitive_constituent")
    both = (
        CustomValue.objects.filter(constituent__in=[kept, merged]).select_related("field").order_by("field__position")
    )
    mine = {value.field_id: value for value in both if value.constituent_id == kept.pk}
    for theirs in both:
        own = mine.get(theirs.field_id) if theirs.constituent_id == merged.pk else None
        hidden = theirs.field.is_sensitive and not sees_all
        if own is not None and not hidden and own.value != theirs.value:
            yield Question(custom_name(theirs.field.key), theirs.field.label, own.in_words, theirs.in_words)


def alike(kept: Constituent, merged: Constituent) -> list[Said]:
    """Return what both records say alike."""
    return [
        Said(capfirst(str(group.label)), in_words(group, kept))
        for group in groups()
        if not group.is_empty(kept) and group.values(kept) == group.values(merged)
    ]


def taken_over(kept: Constituent, merged: Constituent) -> list[Said]:
    """Return what only the merged record says, and the one kept takes over."""
    return [
        Said(capfirst(str(group.label)), in_words(group, merged))
        for group in groups()
        if group.is_empty(kept) and not group.is_empty(merged) and not isinstance(group.fields[0], BooleanField)
    ]


def in_words(group: Group, constituent: Constituent) -> str:
    """Return what a record says in a group, as a person reads it."""
    if group.name == "birth":
        return constituent.born
    if group.name == "death":
        return _death(constituent)
    return _one(group.fields[0], constituent)


def _one(field: Any, constituent: Constituent) -> str:
    value = getattr(constituent, field.attname)
    if isinstance(field, BooleanField):
        return _("Yes") if value else _("No")
    if isinstance(field, FileField):
        return _("A photo") if value else ""
    if field.choices:
        shown: str | Promise = getattr(constituent, f"get_{field.name}_display")()
        return str(shown)
    return str(value) if value is not None else ""


def _death(constituent: Constituent) -> str:
    if not constituent.is_deceased:
        return _("Living")
    if constituent.deceased_on is None:
        return _("Deceased")
    return _("Died on %(day)s") % {"day": constituent.died}
