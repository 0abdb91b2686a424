"""Model fields that more than one room needs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models


class WebAddressField(models.URLField):
    """A web address; typed without a scheme it is https."""

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        """Say so to the form field, which in Django 5 would still take http."""
        return super().formfield(**{"assume_scheme": "https", **kwargs})

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        """Be a plain URLField to migrations: the column is the same."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs
