"""Who asks, and which record a screen's address asks for: `?volunteer=12`, from a link on that person's page."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

M = TypeVar("M", bound=Model)


def acting(request: HttpRequest) -> Any:
    """Return who asks: somebody signed in, or the workspace would not have let them in."""
    return request.user


def record_asked_for(request: HttpRequest, parameter: str, records: QuerySet[M]) -> M | None:
    """Return the record whose key the address names; None when it names none of these, or nothing at all."""
    asked = request.GET.get(parameter, "")
    return records.filter(pk=asked).first() if asked.isdecimal() else None
