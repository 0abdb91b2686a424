"""How somebody in a file is reached: what is known already, what is written, and what is taken away again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from constituents.folding import digits, fold
from constituents.models import Address, Constituent, EmailAddress, ExternalId, HouseholdMembership, Phone
from constituents.models.contact import e164
from core.imports.drafts import Context
from core.sets import insert_values

ADDRESS_PARTS = ("street", "extra", "city", "region", "postal_code", "country")


class ContactPoints:
    """Contact points to be written for many constituents; the first of a kind is the one used first."""

    def __init__(self, context: Context, address_kind: str) -> None:
        self.context = context
        self.address_kind = address_kind
        self.emails: list[dict[str, Any]] = []
        self.phones: list[dict[str, Any]] = []
        self.addresses: list[dict[str, Any]] = []
        self.ids: list[dict[str, Any]] = []
        self.has_primary: dict[type, set[int]] = {EmailAddress: set(), Phone: set(), Address: set()}

    def look_at(self, pks: Iterable[int]) -> None:
        """Find out who has contact points used first already."""
        for model, owners in self.has_primary.items():
            rows = model.objects.filter(constituent__in=list(pks), is_primary=True)  # type: ignore[attr-defined]
            owners.update(rows.values_list("constituent_id", flat=True))

    def _first(self, model: type, pk: int) -> bool:
        if pk in self.has_primary[model]:
            return False
        self.has_primary[model].add(pk)
        return True

    def add(self, pk: int, added: dict[str, Any]) -> None:
        """Take down what is to be added for one constituent."""
        source = self.context.source
        seen: set[str] = set()
        for address, kind in added.get("emails", ()):
            if address.lower() not in seen:
                seen.add(address.lower())
                primary = self._first(EmailAddress, pk)
                self.emails.append(_owned(pk, source, address=address, kind=kind, is_primary=primary))
        for number, kind in added.get("phones", ()):
            if number not in seen:
                seen.add(number)
                international = e164(number, self.context.country)
                primary = self._first(Phone, pk)
                self.phones.append(_owned(pk, source, number=number, e164=international, kind=kind, is_primary=primary))
        for parts in added.get("addresses", ()):
            primary = self._first(Address, pk)
            self.addresses.append(_owned(pk, source, **parts, kind=self.address_kind, is_primary=primary))
        for system, value in added.get("external_ids", ()):
            self.ids.append({"constituent_id": pk, "system": system, "value": value})

    def save(self) -> None:
        """Write them all."""
        insert_values(EmailAddress, self.emails)
        insert_values(Phone, self.phones)
        insert_values(Address, self.addresses)
        insert_values(ExternalId, self.ids)


def _owned(pk: int, source: str, **values: Any) -> dict[str, Any]:
    return {"constituent_id": pk, "source": source, **values}


def postal_hint(address: dict[str, str]) -> str:
    """Return where an address is, in few letters, or nothing when it does not say enough."""
    street = fold(address.get("street", ""))
    place = fold(address.get("postal_code", "")) or fold(address.get("city", ""))
    return f"{street}|{place}" if street and place else ""


def _knows_email(known: list[list[str]], new: list[str], context: Context) -> bool:
    return any(address.lower() == new[0].lower() for address, _kind in known)


def _knows_phone(known: list[list[str]], new: list[str], context: Context) -> bool:
    if not known:
        return False
    number = digits(new[0]).lstrip("0")
    if any(digits(each).lstrip("0") == number for each, _kind in known):
        return True
    international = e164(new[0], context.country)
    return bool(international) and any(e164(each, context.country) == international for each, _kind in known)


def _knows_address(known: list[dict[str, str]], new: dict[str, str], context: Context) -> bool:
    return any(contains(old, new) for old in known)


#: For each way to reach somebody: whether what is new says nothing that is not known.
KNOWS: tuple[tuple[str, Callable[[list[Any], Any, Context], bool]], ...] = (
    ("emails", _knows_email),
    ("phones", _knows_phone),
    ("addresses", _knows_address),
)


def contains(old: dict[str, str], new: dict[str, str]) -> bool:
    """Whether an address says everything another says."""
    return all(
        fold(str(old.get(part, ""))).replace(" ", "") == fold(str(value)).replace(" ", "")
        for part, value in new.items()
        if value
    )


def address_parts(row: Sequence[Any]) -> dict[str, str]:
    """Return the filled parts of an address from a row of its columns."""
    return {part: str(value) for part, value in zip(ADDRESS_PARTS, row, strict=True) if value}


def addresses_of(pks: list[int]) -> Iterable[tuple[int, dict[str, str]]]:
    """Return each constituent's own addresses, then those of the household they live in."""
    for pk, *row in Address.objects.filter(constituent__in=pks).values_list("constituent_id", *ADDRESS_PARTS):
        yield pk, address_parts(row)
    homes = HouseholdMembership.objects.filter(person__in=pks, until__isnull=True, household__addresses__isnull=False)
    for pk, *row in homes.values_list("person_id", *(f"household__addresses__{part}" for part in ADDRESS_PARTS)):
        yield pk, address_parts(row)


def take_away(person: Constituent, field: str, new: Any) -> bool:
    """Take away what an import added to how somebody is reached; say whether it was still there."""
    rows: QuerySet[Any]
    match field:
        case "emails":
            rows = person.emails.filter(address=new[0])
        case "phones":
            rows = person.phones.filter(number=new[0])
        case "external_ids":
            rows = person.external_ids.filter(system=new[0], value=new[1])
        case _:
            rows = person.addresses.filter(**new)
    return bool(rows.delete()[0])
