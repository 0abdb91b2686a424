"""The e-mail addresses and telephone numbers of a record: add, correct, use first, give up on, take away, put back.

A record with any of them always has one to use first. What is taken away can be put back from its audit entry.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.errors import ConstituentError
from constituents.models import Constituent, ContactKind, EmailAddress, Phone
from constituents.models.contact import e164, works_on
from constituents.services.people import add_email, add_phone
from constituents.services.search_text import refresh_search_text
from core import audit, clock
from core.audit.models import AuditEntry
from core.organisation import current_organisation

Point = TypeVar("Point", EmailAddress, Phone)

REMOVED = "contact_point.removed"
_KEPT = ("kind", "is_bad", "bad_since", "valid_from", "valid_until", "source")


@transaction.atomic
def put_email(
    constituent: Constituent,
    *,
    address: str,
    by: User | None,
    kind: str = ContactKind.HOME,
    use_first: bool = False,
    **details: Any,
) -> EmailAddress:
    """Add an e-mail address to a record; one that is there already is brought up to date."""
    _lock(constituent)
    email = add_email(constituent, address=address, kind=kind)
    return _put(email, kind=kind, use_first=use_first, details=details, by=by)


@transaction.atomic
def put_phone(
    constituent: Constituent,
    *,
    number: str,
    by: User | None,
    kind: str = ContactKind.HOME,
    use_first: bool = False,
    **details: Any,
) -> Phone:
    """Add a telephone number to a record; one that is there already is brought up to date."""
    _lock(constituent)
    phone = add_phone(constituent, number=number, kind=kind)
    return _put(phone, kind=kind, use_first=use_first, details=details, by=by)


@transaction.atomic
def change_point(point: Point, *, by: User | None, use_first: bool = False, **changes: Any) -> Point:
    """Correct an address or number, its kind, its dates or where we have it from."""
    _lock(point.constituent)
    locked = _again(point)
    before = _words(locked)
    for name, value in changes.items():
        setattr(locked, name, value)
    if isinstance(locked, Phone):
        locked.e164 = e164(locked.number, str(current_organisation().country))
    if not locked.is_bad:
        locked.bad_since = None
    locked.full_clean()
    locked.save()
    if use_first:
        _use_first(locked)
    _settle(locked)
    _write(locked, old=before, new=_words(locked), by=by)
    return locked


def make_primary(point: Point, *, by: User | None) -> Point:
    """Use this address or number first from now on."""
    return change_point(point, by=by, use_first=True)


def mark_not_working(point: Point, *, by: User | None, since: dt.date | None = None) -> Point:
    """Give up on an address that bounces or a number nobody answers at: it stays on record, another is used."""
    return change_point(point, by=by, is_bad=True, bad_since=since or clock.today())


def mark_working(point: Point, *, by: User | None) -> Point:
    """Use it again."""
    return change_point(point, by=by, is_bad=False, bad_since=None)


@transaction.atomic
def remove_point(point: EmailAddress | Phone, *, by: User | None) -> AuditEntry:
    """Take an address or number off the record; the entry returned is what `put_back` needs."""
    _lock(point.constituent)
    constituent = point.constituent
    entry = audit.record(REMOVED, point, by=by, old=audit.snapshot(point), new={}, about=constituent, deleted=True)
    siblings: Any = type(point)._default_manager.filter(constituent=constituent)
    point.delete()
    if remaining := siblings.first():
        _settle(remaining)
    refresh_search_text([constituent.pk])
    return entry


@transaction.atomic
def put_back(constituent: Constituent, *, entry: AuditEntry, by: User | None) -> EmailAddress | Phone:
    """Put back what was taken off the record. Raises ConstituentError when nothing is left to put back from."""
    kept = entry.old
    if entry.action != REMOVED or not kept:
        raise ConstituentError(_("What was taken away is not on file any more. Add it anew."))
    details: dict[str, Any] = {"source": kept.get("source") or "", "is_bad": bool(kept.get("is_bad"))}
    for name in ("bad_since", "valid_from", "valid_until"):
        text = kept.get(name)
        details[name] = dt.date.fromisoformat(text) if text else None
    details |= {"kind": kept.get("kind") or ContactKind.HOME, "use_first": bool(kept.get("is_primary"))}
    if "address" in kept:
        return put_email(constituent, address=kept["address"], by=by, **details)
    return put_phone(constituent, number=kept["number"], by=by, **details)


def _lock(constituent: Constituent) -> None:
    Constituent.objects.select_for_update().get(pk=constituent.pk)


def _again(point: Point) -> Point:
    return type(point)._default_manager.select_for_update().get(pk=point.pk)


def _put(point: Point, *, kind: str, use_first: bool, details: dict[str, Any], by: User | None) -> Point:
    for name, value in {"kind": kind, **details}.items():
        setattr(point, name, value)
    point.full_clean()
    point.save()
    if use_first:
        _use_first(point)
    _settle(point)
    _write(point, old={}, new=_words(point), by=by)
    return point


def _use_first(point: EmailAddress | Phone) -> None:
    siblings = type(point)._default_manager.filter(constituent=point.constituent_id)
    siblings.filter(is_primary=True).exclude(pk=point.pk).update(is_primary=False)
    siblings.filter(pk=point.pk).update(is_primary=True)
    point.is_primary = True


def _settle(point: EmailAddress | Phone) -> None:
    """See that one is used first, and that it is one that works where any does."""
    today = clock.today()
    siblings: list[Any] = list(type(point)._default_manager.filter(constituent=point.constituent_id).order_by("pk"))
    first = next((sibling for sibling in siblings if sibling.is_primary), None)
    if first is not None and works_on(first, today):
        return
    better = next((sibling for sibling in siblings if works_on(sibling, today)), None) or first or siblings[0]
    if better != first:
        _use_first(better)
    point.is_primary = better.pk == point.pk


def _words(point: EmailAddress | Phone) -> dict[str, Any]:
    """What the history says of it: itself, and what is not as usual."""
    kept = {name: getattr(point, name) for name in (*_KEPT, "is_primary")}
    return {what_it_is(point): str(point), **{name: value for name, value in kept.items() if value}}


def what_it_is(point: EmailAddress | Phone) -> str:
    """Return the name of the field that holds the address or the number."""
    return "address" if isinstance(point, EmailAddress) else "number"


def _write(point: EmailAddress | Phone, *, old: dict[str, Any], new: dict[str, Any], by: User | None) -> None:
    if old == new:
        return
    refresh_search_text([point.constituent_id])
    told = [what_it_is(point), *(name for name in {**old, **new} if old.get(name) != new.get(name))]
    audit.record(
        "contact_point.changed" if old else "contact_point.added",
        point,
        by=by,
        old={name: old.get(name) for name in dict.fromkeys(told)} if old else None,
        new={name: new.get(name) for name in dict.fromkeys(told)},
        about=point.constituent,
    )
