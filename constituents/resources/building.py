"""From a row's values to the drafts of people and organisations: shared by every format that has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from constituents.models import ContactKind
from constituents.resources.reaching import postal_hint
from core.imports.cleaning import clean_postal_code
from core.imports.drafts import Draft, hashed
from core.imports.errors import CellError
from core.imports.formats import Setup, Values

Kinds = Sequence[tuple[str, str]]
"""Fields with the kind of contact point they hold, the one to use first in front."""


def address_values(values: Values, prefix: str, setup: Setup) -> dict[str, str]:
    """Return the filled parts of the address whose fields begin with the prefix."""
    parts = {
        part: values.get(f"{prefix}.{part}")
        for part in ("street", "extra", "city", "region", "postal_code", "country")
        if values.get(f"{prefix}.{part}")
    }
    if "postal_code" in parts:
        try:
            parts["postal_code"] = clean_postal_code(parts["postal_code"], parts.get("country") or setup.country)
        except CellError as error:
            values.refuse(f"{prefix}.postal_code", str(error))
    # A country alone is no address.
    return parts if parts.keys() - {"country"} else {}


def person_draft(
    values: Values,
    prefix: str,
    setup: Setup,
    *,
    emails: Kinds,
    phones: Kinds,
    address: dict[str, str] | None = None,
    postal: str = "",
    needs_name: bool = True,
) -> Draft | None:
    """Return the person whose fields begin with the prefix; None when there is nobody, or nobody with a name."""
    facts = _facts(
        values,
        prefix,
        (
            "title",
            "given_name",
            "middle_name",
            "family_name",
            "suffix",
            "preferred_name",
            "former_names",
            "pronouns",
            "occupation",
            "language",
            "website",
            "is_deceased",
            "do_not_contact",
        ),
    )
    if born := values.get(f"{prefix}.birthdate", None):
        parts = {"birth_year": born.year, "birth_month": born.month, "birth_day": born.day}
        facts |= {name: part for name, part in parts.items() if part}
    facts |= _contact(values, prefix, emails, phones, setup)
    if not facts and (needs_name or not address):
        return None
    # An id alone is enough for somebody on record; whether they are is looked up later.
    if needs_name and not any(
        facts.get(name) for name in ("given_name", "family_name", "preferred_name", "external_ids")
    ):
        at = next((f for f in (f"{prefix}.family_name", f"{prefix}.given_name") if values.column(f)), "")
        values.refuse(at, _("There is no name here, but there are details of a person."))
        return None
    if address:
        facts["address"] = address
    return Draft(
        "person",
        prefix,
        facts,
        hints={"postal": postal or postal_hint(address or {}), "row": hashed(*values.cells)},
        column=values.column(f"{prefix}.family_name"),
    )


def organisation_draft(
    values: Values, prefix: str, setup: Setup, *, emails: Kinds = (), phones: Kinds = (), address: dict[str, str]
) -> Draft | None:
    """Return the organisation whose fields begin with the prefix; None when there is none, or none with a name."""
    facts = _facts(
        values,
        prefix,
        ("organisation_name", "legal_name", "registration_number", "website", "language", "do_not_contact"),
    )
    facts |= _contact(values, prefix, emails, phones, setup)
    if address:
        facts["address"] = address
    if not facts:
        return None
    if not facts.get("organisation_name") and not facts.get("external_ids"):
        values.refuse(
            f"{prefix}.organisation_name", _("There is no name here, but there are details of an organisation.")
        )
        return None
    return Draft(
        "organisation",
        prefix,
        facts,
        hints={"row": hashed(*values.cells)},
        column=values.column(f"{prefix}.organisation_name"),
    )


def _facts(values: Values, prefix: str, names: Sequence[str]) -> dict[str, Any]:
    found = {name: values.get(f"{prefix}.{name}") for name in names}
    return {name: value for name, value in found.items() if value not in ("", None)}


def _contact(values: Values, prefix: str, emails: Kinds, phones: Kinds, setup: Setup) -> dict[str, Any]:
    contact: dict[str, Any] = {}
    for name, fields in (("emails", emails), ("phones", phones)):
        seen: dict[str, list[str]] = {}
        for field, kind in fields:
            if value := values.get(field):
                seen.setdefault(value.lower(), [value, str(kind)])
        if seen:
            contact[name] = list(seen.values())
    if external_id := values.get(f"{prefix}.external_id"):
        contact["external_ids"] = [[setup.system, external_id]]
    return contact


def joined(*parts: str, between: str = " ") -> str:
    """Return the filled parts as one text."""
    return between.join(part for part in parts if part)


def preferred_first(fields: Kinds, preferred: str, words: dict[str, str]) -> Kinds:
    """Put the field that a word names (such as Work) in front of the others."""
    chosen = words.get(preferred.strip().lower())
    return sorted(fields, key=lambda each: each[0] != chosen)


HOME, WORK, MOBILE, OTHER = ContactKind.HOME, ContactKind.WORK, ContactKind.MOBILE, ContactKind.OTHER
