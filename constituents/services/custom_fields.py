"""Custom fields and their values: define, read what was typed, keep, with what they were and are in the audit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.folding import fold
from constituents.models import Constituent, CustomField, CustomValue, ValueType
from constituents.models.custom_field import LONGEST_TEXT, Value, value_in_words
from constituents.services.search_text import refresh_search_text
from core import audit

SENSITIVE = "•••"
"""What the audit says instead of a sensitive value: that it was there, not what it was."""

_YES = frozenset({"yes", "y", "true", "t", "1", "on", "x", "ja", "oui", "si", "sí"})
_NO = frozenset({"no", "n", "false", "f", "0", "off", "nein", "non"})
_MOST = Decimal(10) ** 14


def read_value(field: CustomField, given: Any) -> Value | None:
    """Return what was given as the field's type has it; None for nothing. Raises ValidationError saying what is wrong.

    Dates are read as ISO writes them: in files and forms they come here as dates.
    """
    if given is None or (isinstance(given, str) and not given.strip()):
        return None
    text = str(given).strip()
    match field.value_type:
        case ValueType.NUMBER:
            return _number(given, text)
        case ValueType.DATE:
            return _date(given, text)
        case ValueType.YES_NO:
            return _yes_no(given, text)
        case ValueType.CHOICE:
            return _choice(field, text)
    if len(text) > LONGEST_TEXT:
        raise ValidationError(_("This is longer than Steward keeps (%(most)s characters).") % {"most": LONGEST_TEXT})
    return text


def _number(given: Any, text: str) -> Decimal:
    try:
        number = given if isinstance(given, Decimal) else Decimal(text.replace(" ", ""))
    except InvalidOperation:
        raise ValidationError(_("“%(text)s” is not a number.") % {"text": text[:40]}) from None
    if not number.is_finite() or abs(number) >= _MOST:
        raise ValidationError(_("“%(text)s” is more than Steward can hold.") % {"text": text[:40]})
    if number != round(number, 6):
        raise ValidationError(_("At most six places after the point."))
    return number.normalize() + 0


def _date(given: Any, text: str) -> dt.date:
    if isinstance(given, dt.date):
        return given
    try:
        date = parse_date(text)
    except ValueError:
        date = None
    if date is None:
        raise ValidationError(_("“%(text)s” is not a date; write it as 2026-03-31.") % {"text": text[:40]})
    return date


def _yes_no(given: Any, text: str) -> bool:
    if isinstance(given, bool):
        return given
    word = text.lower().rstrip(".")
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValidationError(_("“%(text)s” is neither yes nor no.") % {"text": text[:40]})


def _choice(field: CustomField, text: str) -> str:
    wanted = fold(text)
    for choice in field.choices:
        if choice == text or fold(choice) == wanted:
            return str(choice)
    raise ValidationError(
        _("“%(text)s” is not one of: %(choices)s.")
        % {"text": text[:40], "choices": ", ".join(map(str, field.choices))[:200]}
    )


@transaction.atomic
def set_values(constituent: Constituent, values: Mapping[str, Any], *, by: User | None) -> list[str]:
    """Set custom fields of a record by key, typed or as text; empty takes a value away. Returns the keys that changed.

    Raises ValidationError by key, as a form shows it: unknown fields, fields of another kind of record, wrong values,
    and sensitive fields `by` may not see. Nothing is written then.
    """
    fields = {field.key: field for field in CustomField.objects.active().filter(key__in=values)}
    new = _read_all(constituent, values, fields, by)
    Constituent.objects.select_for_update().get(pk=constituent.pk)
    rows = {row.field_id: row for row in CustomValue.objects.filter(constituent=constituent, field__in=fields.values())}
    changed: dict[str, tuple[Value | None, Value | None]] = {}
    for key, value in new.items():
        field = fields[key]
        row = rows.get(field.pk)
        old = row.value if row else None
        if old == value:
            continue
        changed[key] = (old, value)
        if value is None and row is not None:
            row.delete()
        else:
            row = row or CustomValue(constituent=constituent, field=field)
            setattr(row, field.column, value)
            row.full_clean()
            row.save()
    if changed:
        audit.record(
            "constituent.changed",
            constituent,
            by=by,
            old=_under_labels(fields, {key: old for key, (old, _new) in changed.items()}),
            new=_under_labels(fields, {key: new for key, (_old, new) in changed.items()}),
            about=constituent,
        )
        if any(fields[key].in_search for key in changed):
            refresh_search_text([constituent.pk])
    return list(changed)


def _read_all(
    constituent: Constituent, values: Mapping[str, Any], fields: Mapping[str, CustomField], by: User | None
) -> dict[str, Value | None]:
    open_to = set(CustomField.objects.open_to(by).filter(key__in=values).values_list("key", flat=True))
    new: dict[str, Value | None] = {}
    wrong: dict[str, Any] = {}
    for key, given in values.items():
        field = fields.get(key)
        if field is None or key not in open_to:
            wrong[key] = _("There is no custom field “%(key)s”.") % {"key": key}
        elif not field.fits(constituent):
            wrong[key] = _("“%(field)s” is not a field of records like this one.") % {"field": field.label}
        else:
            try:
                new[key] = read_value(field, given)
            except ValidationError as error:
                wrong[key] = error
    if wrong:
        raise ValidationError(wrong)
    return new


@transaction.atomic
def show_sensitive(constituent: Constituent, *, by: User | None) -> list[CustomValue]:
    """Return the sensitive values of a record, and write down who looked."""
    values = list(constituent.custom_values.shown().filter(field__is_sensitive=True))
    note_a_look(constituent, by=by)
    return values


def note_a_look(constituent: Constituent, *, by: User | None) -> None:
    """Write down that somebody saw the sensitive values of a record."""
    audit.record("constituent.sensitive_seen", constituent, by=by, about=constituent)


def _under_labels(fields: Mapping[str, CustomField], values: Mapping[str, Value | None]) -> dict[str, Any]:
    """Return values as the audit keeps them; of a sensitive field it keeps that it changed, not what it says."""
    return {
        fields[key].label: (SENSITIVE if fields[key].is_sensitive else value_in_words(value))
        for key, value in values.items()
        if value is not None
    }


def searched_values(ids: list[int]) -> dict[int, Iterable[str]]:
    """What records are found by, of the fields that say so."""
    found: dict[int, list[str]] = {}
    rows = CustomValue.objects.filter(
        constituent__in=ids, field__in_search=True, field__is_active=True, field__is_sensitive=False
    ).select_related("field")
    for row in rows:
        found.setdefault(row.constituent_id, []).append(row.in_words if row.number is None else f"{row.number:f}")
    return dict(found)
