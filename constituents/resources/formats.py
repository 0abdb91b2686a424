"""A plain list of people and organisations, one a row, from any system."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from constituents.resources.building import (
    HOME,
    MOBILE,
    OTHER,
    WORK,
    address_values,
    organisation_draft,
    person_draft,
)
from constituents.resources.reaching import postal_hint
from core.imports.drafts import Draft
from core.imports.formats import Field, Setup, Values


def party_fields(prefix: str, org: str, address: str) -> Iterator[Field]:
    """Return the fields of a person or an organisation in a plain file, in the order the mapping shows them."""
    yield Field(
        f"{prefix}.external_id",
        _("Id"),
        headers=(
            "id",
            "external id",
            "contact id",
            "constituent id",
            "donor id",
            "account id",
            "person id",
            "member id",
            "supporter id",
            "record id",
            "external identifier",
            "account number",
            "lgl constituent id",
            "customer id",
        ),
    )
    yield from _name_fields(prefix)
    yield from _life_fields(prefix)
    yield from _organisation_fields(org)
    yield from _reach_fields(prefix)
    yield from _address_fields(address)


def _name_fields(prefix: str) -> Iterator[Field]:
    yield Field(f"{prefix}.title", _("Title"), headers=("title", "prefix", "salutation", "individual prefix"), most=60)
    yield Field(
        f"{prefix}.given_name",
        _("Given name"),
        headers=("first name", "given name", "firstname", "forename", "first", "vorname", "prénom"),
    )
    yield Field(f"{prefix}.middle_name", _("Middle name"), headers=("middle name", "middle"))
    yield Field(
        f"{prefix}.family_name",
        _("Family name"),
        headers=("last name", "family name", "lastname", "surname", "last", "nachname", "nom", "nom de famille"),
    )
    yield Field(f"{prefix}.suffix", _("Suffix"), headers=("suffix", "individual suffix", "name suffix"), most=60)
    yield Field(
        f"{prefix}.preferred_name", _("Preferred name"), headers=("preferred name", "nickname", "nick name", "known as")
    )
    yield Field(f"{prefix}.name", _("Name in full"), headers=("name", "full name", "display name", "donor name"))


def _life_fields(prefix: str) -> Iterator[Field]:
    yield Field(
        f"{prefix}.birthdate",
        _("Birthday"),
        kind="date",
        headers=("birth date", "birthdate", "date of birth", "birthday", "dob", "geburtsdatum"),
    )
    yield Field(f"{prefix}.occupation", _("Occupation"), headers=("occupation", "job title", "profession", "position"))
    yield Field(f"{prefix}.language", _("Language"), headers=("language", "preferred language"), most=8)
    yield Field(
        f"{prefix}.is_deceased", _("Deceased"), kind="boolean", headers=("deceased", "deceased?", "is deceased")
    )
    yield Field(
        f"{prefix}.do_not_contact", _("Do not contact"), kind="boolean", headers=("do not contact", "no contact")
    )


def _organisation_fields(org: str) -> Iterator[Field]:
    yield Field(
        f"{org}.organisation_name",
        _("Organisation"),
        headers=(
            "organisation",
            "organization",
            "organisation name",
            "organization name",
            "company",
            "company name",
            "org name",
            "firma",
        ),
    )
    yield Field(f"{org}.registration_number", _("Registration number"), headers=("registration number",), most=64)


def _reach_fields(prefix: str) -> Iterator[Field]:
    yield Field(
        f"{prefix}.email",
        _("E-mail"),
        kind="email",
        headers=("email", "e-mail", "email address", "e-mail address", "mail", "primary email", "preferred email"),
    )
    yield Field(
        f"{prefix}.email_2", _("Second e-mail"), kind="email", headers=("email 2", "alternate email", "work email")
    )
    yield Field(
        f"{prefix}.phone",
        _("Telephone"),
        kind="phone",
        headers=("phone", "telephone", "phone number", "home phone", "tel", "telefon", "pref. phone", "téléphone"),
    )
    yield Field(
        f"{prefix}.phone_mobile", _("Mobile"), kind="phone", headers=("mobile", "mobile phone", "cell", "cell phone")
    )
    yield Field(f"{prefix}.phone_work", _("Telephone at work"), kind="phone", headers=("work phone", "business phone"))
    yield Field(f"{prefix}.website", _("Website"), kind="url", headers=("website", "web", "url", "homepage"))


def _address_fields(address: str) -> Iterator[Field]:
    yield Field(
        f"{address}.street",
        _("Street"),
        headers=("street", "address", "street address", "address 1", "address line 1", "street 1", "strasse", "straße"),
    )
    yield Field(
        f"{address}.extra",
        _("Second line of the address"),
        headers=("address 2", "address2", "address line 2", "street 2", "supplemental address 1"),
    )
    yield Field(f"{address}.city", _("Town"), headers=("city", "town", "ort", "stadt", "ville", "town/city"), most=120)
    yield Field(
        f"{address}.region",
        _("State or region"),
        headers=("state", "region", "province", "county", "state/province", "state or region"),
        most=120,
    )
    yield Field(
        f"{address}.postal_code",
        _("Postal code"),
        headers=(
            "zip",
            "zip code",
            "postal code",
            "postcode",
            "post code",
            "zip/postal code",
            "postal code/zip",
            "plz",
        ),
        most=20,
    )
    yield Field(f"{address}.country", _("Country"), kind="country", headers=("country", "land", "pays"))


def party_draft(
    values: Values, setup: Setup, *, prefix: str, org: str, address: str, needs_name: bool = True
) -> Draft | None:
    """Return the person in the row, or the organisation where no person is named."""
    emails = [(f"{prefix}.email", HOME), (f"{prefix}.email_2", OTHER)]
    phones = [(f"{prefix}.phone", HOME), (f"{prefix}.phone_mobile", MOBILE), (f"{prefix}.phone_work", WORK)]
    where = address_values(values, address, setup)
    named = values.get(f"{prefix}.given_name") or values.get(f"{prefix}.family_name") or values.get(f"{prefix}.name")
    if not named and values.get(f"{org}.organisation_name"):
        moved = {f"{org}.{path.split('.', 1)[1]}": value for path, value in values.cleaned.items() if "." in path}
        values = values.replacing(cleaned={**moved, **values.cleaned})
        draft = organisation_draft(values, org, setup, emails=emails, phones=phones, address=where)
    else:
        values = _with_split_name(values, prefix)
        draft = person_draft(
            values,
            prefix,
            setup,
            emails=emails,
            phones=phones,
            address=where,
            postal=postal_hint(where),
            needs_name=needs_name,
        )
    if draft:
        draft.ref = "party"
    return draft


def _with_split_name(values: Values, prefix: str) -> Values:
    """Take a name in one cell apart: `Lee, Ann` by its comma, else the last word is the family name."""
    whole = values.get(f"{prefix}.name")
    if not whole or values.get(f"{prefix}.given_name") or values.get(f"{prefix}.family_name"):
        return values
    if "," in whole:
        family, _comma, given = (part.strip() for part in whole.partition(","))
    else:
        given, _space, family = whole.rpartition(" ")
    parts = {f"{prefix}.given_name": given.strip(), f"{prefix}.family_name": family.strip()}
    return values.replacing(cleaned={**values.cleaned, **parts})
