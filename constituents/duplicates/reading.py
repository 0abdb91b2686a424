"""From the database to traits, in chunks, with a fixed number of queries each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from constituents.duplicates.traits import (
    Birth,
    Place,
    Traits,
    organisation_words,
    phone_digits,
    street_and_number,
    words,
)  # fmt: skip
from constituents.models import Address, Constituent, CustomValue, EmailAddress, Kind, Phone

CHUNK = 2_000
# A custom field longer than this is a remark, not something to compare.
_LONGEST = 80


def records(*, after: int = 0) -> Iterator[list[Traits]]:
    """Yield everyone on record who was not merged away, by primary key, a chunk at a time."""
    while True:
        rows = list(Constituent.objects.current().filter(pk__gt=after).order_by("pk")[:CHUNK].values(*_COLUMNS))
        if not rows:
            return
        after = rows[-1]["pk"]
        yield _with_details(rows)


def records_of(ids: list[int]) -> list[Traits]:
    """Return the traits of the named constituents."""
    return _with_details(list(Constituent.objects.filter(pk__in=ids).order_by("pk").values(*_COLUMNS)))


_COLUMNS = (
    "pk", "kind", "given_name", "middle_name", "family_name", "suffix", "preferred_name", "former_names",
    "birth_year", "birth_month", "birth_day", "organisation_name", "legal_name", "registration_number",
)  # fmt: skip
_ADDRESS = ("street", "extra", "city", "region", "postal_code")


def _with_details(rows: list[dict[str, Any]]) -> list[Traits]:
    ids = [row["pk"] for row in rows]
    emails: defaultdict[int, list[str]] = defaultdict(list)
    for owner, address in EmailAddress.objects.filter(constituent__in=ids).values_list("constituent_id", "address"):
        emails[owner].append(address.strip().lower())
    phones: defaultdict[int, list[str]] = defaultdict(list)
    for owner, number in Phone.objects.filter(constituent__in=ids).values_list("constituent_id", "number"):
        phones[owner].append(phone_digits(number))
    places = _places(ids)
    customs: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    values = CustomValue.objects.filter(constituent__in=ids, field__is_active=True)
    columns = ("constituent_id", "field__key", "text", "number", "date", "yes_no")
    for owner, key, text, number, date, yes_no in values.values_list(*columns):
        if text := _custom(text, number, date, yes_no):
            customs[owner].append((f"custom:{key}", text))
    return [_traits(row, emails[row["pk"]], phones[row["pk"]], places[row["pk"]], customs[row["pk"]]) for row in rows]


def _places(ids: list[int]) -> defaultdict[int, list[Place]]:
    places: defaultdict[int, list[Place]] = defaultdict(list)
    home = "household__memberships__person_id"
    for owner, of in (
        ("constituent_id", Address.objects.filter(constituent__in=ids)),
        (home, Address.objects.filter(**{f"{home}__in": ids, "household__memberships__until__isnull": True})),
    ):
        for pk, *parts in of.values_list(owner, *_ADDRESS):
            found = place(*parts)
            if any(found):
                places[pk].append(found)
    return places


def place(street: str, extra: str, city: str, region: str, postal_code: str) -> Place:
    """Return an address as the comparisons see it."""
    street, number = street_and_number(street)
    return Place(number, street, words(extra), words(city), words(region), words(postal_code).replace(" ", ""))


def _custom(text: str, number: Decimal | None, date: Any, yes_no: bool | None) -> str:
    if number is not None:
        return f"{number.normalize():f}"
    if date is not None:
        return date.strftime("%Y%m%d")
    if yes_no is not None:
        return "yes" if yes_no else "no"
    return words(text) if len(text) <= _LONGEST else ""


def _traits(
    row: dict[str, Any], emails: list[str], phones: list[str], places: list[Place], customs: list[tuple[str, str]]
) -> Traits:
    is_person = row["kind"] == Kind.PERSON

    def folded(*names: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(filter(None, map(words, names))))

    registration = words(row["registration_number"])
    return Traits(
        pk=row["pk"],
        is_person=is_person,
        given=folded(row["given_name"], row["preferred_name"]),
        middle=words(row["middle_name"]),
        family=folded(row["family_name"], *row["former_names"].split(",")),
        suffix=words(row["suffix"]),
        birth=Birth(row["birth_year"] or 0, row["birth_month"] or 0, row["birth_day"] or 0),
        organisation=()
        if is_person
        else tuple(dict.fromkeys(filter(None, map(organisation_words, (row["organisation_name"], row["legal_name"]))))),
        emails=tuple(dict.fromkeys(filter(None, emails))),
        phones=tuple(dict.fromkeys(filter(None, phones))),
        places=tuple(dict.fromkeys(places)),
        customs=tuple(sorted([*customs, *([("registration", registration)] if registration else [])])),
    )
