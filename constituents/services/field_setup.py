"""Define custom fields: add, change, switch off, delete; a type changes only when every value can follow."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from constituents.errors import FieldInUseError
from constituents.folding import fold
from constituents.models import CustomField, CustomValue
from constituents.services.custom_fields import read_value
from constituents.services.search_text import refresh_search_text
from core import audit
from core.sets import update_rows

_CHUNK = 1_000
_MOST_NAMED = 3


def key_for(label: str, taken: Iterable[str] = ()) -> str:
    """Return a free key made of a label: `T-shirt size` becomes `t_shirt_size`."""
    plain = re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_") or "field"
    plain = plain if plain[0].isalpha() else f"field_{plain}"
    taken, key, number = set(taken), plain[:60], 2
    while key in taken:
        ending = f"_{number}"
        key, number = plain[: 60 - len(ending)] + ending, number + 1
    return key


@transaction.atomic
def add_field(*, by: User | None, label: str, key: str = "", source: str = "", **facts: Any) -> CustomField:
    """Define a field. Raises ValidationError naming the part that is wrong."""
    if not key:
        key = key_for(label, CustomField.objects.values_list("key", flat=True))
    if "position" not in facts:
        last = CustomField.objects.aggregate(last=Max("position"))["last"]
        facts["position"] = 10 if last is None else min(last + 10, 30_000)
    field = CustomField(label=label.strip(), key=key, source=source[:120], **facts)
    field.full_clean()
    field.save()
    audit.record("custom_field.added", field, by=by, new=audit.snapshot(field))
    return field


@transaction.atomic
def change_field(field: CustomField, *, by: User | None, **changes: Any) -> CustomField:
    """Change a definition. Raises ValidationError when values on record cannot be read as the new type or choices."""
    locked = CustomField.objects.select_for_update().get(pk=field.pk)
    before = audit.snapshot(locked)
    old_column = locked.column
    searched = (locked.in_search, locked.is_active)
    for name, value in changes.items():
        setattr(locked, name, value)
    locked.full_clean()
    if {"value_type", "choices"} & changes.keys():
        _convert(locked, old_column)
    locked.save()
    old, new = audit.changes(before, audit.snapshot(locked))
    if old or new:
        audit.record("custom_field.changed", locked, by=by, old=old, new=new)
    if searched != (locked.in_search, locked.is_active) or (locked.in_search and "value_type" in changes):
        _refresh_search(locked)
    return locked


def _convert(field: CustomField, old_column: str) -> None:
    """Read every value as the field's type has it now. Raises ValidationError naming some that cannot be."""
    refused: list[str] = []
    wrong = 0
    rows = CustomValue.objects.filter(field=field).order_by("pk")
    last = 0
    while chunk := list(rows.filter(pk__gt=last)[:_CHUNK]):
        last = chunk[-1].pk
        for row in chunk:
            try:
                row.hold(read_value(field, row.as_text(old_column)), field.column)
            except ValidationError:
                wrong += 1
                text = row.as_text(old_column)[:40]
                if len(refused) < _MOST_NAMED and text not in refused:
                    refused.append(text)
        if not wrong:
            update_rows(chunk, ["text", "number", "date", "yes_no"])
    if wrong:
        raise ValidationError(
            {
                "value_type" if old_column != field.column else "choices": ngettext(
                    "%(count)s value on record does not fit: %(examples)s. Change it first.",
                    "%(count)s values on record do not fit, such as %(examples)s. Change them first.",
                    wrong,
                )
                % {"count": wrong, "examples": ", ".join(f"“{text}”" for text in refused)}
            }
        )


def _refresh_search(field: CustomField) -> None:
    refresh_search_text(field.values.values_list("constituent_id", flat=True))


@transaction.atomic
def remove_field(field: CustomField, *, by: User | None, with_values: bool = False) -> None:
    """Delete a field. Raises FieldInUseError when values would go with it and `with_values` does not say so."""
    locked = CustomField.objects.select_for_update().get(pk=field.pk)
    holders = list(locked.values.values_list("constituent_id", flat=True))
    if holders and not with_values:
        raise FieldInUseError(locked, len(holders))
    audit.record(
        "custom_field.removed", locked, by=by, old=audit.snapshot(locked) | {"values": len(holders)}, deleted=True
    )
    searched = locked.in_search
    locked.delete()
    if searched:
        refresh_search_text(holders)


@transaction.atomic
def switch_field(field: CustomField, *, by: User | None, on: bool) -> CustomField:
    """Take a field in or out of use; its values stay."""
    return change_field(field, by=by, is_active=on)


def unknown_label(label: str) -> str:
    """Return the label, with a number behind it where a field has it already."""
    taken = {each.lower() for each in CustomField.objects.values_list("label", flat=True)}
    plain, number, found = label[:110], 2, label[:120]
    while found.lower() in taken:
        found, number = _("%(label)s (%(number)s)") % {"label": plain, "number": number}, number + 1
    return found
