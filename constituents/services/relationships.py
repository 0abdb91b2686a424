"""Say how people and organisations stand to each other; end it; take back what was never so. Who acts for whom."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.errors import ConstituentError
from constituents.models import Constituent, Relationship, RelationshipType
from core import audit, clock

_TOLD = ("title", "is_primary", "may_manage", "since", "until", "note")


@transaction.atomic
def relate(
    constituent: Constituent,
    *,
    other: Constituent,
    type: RelationshipType,
    by: User | None,
    is_second: bool = False,
    **details: Any,
) -> Relationship:
    """Put on record that the constituent is the first side of the type to the other; `is_second`: the other side.

    Details are `title`, `is_primary`, `may_manage`, `since`, `until`, `note`.
    Raises ConstituentError when one is to act for the other in a tie that is the same from both sides.
    """
    first, second = (other, constituent) if is_second else (constituent, other)
    if type.is_symmetric and first.pk > second.pk:
        # One row however it is told: friends are friends from both sides.
        first, second = second, first
    _check_kinds(type, first, second)
    if details.get("may_manage") and type.is_symmetric:
        raise ConstituentError(
            _("Nobody acts for the other where both are alike: choose parent, guardian or treasurer.")
        )
    _lock(first, second)
    relationship = Relationship(type=type, first=first, second=second, **details)
    if relationship.is_primary:
        _no_other_is_primary(relationship)
    relationship.full_clean()
    relationship.save()
    _write("relationship.added", relationship, old={}, by=by)
    return relationship


@transaction.atomic
def change_relationship(relationship: Relationship, *, by: User | None, **changes: Any) -> Relationship:
    """Correct title, dates, note, whether it is the main one, whether one acts for the other."""
    _lock(relationship.first, relationship.second)
    locked = Relationship.objects.select_related("type", "first", "second").get(pk=relationship.pk)
    old = {name: getattr(locked, name) for name in _TOLD}
    for name, value in changes.items():
        setattr(locked, name, value)
    if locked.is_primary:
        _no_other_is_primary(locked)
    locked.full_clean()
    locked.save()
    _write("relationship.changed", locked, old=old, by=by)
    return locked


def end_relationship(relationship: Relationship, *, by: User | None, on: dt.date | None = None) -> Relationship:
    """End it on a day (today, unless told); it stays in the history. Nobody acts for anybody through it any more."""
    return change_relationship(relationship, by=by, until=on or clock.today(), is_primary=False, may_manage=False)


@transaction.atomic
def remove_relationship(relationship: Relationship, *, by: User | None, reason: str = "") -> None:
    """Take back what was never so; the audit keeps what it said."""
    _write("relationship.removed", relationship, old=_told(relationship), by=by, reason=reason)
    relationship.delete()


def managed_by(user: User) -> list[Constituent]:
    """Return those for whom the signed-in user acts on the portal today: themselves not among them."""
    today = clock.today()
    rows = (
        Relationship.objects.on(today)
        .filter(may_manage=True, first__user=user, first__merged_into__isnull=True, second__merged_into__isnull=True)
        .select_related("second")
        .order_by("second__sort_name", "second__pk")
    )
    return list({row.second_id: row.second for row in rows}.values())


def _check_kinds(type: RelationshipType, first: Constituent, second: Constituent) -> None:
    for side, allowed, word in (
        (first, type.first_kind, type.first_is),
        (second, type.second_kind, type.second_is),
    ):
        if allowed and side.kind != allowed:
            raise ConstituentError(
                _("“%(name)s” cannot be “%(word)s”: that is for another kind of record.") % {"name": side, "word": word}
            )


def _lock(*sides: Constituent) -> None:
    # In the order of their keys, so that two who relate the same people wait for each other instead of blocking.
    list(Constituent.objects.select_for_update().filter(pk__in=[side.pk for side in sides]).order_by("pk"))


def _no_other_is_primary(relationship: Relationship) -> None:
    if not relationship.type.is_affiliation:
        raise ConstituentError(_("Only a place at an organisation can be the main affiliation."))
    others = Relationship.objects.filter(first=relationship.first_id, is_primary=True).exclude(pk=relationship.pk)
    others.update(is_primary=False)


def _told(relationship: Relationship) -> dict[str, Any]:
    return {
        relationship.type.first_is: str(relationship.first),
        relationship.type.second_is: str(relationship.second),
        **{name: getattr(relationship, name) for name in _TOLD},
    }


def _write(verb: str, relationship: Relationship, *, old: dict[str, Any], by: User | None, reason: str = "") -> None:
    """Write one entry a side, so that each one's history shows it."""
    new = {} if verb.endswith("removed") else _told(relationship)
    if verb.endswith("changed"):
        new = {name: new[name] for name in old if old[name] != new[name]}
        old = {name: old[name] for name in new}
        if not new:
            return
    new = {name: value for name, value in new.items() if value not in (None, "", False) or name in old}
    for side in (relationship.first, relationship.second):
        audit.record(verb, relationship, by=by, old=old, new=new, about=side, reason=reason)
