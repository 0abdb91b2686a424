"""Custom fields in files: found by key or label, and made on the way for columns that nothing else holds."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from constituents.folding import fold
from constituents.models import Constituent, CustomField, CustomValue, ValueType
from constituents.models.custom_field import LONGEST_TEXT, plain_text
from constituents.services.custom_fields import SENSITIVE, read_value
from constituents.services.field_setup import add_field, key_for, remove_field, unknown_label
from core.imports.cleaning import Style, clean_boolean, clean_date, clean_number, clean_text
from core.imports.drafts import Change
from core.imports.errors import CellError
from core.imports.formats import Field, Proposal
from core.imports.models import ImportRun
from core.sets import insert_values

PREFIX = "custom."
"""Begins the path of a custom field, in mappings and in plans."""

# Numbers a state or an insurer gives one person. They are private, wrong as often as names are, and match nobody.
_IDENTITY = re.compile(
    r"ssn|socsec|socialsec|nationalid|nationalinsurance|nino\b|passport|driver|driving|licenceno|licenseno|taxid|taxno"
    r"|taxnumber|medicare|identitycard|identityno|identitynumber|personalnumber|personnummer|aadhaar|bsn\b|cpf\b|nhsno"
    r"|nhsnumber|^nhs$|steuer|sozialversicherung|ahvnr"
)
_SENSITIVE = re.compile(
    r"religio|faith|ethnic|race$|^race|health|disab|medical|diagnos|sexual|orientation|politic|tradeunion"
)
_DEMOGRAPHIC = re.compile(
    r"gender|^sex$|^age$|marital|nationality|citizenship|income|education|birthplace|placeofbirth"
)
_NUMBERS_THAT_ARE_NAMES = re.compile(r"(?:id|ids|no|nr|num|number|code|year|zip|phone|tel|fax|ref|key|cluster|class)$")


def is_identity(squashed: str) -> bool:
    """Whether a header, without spaces, speaks of a number that a state or an insurer gives one person."""
    return bool(_IDENTITY.search(squashed))


class CustomFieldKeeper:
    """Keeps what no field of a people file holds."""

    def fields(self, run: ImportRun) -> Sequence[Field]:
        """Every custom field, those switched off as well: their values come in out of sight."""
        return [_as_import_field(each) for each in CustomField.objects.all()]

    def propose(self, header: str, kind: str, taken: Container[str]) -> Proposal:
        """A field called like the column; numbers that identify somebody are sensitive from the first day."""
        label = _label(header)
        squashed = fold(header).replace(" ", "")
        identifies = is_identity(squashed)
        is_private = identifies or bool(_SENSITIVE.search(squashed))
        if identifies or (kind == "number" and _NUMBERS_THAT_ARE_NAMES.search(squashed)):
            kind = "text"
        key, number = key_for(label), 2
        while f"{PREFIX}{key}" in taken:
            key, number = f"{key_for(label)[:56]}_{number}", number + 1
        why = ""
        if is_private or _DEMOGRAPHIC.search(squashed):
            why = _("It came with a file. Say here why you need it, or delete the field.")
        return {
            "path": f"{PREFIX}{key}",
            "key": key,
            "label": label,
            "kind": kind,
            "facts": {"is_sensitive": is_private, "identifies": identifies, "why_held": why},
        }

    def field(self, proposal: Proposal) -> Field:
        """The field a proposal will be."""
        value_type = _TYPES[proposal["kind"]]
        planned = CustomField(key=proposal["key"], label=proposal["label"], value_type=value_type)
        return _as_import_field(planned)

    def as_written(self, header: str) -> Proposal:
        """A text beside the field that a column's odd cells belong to."""
        label = _("%(column)s (as written)") % {"column": _label(header)[:100]}
        key = f"{key_for(_label(header))[:49]}_as_written"
        return {"path": f"{PREFIX}{key}", "key": key, "label": label, "kind": "text", "facts": {}}

    @transaction.atomic
    def make(self, run: ImportRun, proposals: Sequence[Proposal]) -> None:
        """Make the fields that are not there."""
        wanted = {proposal["key"]: proposal for proposal in proposals}
        there = set(CustomField.objects.filter(key__in=wanted).values_list("key", flat=True))
        for key, proposal in wanted.items():
            if key not in there:
                add_field(
                    by=run.created_by,
                    label=unknown_label(proposal["label"]),
                    key=key,
                    value_type=_TYPES[proposal["kind"]],
                    source=run.file_name,
                    **proposal["facts"],
                )

    @transaction.atomic
    def clear(self, run: ImportRun) -> None:
        """Take away the fields made for this file that nothing stands in."""
        made = CustomField.objects.filter(source=run.file_name[:120], values__isnull=True)
        for field in made:
            remove_field(field, by=run.created_by)


_TYPES = {"text": ValueType.TEXT, "number": ValueType.NUMBER, "date": ValueType.DATE, "boolean": ValueType.YES_NO}
_KINDS = {value_type: kind for kind, value_type in _TYPES.items()} | {ValueType.CHOICE: "text"}


def _label(header: str) -> str:
    return capfirst(" ".join(header.replace("_", " ").split()))[:120] or _("Column")


def _as_import_field(field: CustomField) -> Field:
    def clean(text: str, style: Style) -> Any:
        match field.value_type:
            case ValueType.NUMBER:
                return plain_text(clean_number(text, style))
            case ValueType.DATE:
                return clean_date(text, style).isoformat()
            case ValueType.YES_NO:
                return clean_boolean(text)
            case ValueType.CHOICE:
                return _choice(field, text)
        return clean_text(text, most=LONGEST_TEXT)

    return Field(
        f"{PREFIX}{field.key}",
        field.label,
        kind=_KINDS[ValueType(field.value_type)],
        headers=(field.label, field.key),
        clean=clean,
    )


def _choice(field: CustomField, text: str) -> str:
    wanted = fold(text)
    for choice in field.choices:
        if fold(choice) == wanted:
            return str(choice)
    raise CellError(
        _("“%(text)s” is not one of: %(choices)s.")
        % {"text": text[:40], "choices": ", ".join(map(str, field.choices))[:200]}
    )


def custom_in(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of custom fields among the values of a row."""
    return {path: value for path, value in values.items() if path.startswith(PREFIX)}


def states_of(pks: Sequence[int]) -> Iterable[tuple[int, str, Any]]:
    """Yield record, path and value, as a plan has it, of everything in custom fields."""
    rows = CustomValue.objects.filter(constituent__in=pks).values_list(
        "constituent_id", "field__key", "text", "number", "date", "yes_no"
    )
    for pk, key, text, number, date, yes_no in rows:
        value = text or (yes_no if yes_no is not None else plain_text(number if number is not None else date))
        yield pk, f"{PREFIX}{key}", value


def write_values(values: Mapping[int, Mapping[str, Any]], *, fresh: bool) -> None:
    """Write values, by record and path, a set at a time; `fresh` records hold none yet."""
    keys = {path.removeprefix(PREFIX) for each in values.values() for path in each}
    if not keys:
        return
    fields = {f"{PREFIX}{field.key}": field for field in CustomField.objects.filter(key__in=keys)}
    rows = [
        {"constituent_id": pk, "field_id": field.pk, field.column: read_value(field, plain)}
        for pk, each in values.items()
        for path, plain in each.items()
        if (field := fields.get(path)) is not None
    ]
    if fresh:
        insert_values(CustomValue, rows)
        return
    CustomValue.objects.bulk_create(
        [CustomValue(**row) for row in rows],
        update_conflicts=True,
        unique_fields=["constituent", "field"],
        update_fields=["text", "number", "date", "yes_no"],
    )


_CHUNK = 1_000


def with_custom_values(
    rows: Iterable[Constituent], fields: Sequence[CustomField]
) -> Iterator[tuple[Constituent, list[Any]]]:
    """Yield each record with what it holds in the fields as a file has it, a set at a time."""
    rows = iter(rows)
    while chunk := list(islice(rows, _CHUNK)):
        held: dict[tuple[int, int], Any] = {}
        if fields:
            values = CustomValue.objects.filter(constituent__in=[row.pk for row in chunk], field__in=fields)
            held = {(value.constituent_id, value.field_id): value.in_file for value in values}
        for row in chunk:
            yield row, [held.get((row.pk, field.pk), "") for field in fields]


class Telling:
    """Tells the audit of changes: custom fields under their labels, and of sensitive ones only that they changed."""

    def __init__(self, changes: Iterable[Sequence[Change]]) -> None:
        keys = {path.removeprefix(PREFIX) for each in changes for path, _old, _new in each if path.startswith(PREFIX)}
        self.fields = {f"{PREFIX}{f.key}": f for f in CustomField.objects.filter(key__in=keys)} if keys else {}

    def __call__(self, changes: Sequence[Change], side: int) -> dict[str, Any]:
        """Return the old (1) or the new (2) side of changes, without what is empty."""
        told: dict[str, Any] = {}
        for change in changes:
            path, value = change[0], change[side]
            field = self.fields.get(path)
            if value not in (None, ""):
                told[field.label if field else path] = SENSITIVE if field and field.is_sensitive else value
        return told


def take_back(pk: int, changes: Sequence[Change]) -> list[str]:
    """Give custom fields of a record their old values back, unless touched since; return the paths that were."""
    now: dict[str, Any] = defaultdict(str) | {path: value for _pk, path, value in states_of([pk])}
    left, old_values = [], {}
    for path, old, new in changes:
        if now[path] != new:
            left.append(path)
        elif old in ("", None):
            CustomValue.objects.filter(constituent=pk, field__key=path.removeprefix(PREFIX)).delete()
        else:
            old_values[path] = old
    write_values({pk: old_values}, fresh=False)
    return left
