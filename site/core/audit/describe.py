"""Entries for people to read: field names, words for choices, names for keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.audit.models import AuditEntry
from core.money import AmountField, format_amount
from core.theme.figures import day_in_words, instant_in_words

NOTHING = "\N{EM DASH}"


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a history: what, from, to. A creation has no `old`, a deletion no `new`."""

    label: str
    old: str
    new: str


def describe(entries: Iterable[AuditEntry]) -> dict[int, list[Change]]:
    """Return the changes of each entry by its key. One query for each kind of record that foreign keys point to."""
    entries = list(entries)
    names = _names_of_keys(entries)
    return {entry.pk: _changes(entry, names) for entry in entries}


def _field(entry: AuditEntry, name: str) -> models.Field | None:
    model = entry.content_type.model_class()
    try:
        field = model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, models.Field) else None


def _keys(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _is_key(field: models.Field, value: Any) -> bool:
    """Whether a value written down for a relation is a key: a verb may write the name, which outlives its record."""
    try:
        field.related_model._meta.pk.to_python(value)  # type: ignore[union-attr]
    except ValidationError:
        return False
    return True


def _names_of_keys(entries: list[AuditEntry]) -> dict[type[models.Model], dict[str, str]]:
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for entry in entries:
        for values in (entry.old, entry.new):
            for name, value in values.items():
                field = _field(entry, name)
                if field is not None and field.is_relation and field.related_model:
                    wanted[field.related_model].update(key for key in _keys(value) if _is_key(field, key))
    return {
        model: {str(key): str(obj) for key, obj in model._base_manager.in_bulk(keys).items()}
        for model, keys in wanted.items()
        if keys
    }


def _changes(entry: AuditEntry, names: dict[type[models.Model], dict[str, str]]) -> list[Change]:
    def show(name: str, values: dict[str, Any]) -> str:
        return _show(_field(entry, name), values[name], names) if name in values else ""

    return [
        Change(label=_label(entry, name), old=show(name, entry.old), new=show(name, entry.new))
        for name in {**entry.old, **entry.new}
    ]


def _label(entry: AuditEntry, name: str) -> str:
    field = _field(entry, name)
    verbose = getattr(field, "verbose_name", None)
    return capfirst(str(verbose)) if verbose else capfirst(name.replace("_", " "))


def _show(field: models.Field | None, value: Any, names: dict[type[models.Model], dict[str, str]]) -> str:
    if value is None or value in ("", []):
        return NOTHING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if field is not None and field.is_relation and field.related_model:
        known = names.get(field.related_model, {})
        return ", ".join(known.get(str(key), f"#{key}") if _is_key(field, key) else str(key) for key in _keys(value))
    if field is not None and field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DateField | models.DecimalField):
        return _show_typed(field, value)
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)


def _show_typed(field: models.Field, value: Any) -> str:
    try:
        typed = field.to_python(value)
    except ValidationError:
        return str(value)
    if isinstance(field, models.DateTimeField):
        return instant_in_words(typed)
    if isinstance(field, models.DateField):
        return day_in_words(typed, "medium")
    return format_amount(typed) if isinstance(field, AmountField) else formats.localize(Decimal(typed))
