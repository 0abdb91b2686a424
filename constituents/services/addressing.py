"""Change addresses: correct a slip, move from a day on, note that mail comes back. Old and new are written down.

A correction changes the row: it was never right. A move ends the old address the day before and adds the new one,
dated, so that a letter of last year still knows where it went, and one announced for next month waits for its day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.errors import AddressError
from constituents.models import Address, Constituent, Household, HouseholdChange, HouseholdChangeKind
from constituents.services.journal import Journal
from constituents.services.people import ADDRESS_PARTS, add_address
from constituents.services.search_text import refresh_search_text
from core import audit, clock
from core.theme.figures import day_in_words

Owner = Constituent | Household
_DAY = dt.timedelta(days=1)


@transaction.atomic
def put_address(owner: Owner, *, by: User | None, parts: Mapping[str, Any], use_first: bool = False) -> Address:
    """Give a constituent or a household one more address."""
    _lock(owner)
    address = add_address(**_as(owner), **parts)
    if use_first and not address.is_primary:
        _make_first(address)
    _write_down("address.added", owner, by=by, new={"address": str(address)})
    return address


@transaction.atomic
def correct_address(address: Address, *, by: User | None, reason: str = "", **changes: Any) -> Address:
    """Put right what was written wrong. A corrected street or town may be written to again."""
    address = _locked(address)
    old = audit.snapshot(address)
    for name, value in changes.items():
        setattr(address, name, value)
    if any(name in ADDRESS_PARTS and old[name] != value for name, value in changes.items()):
        address.is_undeliverable, address.undeliverable_since = False, None
    address.full_clean()
    address.save()
    before, after = audit.changes(old, audit.snapshot(address))
    if after:
        _write_down("address.corrected", address.owner, by=by, old=before, new=after, reason=reason)
    return address


@transaction.atomic
def mail_came_back(address: Address, *, by: User | None, since: dt.date | None = None, reason: str = "") -> Address:
    """Note that mail to the address comes back: it is not used until that is put right."""
    return _flag(address, "address.returned", by=by, reason=reason, since=since or clock.today(), is_undeliverable=True)


@transaction.atomic
def stop_using(address: Address, *, by: User | None, reason: str = "") -> Address:
    """Never write to the address, though it is right."""
    return _flag(address, "address.stopped", by=by, reason=reason, do_not_use=True)


@transaction.atomic
def use_again(address: Address, *, by: User | None) -> Address:
    """Take back that mail comes back or that the address is not to be used."""
    return _flag(address, "address.used_again", by=by, do_not_use=False, is_undeliverable=False)


@transaction.atomic
def use_first(address: Address, *, by: User | None) -> Address:
    """Use the address before the owner's others. Raises AddressError for one that has ended."""
    address = _locked(address)
    if address.valid_until is not None:
        raise AddressError(_("An address with a last day cannot be the one used first."))
    _make_first(address)
    _write_down("address.used_first", address.owner, by=by, new={"address": str(address)})
    return address


@transaction.atomic
def remove_address(address: Address, *, by: User | None, reason: str = "") -> None:
    """Delete an address that should never have been entered; the next one takes its place as first."""
    address = _locked(address)
    owner, text = address.owner, str(address)
    address.delete()
    following = owner.addresses.filter(valid_until__isnull=True).order_by("pk").first()
    if following is not None and not owner.addresses.first_ones().exists():
        _make_first(following)
    _write_down("address.removed", owner, by=by, old={"address": text}, reason=reason)


@transaction.atomic
def move_household(
    household: Household,
    *,
    by: User | None,
    on: dt.date,
    address: Mapping[str, Any],
    movers: Sequence[Constituent] | None = None,
) -> HouseholdChange:
    """Move the household to a new address from a day on, past or to come.

    When only some of its people move (`movers`), the household's address stays: each of them gets the new one as an
    address of their own. Raises AddressError.
    """
    _lock(household)
    living = {person.pk for person in household.members if not person.is_deceased}
    journal = Journal()
    some = movers is not None and not living <= {person.pk for person in movers}
    for owner in movers or [] if some else [household]:
        _move(owner, journal, on=on, parts={**address, "overrides_household": some})
    change = HouseholdChange.objects.create(
        household=household, kind=HouseholdChangeKind.MOVE, on=on, journal=journal.entries, recorded_by=by
    )
    for owner in movers or [] if some else [household]:
        _write_down("address.moved", owner, by=by, new={"address": _as_text(address), "from": on})
    return change


@transaction.atomic
def move_constituent(
    constituent: Constituent, *, by: User | None, on: dt.date, address: Mapping[str, Any]
) -> HouseholdChange:
    """Move a person or an organisation, and nobody else, to a new address from a day on. Raises AddressError."""
    _lock(constituent)
    journal = Journal()
    _move(
        constituent,
        journal,
        on=on,
        parts={**address, "overrides_household": constituent.is_person and constituent.household is not None},
    )
    change = HouseholdChange.objects.create(
        person=constituent, kind=HouseholdChangeKind.MOVE, on=on, journal=journal.entries, recorded_by=by
    )
    _write_down("address.moved", constituent, by=by, new={"address": _as_text(address), "from": on})
    return change


def _move(owner: Owner, journal: Journal, *, on: dt.date, parts: Mapping[str, Any]) -> Address:
    old = owner.addresses.first_ones().first()
    if old is not None:
        if old.valid_from and old.valid_from >= on:
            raise AddressError(
                _("They are to move on %(day)s already. Correct that address instead.")
                % {"day": day_in_words(old.valid_from, "medium")},
                field="on",
            )
        journal.change(old, valid_until=on - _DAY)
    kind = {"kind": old.kind} if old is not None else {}
    new = Address(**{**_as(owner), **kind, **parts}, valid_from=on, is_primary=True)
    journal.add(new)
    return new


def _as_text(parts: Mapping[str, Any]) -> str:
    return str(Address(**{name: value for name, value in parts.items() if name in ADDRESS_PARTS}))


def _as(owner: Owner) -> dict[str, Any]:
    return {"constituent": owner} if isinstance(owner, Constituent) else {"household": owner}


def _lock(owner: Owner) -> None:
    type(owner)._default_manager.select_for_update().get(pk=owner.pk)


def _locked(address: Address) -> Address:
    return Address.objects.select_for_update(of=("self",)).select_related("constituent", "household").get(pk=address.pk)


def _make_first(address: Address) -> None:
    address.owner.addresses.first_ones().exclude(pk=address.pk).update(is_primary=False)
    address.is_primary = True
    address.full_clean()
    address.save(update_fields=["is_primary"])


def _flag(
    address: Address, verb: str, *, by: User | None, reason: str = "", since: dt.date | None = None, **flags: bool
) -> Address:
    address = _locked(address)
    for name, value in flags.items():
        setattr(address, name, value)
    if "is_undeliverable" in flags:
        address.undeliverable_since = since
    address.full_clean()
    address.save()
    _write_down(verb, address.owner, by=by, new={"address": str(address)}, reason=reason)
    return address


def _write_down(
    verb: str, owner: Owner, *, by: User | None, old: Any = None, new: Any = None, reason: str = ""
) -> None:
    people = [owner] if isinstance(owner, Constituent) else owner.members
    concerned: list[Constituent | None] = [*people] or [None]
    refresh_search_text([person.pk for person in people])
    audit.record_many(
        audit.Draft(verb=verb, obj=owner, by=by, old=old, new=new, reason=reason, about=person) for person in concerned
    )
