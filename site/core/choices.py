"""What a field of a form offers, where only the request knows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, cast

from django import forms
from django.db.models import QuerySet


def offer(form: forms.BaseForm, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Let one choose among these, as (value, label)."""
    cast("forms.ChoiceField", form.fields[name]).choices = list(choices)


def offer_records(
    form: forms.BaseForm, name: str, records: QuerySet[Any], *, label: Callable[[Any], str] | None = None
) -> None:
    """Let one choose among these records, each called what `label` says."""
    field = cast("forms.ModelChoiceField[Any]", form.fields[name])
    field.queryset = records
    if label is not None:
        field.label_from_instance = label  # type: ignore[method-assign, assignment]
