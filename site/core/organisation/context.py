"""The organisation for every template."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core.organisation.current import current_organisation


def organisation(request: HttpRequest) -> dict[str, Any]:
    """Offer `organisation` to templates; the row is read only if a template asks."""
    return {"organisation": SimpleLazyObject(current_organisation)}
