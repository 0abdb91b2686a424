"""People files of any shape: every row comes in as a record of its own, and nothing in it is lost.

Whatever no field holds goes to a custom field made on the way; a cell that cannot be understood is kept as it was
written beside what can be understood of it, with a warning. Two rows are one person only where they have the same id,
or the same e-mail address and name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from constituents.resources.building import joined
from constituents.resources.custom_fields import CustomFieldKeeper, custom_in, is_identity
from constituents.resources.formats import party_draft, party_fields
from constituents.resources.recognising import ALONE
from constituents.resources.shapes import ALSO
from core.imports.cleaning import possible_parts
from core.imports.drafts import Draft
from core.imports.formats import Field, Format, Setup, Values, squashed
from core.imports.readers import Column

_VITAL = frozenset({"external_id", "given_name", "family_name", "family_name_2", "name", "organisation_name"})
_BIRTH_PARTS = ("birth_year", "birth_month", "birth_day")
_NOT_IDS = ("cluster", "entity", "group", "household", "family", "class", "match", "true", "label", "address", "parent")


def _fields() -> Iterator[Field]:
    for each in party_fields("person", "organisation", "address"):
        name = each.path.split(".")[1]
        kind = {"birthdate": "birthday", "external_id": "id"}.get(name, each.kind)
        yield replace(each, kind=kind, also=ALSO.get(name, ()), vital=name in _VITAL)
    yield _more("person.family_name_2", _("Second family name"))
    yield _more("person.former_names", _("Former names"))
    yield _more("person.pronouns", _("Pronouns"), most=60)
    yield _more("person.birth_year", _("Birth year"), kind="birth_year")
    yield _more("person.birth_month", _("Birth month"), kind="birth_month")
    yield _more("person.birth_day", _("Birth day"), kind="birth_day")
    yield _more("address.street_number", _("House number"), most=60)
    yield _more("address.suburb", _("Suburb"), most=120)
    yield _more("address.street_3", _("Third line of the address"))
    yield _more("address.street_4", _("Fourth line of the address"))


def _more(path: str, label: Any, *, kind: str = "text", most: int = 255) -> Field:
    name = path.split(".")[1]
    return Field(path, label, kind=kind, most=most, also=ALSO[name], vital=name in _VITAL)


def _build(values: Values, setup: Setup) -> list[Draft]:
    cells = values.cleaned  # what is doubted on the way is kept here
    values = _with_whole_birthday(_with_whole_name(_with_whole_address(_as_organisation(values))))
    draft = party_draft(values, setup, prefix="person", org="organisation", address="address", needs_name=False)
    if draft is None:
        return []
    draft.values |= custom_in(cells)
    draft.hints[ALONE] = "1"
    return [draft]


# Words that only an organisation has in its name; Church and Bank are people's names, too.
_ORGANISATION = re.compile(
    r"\b(?:ltd|limited|inc|llc|llp|plc|corp|gmbh|e\.v\.|s\.a\.|foundation|university|association|society|company|council"
    r"|committee|institute|ministry|federation)\b\.?",
    re.IGNORECASE,
)


def _as_organisation(values: Values) -> Values:
    """Take a whole name that says so for an organisation's."""
    name = values.get("person.name")
    if not name or values.get("organisation.organisation_name") or not _ORGANISATION.search(name):
        return values
    cleaned = {path: value for path, value in values.cleaned.items() if path != "person.name"}
    return values.replacing(cleaned={**cleaned, "organisation.organisation_name": name})


def _with_whole_address(values: Values) -> Values:
    """Put a house number to its street, and further lines to the second; a suburb is the town where there is none."""
    get = values.get
    city, suburb = get("address.city") or get("address.suburb"), get("address.suburb")
    extra = [get("address.extra"), get("address.street_3"), get("address.street_4")]
    parts = {
        "address.street": joined(get("address.street_number"), get("address.street")),
        "address.extra": joined(*extra, suburb if suburb != city else "", between=", "),
        "address.city": city,
    }
    return values.replacing(cleaned={**values.cleaned, **{path: part for path, part in parts.items() if part}})


def _with_whole_name(values: Values) -> Values:
    second = values.get("person.family_name_2")
    if not second:
        return values
    whole = joined(values.get("person.family_name"), second)
    return values.replacing(cleaned={**values.cleaned, "person.family_name": whole})


def _with_whole_birthday(values: Values) -> Values:
    """Put year, month and day together that stand in columns of their own; what no calendar has is doubted."""
    given = [values.get(f"person.{part}", None) for part in _BIRTH_PARTS]
    if not any(given) or values.get("person.birthdate", None):
        return values
    possible = possible_parts(*given)
    for part, wanted, found in zip(_BIRTH_PARTS, given, possible, strict=True):
        if wanted and not found:
            values.doubt(f"person.{part}", _now("No calendar has this birthday; what can be of it is kept."))
    return values.replacing(cleaned={**values.cleaned, "person.birthdate": possible})


def _may_be_id(column: Column) -> bool:
    """A column called something with id at its end, unless that is known to name something else."""
    plain = squashed(column.name)
    return plain.endswith("id") and not any(word in plain for word in _NOT_IDS) and not is_identity(plain)


PEOPLE = Format(
    name="people",
    label=_("People and organisations"),
    fields=tuple(_fields()),
    build=_build,
    needs=(
        (
            "person.given_name",
            "person.family_name",
            "person.name",
            "organisation.organisation_name",
        ),
    ),
    keeper=CustomFieldKeeper(),
    odd_ids=_may_be_id,
)
