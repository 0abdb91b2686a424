"""What a field of a form offers, where only the request knows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.db.models import QuerySet


def offer(form: forms.Form, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Let one choose among these, as (value, label)."""
    cast("forms.ChoiceField", form.fields[name]).choices = list(choices)


def offer_records(form: forms.Form, name: str, records: QuerySet[Any]) -> None:
    """Let one choose among these records."""
    cast("forms.ModelChoiceField[Any]", form.fields[name]).queryset = records
