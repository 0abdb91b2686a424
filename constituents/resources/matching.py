"""Which constituent on record a file speaks of: by external id, by e-mail address with the name, by a derived id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models.functions import Lower

from constituents.folding import fold
from constituents.models import Constituent, EmailAddress, ExternalId, Kind

DERIVED = "~"
"""Begins an id Steward made up for somebody whose file has none."""

Ids = Sequence[Sequence[str]]

TELLING = ("birth_year", "birth_month", "birth_day", "suffix")
"""What tells two people of one name apart."""


def person_name(values: dict[str, Any]) -> str:
    """Return the folded name two records of one person share."""
    return fold(f"{values.get('given_name', '')} {values.get('family_name', '')}")


def party_name(values: dict[str, Any]) -> str:
    """Return the folded name of a person or an organisation."""
    return fold(values["organisation_name"]) if values.get("organisation_name") else person_name(values)


def match(parties: Sequence[tuple[dict[str, Any], Ids]], kind: str) -> dict[int, int]:
    """Return, by position, the key of the constituent on record that each of the parties is.

    A party is its values, and the ids it may be known by besides those in its values. Those come last: two people of
    one name and address with different e-mail addresses share such an id. Two different ids of one system never match.
    A record merged into another leads to the one kept.
    """
    by_id = _by_external_id([[*values.get("external_ids", ()), *more] for values, more in parties], kind)
    own = [_first_known(values.get("external_ids", ()), by_id) for values, _more in parties]
    found = {at: pk for at, pk in enumerate(own) if pk}
    found |= _by_email([at for at, pk in enumerate(own) if not pk], parties, kind)
    for at, (_values, more) in enumerate(parties):
        if at not in found and (pk := _first_known(more, by_id)):
            found[at] = pk
    return _kept(found)


def _first_known(ids: Ids, by_id: dict[tuple[str, str], int]) -> int | None:
    return next((pk for system, value in ids if (pk := by_id.get((system, value)))), None)


def _by_external_id(ids: Iterable[Ids], kind: str) -> dict[tuple[str, str], int]:
    wanted = {(system, value) for each in ids for system, value in each}
    if not wanted:
        return {}
    rows = ExternalId.objects.filter(
        system__in={system for system, _value in wanted},
        value__in={value for _system, value in wanted},
        constituent__kind=kind,
    ).values_list("system", "value", "constituent_id")
    found = {(system, value): pk for system, value, pk in rows}
    ours = {known: (system, value) for system, value in wanted if (known := as_uuid(value))}
    for pk, uuid in Constituent.objects.filter(uuid__in=list(ours), kind=kind).values_list("pk", "uuid"):
        # Our own export names records by their UUID.
        found.setdefault(ours[uuid], pk)
    return found


def as_uuid(value: str) -> UUID | None:
    """Return the UUID a text is, or None."""
    if len(value) != 36:
        return None
    try:
        return UUID(value)
    except ValueError:
        return None


def _by_email(rest: Sequence[int], parties: Sequence[tuple[dict[str, Any], Ids]], kind: str) -> dict[int, int]:
    addresses = {address.lower() for at in rest for address, _kind in parties[at][0].get("emails", ())}
    if not addresses:
        return {}
    users: dict[tuple[str, str], list[int]] = defaultdict(list)
    rows = (
        EmailAddress.objects.annotate(lower=Lower("address"))
        .filter(lower__in=addresses, constituent__kind=kind)
        .order_by("constituent_id")
        .values_list(
            "lower",
            "constituent_id",
            "constituent__given_name",
            "constituent__family_name",
            "constituent__organisation_name",
            *(f"constituent__{part}" for part in TELLING),
        )
    )
    facts: dict[int, dict[str, Any]] = {}
    for address, pk, given, family, organisation, *told in rows:
        facts[pk] = dict(zip(TELLING, told, strict=True))
        name = fold(organisation) if kind == Kind.ORGANISATION else fold(f"{given} {family}")
        users[address, name].append(pk)
    if not users:
        return {}
    ids = _ids_of({pk for pks in users.values() for pk in pks})
    found = {}
    for at in rest:
        values = parties[at][0]
        name = party_name(values)
        own = {system: value for system, value in values.get("external_ids", ()) if not value.startswith(DERIVED)}
        for address, _kind in values.get("emails", ()):
            agreeing = [pk for pk in users.get((address.lower(), name), ()) if not contradict(own, ids.get(pk, {}))]
            if agreeing:
                # Father and son may share name and address: rather the one whom nothing tells apart.
                found[at] = next((pk for pk in agreeing if not told_apart(values, facts[pk])), agreeing[0])
                break
    return found


def contradict(one: dict[str, str], other: dict[str, str]) -> bool:
    """Whether two sets of ids name different records of one system."""
    return any(system in other and other[system] != value for system, value in one.items())


def told_apart(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether their birthdays or suffixes speak against two of one name being one person."""
    return any(one.get(part) and other.get(part) and one[part] != other[part] for part in TELLING)


def _ids_of(pks: set[int]) -> dict[int, dict[str, str]]:
    ids: dict[int, dict[str, str]] = defaultdict(dict)
    rows = ExternalId.objects.filter(constituent__in=pks).exclude(value__startswith=DERIVED)
    for pk, system, value in rows.values_list("constituent_id", "system", "value"):
        ids[pk][system] = value
    return ids


def _kept(found: dict[int, int]) -> dict[int, int]:
    """Follow signposts to the records they lead to."""
    while True:
        signposts = dict(
            Constituent.objects.filter(pk__in=set(found.values()), merged_into__isnull=False).values_list(
                "pk", "merged_into_id"
            )
        )
        if not signposts:
            return found
        found = {at: signposts.get(pk, pk) for at, pk in found.items()}


def namesakes(names: set[str], kind: str) -> dict[str, int]:
    """Return somebody on record for each of these sorting names that is taken."""
    rows = Constituent.objects.current().filter(kind=kind, sort_name__in=names).order_by("-pk")
    return dict(rows.values_list("sort_name", "pk"))
