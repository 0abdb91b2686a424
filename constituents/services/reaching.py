"""Change how someone is reached: the telephone number and the address used first, old and new written down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.models import User
from constituents.models import Address, Constituent
from constituents.models.contact import e164
from constituents.services.people import ADDRESS_PARTS, add_address, add_phone
from constituents.services.search_text import refresh_search_text
from core import audit
from core.organisation import current_organisation


@transaction.atomic
def change_phone(constituent: Constituent, *, number: str, by: User | None) -> None:
    """Make this the number used first in place of the one before; an empty one takes that away."""
    Constituent.objects.select_for_update().get(pk=constituent.pk)
    number, phone = number.strip(), constituent.phones.filter(is_primary=True).first()
    old = phone.number if phone else ""
    if number == old:
        return
    if phone is not None and (not number or constituent.phones.filter(number=number).exists()):
        phone.delete()
        phone = None
    if phone is not None:
        phone.number, phone.e164 = number, e164(number, str(current_organisation().country))
        phone.full_clean()
        phone.save()
    elif number:
        known = add_phone(constituent, number=number)
        if not known.is_primary:
            known.is_primary = True
            known.save(update_fields=["is_primary"])
    _written_down(constituent, what="phone", old=old, new=number, by=by)


@transaction.atomic
def change_address(constituent: Constituent, *, parts: Mapping[str, str], by: User | None) -> None:
    """Make this the constituent's own address in place of the one before; a household's stays as it is.

    Who lives in a household says so where their own mail goes: it is used instead of the household's.

    Without street, town and postal code there is nothing to write to: then the one before is taken away.
    """
    Constituent.objects.select_for_update().get(pk=constituent.pk)
    address = constituent.addresses.first_ones().first()
    old = str(address) if address else ""
    values: dict[str, Any] = {part: parts.get(part, "") for part in ADDRESS_PARTS}
    if not any(value for part, value in values.items() if part != "country"):
        if address is not None:
            address.delete()
            _written_down(constituent, what="address", old=old, new="", by=by)
        return
    values["overrides_household"] = constituent.household is not None
    if address is None:
        address = add_address(constituent=constituent, **values)
    elif all(getattr(address, part) == value for part, value in values.items()):
        return
    else:
        _overwrite(address, values)
    _written_down(constituent, what="address", old=old, new=str(address), by=by)


def _overwrite(address: Address, values: Mapping[str, Any]) -> None:
    for part, value in values.items():
        setattr(address, part, value)
    address.do_not_use = address.is_undeliverable = False
    address.undeliverable_since = None
    address.full_clean()
    address.save()


def _written_down(constituent: Constituent, *, what: str, old: str, new: str, by: User | None) -> None:
    refresh_search_text([constituent.pk])
    audit.record("constituent.changed", constituent, by=by, old={what: old}, new={what: new}, about=constituent)
