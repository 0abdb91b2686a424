"""Add and change people and organisations, each as one whole: names, contact points, ids, audit entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from accounts.models import User
from constituents.models import Address, Constituent, EmailAddress, ExternalId, Kind, Phone, Tag
from constituents.models.contact import ContactKind, e164
from constituents.services.custom_fields import set_values
from constituents.services.households import refresh_names
from constituents.services.search_text import refresh_search_text
from core import audit
from core.organisation import current_organisation
from core.saving import save_valid

# What a change of the record writes to the audit log, old and new.
AUDITED_FIELDS = [
    "kind",
    "title",
    "given_name",
    "middle_name",
    "family_name",
    "suffix",
    "preferred_name",
    "former_names",
    "pronouns",
    "birth_year",
    "birth_month",
    "birth_day",
    "occupation",
    "is_deceased",
    "deceased_on",
    "organisation_name",
    "legal_name",
    "registration_number",
    "language",
    "website",
    "biography",
    "do_not_contact",
]


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """How to reach someone new; empty parts are left out."""

    email: str = ""
    phone: str = ""
    phone_kind: str = ContactKind.HOME
    address: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def add_constituent(
    *,
    by: User | None,
    kind: str = Kind.PERSON,
    contact: ContactDetails | None = None,
    tags: Sequence[Tag] = (),
    external_ids: Mapping[str, str] | None = None,
    source: str = "",
    **names: Any,
) -> Constituent:
    """Add a person or an organisation with how to reach them.

    `names` are fields of Constituent. Raises ValidationError naming the field that is wrong.
    """
    constituent = Constituent(kind=kind, source=source, **names)
    save_valid(constituent, exclude=["display_name", "sort_name"])
    contact = contact or ContactDetails()
    if contact.email:
        save_valid(EmailAddress(constituent=constituent, address=contact.email.strip(), source=source, is_primary=True))
    if contact.phone:
        add_phone(constituent, number=contact.phone, kind=contact.phone_kind, source=source)
    if any(contact.address.values()):
        add_address(constituent=constituent, source=source, **contact.address)
    for tag in tags:
        constituent.tagged.create(tag=tag)
    for system, value in (external_ids or {}).items():
        ExternalId.objects.create(constituent=constituent, system=system, value=value)
    refresh_search_text([constituent.pk], are_new=True)
    audit.record("constituent.added", constituent, by=by, new={"name": constituent.full_name}, about=constituent)
    return constituent


@transaction.atomic
def change_constituent(constituent: Constituent, *, by: User | None, reason: str = "", **changes: Any) -> Constituent:
    """Change fields of the record itself; writes what they were and what they are now."""
    locked = Constituent.objects.select_for_update().get(pk=constituent.pk)
    old = {name: getattr(locked, name) for name in AUDITED_FIELDS}
    for name, value in changes.items():
        setattr(locked, name, value)
    locked.full_clean(exclude=["display_name", "sort_name"])
    locked.save()
    new = {name: getattr(locked, name) for name in AUDITED_FIELDS}
    different = [name for name in AUDITED_FIELDS if old[name] != new[name]]
    if different:
        refresh_search_text([locked.pk])
        _rename_households_of(locked)
        audit.record(
            "constituent.changed",
            locked,
            by=by,
            old={name: old[name] for name in different},
            new={name: new[name] for name in different},
            reason=reason,
            about=locked,
        )
    return locked


ADDRESS_PARTS = ("street", "extra", "city", "region", "postal_code", "country")


@transaction.atomic
def add_from_form(*, by: User | None, **cleaned: Any) -> Constituent:
    """Add what the staff form holds: names, one e-mail address, one number, one address, tags."""
    address = {part: cleaned.pop(part, "") for part in ADDRESS_PARTS}
    contact = ContactDetails(
        email=cleaned.pop("email", ""),
        phone=cleaned.pop("phone", ""),
        # A country alone is no address.
        address=address if any(value for part, value in address.items() if part != "country") else {},
    )
    cleaned.pop("is_someone_else", None)
    custom = split_custom(cleaned)
    constituent = add_constituent(by=by, contact=contact, source="staff", **cleaned)
    set_values(constituent, custom, by=by)
    return constituent


@transaction.atomic
def change_from_form(constituent: Constituent, *, by: User | None, **changed: Any) -> Constituent:
    """Change what the staff form changed, tags and custom fields included."""
    if custom := split_custom(changed):
        set_values(constituent, custom, by=by)
    tags = changed.pop("tags", None)
    if tags is not None:
        before = sorted(constituent.tags.values_list("name", flat=True))
        constituent.tags.set(tags)
        after = sorted(tag.name for tag in tags)
        audit.record(
            "constituent.changed", constituent, by=by, old={"tags": before}, new={"tags": after}, about=constituent
        )
    return change_constituent(constituent, by=by, **changed) if changed else constituent


CUSTOM = "custom_"
"""Begins the name a form gives a custom field."""


def split_custom(cleaned: dict[str, Any]) -> dict[str, Any]:
    """Take the custom fields out of a form's data; returns them by key."""
    return {name.removeprefix(CUSTOM): cleaned.pop(name) for name in list(cleaned) if name.startswith(CUSTOM)}


def _rename_households_of(person: Constituent) -> None:
    if household := person.household:
        refresh_names(household)


def add_email(
    constituent: Constituent, *, address: str, kind: str = ContactKind.HOME, source: str = ""
) -> EmailAddress:
    """Put an e-mail address on the record; the first one is used first. The same address twice is one."""
    existing = constituent.emails.filter(address__iexact=address.strip()).first()
    if existing:
        return existing
    email = EmailAddress(
        constituent=constituent,
        address=address.strip(),
        kind=kind,
        source=source,
        is_primary=not constituent.emails.filter(is_primary=True).exists(),
    )
    save_valid(email)
    return email


def add_phone(constituent: Constituent, *, number: str, kind: str = ContactKind.HOME, source: str = "") -> Phone:
    """Put a telephone number on the record, as typed; the first one is used first."""
    existing = constituent.phones.filter(number=number.strip()).first()
    if existing:
        return existing
    phone = Phone(
        constituent=constituent,
        number=number.strip(),
        e164=e164(number, str(current_organisation().country)),
        kind=kind,
        source=source,
        is_primary=not constituent.phones.filter(is_primary=True).exists(),
    )
    save_valid(phone)
    return phone


def add_address(*, constituent: Constituent | None = None, household: Any = None, **parts: Any) -> Address:
    """Give a constituent, or a household, a postal address; the first one is used first."""
    owner = {"constituent": constituent} if constituent else {"household": household}
    address = Address(**owner, **parts, is_primary=not Address.objects.filter(**owner).first_ones().exists())
    save_valid(address)
    return address
