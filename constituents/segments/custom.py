"""Custom fields as criteria: what staff define is found by as soon as it is there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from constituents.models import CustomField, CustomValue, ValueType
from constituents.segments.criteria import Criterion
from constituents.segments.families import (
    DateCriterion,
    FactCriterion,
    NumberCriterion,
    Numbers,
    OptionsCriterion,
    TextCriterion,
)
from constituents.segments.sets import Found, Keys
from constituents.segments.shapes import Number

FIELDS = _("Custom fields")
SENSITIVE = "constituents.view_sensitive_constituent"


def custom_criteria() -> Iterable[Criterion]:
    """Return a criterion for each custom field in use, of its type."""
    for field in CustomField.objects.active():
        yield _KINDS[ValueType(field.value_type)](field)


def _common(field: CustomField) -> dict[str, Any]:
    return {
        "key": f"custom.{field.key}",
        "label": field.label,
        "group": FIELDS,
        "permission": SENSITIVE if field.is_sensitive else "",
    }


@dataclass(frozen=True)
class _Values:
    field: CustomField

    def __call__(self) -> Any:
        return CustomValue.objects.filter(field=self.field)


def _text(field: CustomField) -> Criterion:
    return TextCriterion(**_common(field), rows=_Values(field), column="text", noun=field.label)


def _choice(field: CustomField) -> Criterion:
    return OptionsCriterion(
        **_common(field),
        rows=_Values(field),
        column="text",
        choices=lambda: [(choice, choice) for choice in field.choices],
        says=_says(_("have %(field)s: %%(value)s"), field),
        says_not=_says(_("do not have %(field)s: %%(value)s"), field),
    )


def _number(field: CustomField) -> Criterion:
    def numbers(where: Mapping[str, Any], today: dt.date) -> Numbers:
        return Numbers(_Values(field)(), "constituent", "number")

    return NumberCriterion(
        **_common(field),
        numbers=numbers,
        shape=Number(least=None),
        zero_counts=False,
        phrases={
            "at_least": _says(_("have %(field)s of %%(value)s or more"), field),
            "at_most": _says(_("have %(field)s of at most %%(value)s"), field),
            "is": _says(_("have %(field)s of %%(value)s"), field),
            "between": _says(_("have %(field)s between %%(value)s"), field),
        },
    )


def _date(field: CustomField) -> Criterion:
    return DateCriterion(
        **_common(field),
        rows=_Values(field),
        column="date",
        coming=True,
        did=_says(_("have %(field)s"), field),
        never=_says(_("have no %(field)s"), field),
    )


def _yes_no(field: CustomField) -> Criterion:
    def said_yes(where: Mapping[str, Any], today: dt.date) -> Found:
        return Keys(_Values(field)().filter(yes_no=True), "constituent")

    return FactCriterion(
        **_common(field),
        fact=said_yes,
        says=_says(_("have %(field)s: yes"), field),
        says_not=_says(_("do not have %(field)s: yes"), field),
    )


def _says(template: Any, field: CustomField) -> str:
    # A label is words, not a place for values.
    return str(template) % {"field": field.label.replace("%", "%%")}


_KINDS = {
    ValueType.TEXT: _text,
    ValueType.CHOICE: _choice,
    ValueType.NUMBER: _number,
    ValueType.DATE: _date,
    ValueType.YES_NO: _yes_no,
}
