"""Who we are, cached for the length of one request or job in one thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asgiref.local import Local

if TYPE_CHECKING:
    from core.organisation.models import Organisation

_cache = Local()


def current_organisation() -> Organisation:
    """Return the organisation, made with its defaults on first use."""
    from django.apps import apps  # the model is not loadable while this package is first imported by it

    organisation: Organisation | None = getattr(_cache, "organisation", None)
    if organisation is None:
        model = apps.get_model("core", "Organisation")
        organisation = model.objects.order_by("pk").first() or model.objects.create()
        _cache.organisation = organisation
    return organisation


def forget_organisation(**_kwargs: Any) -> None:
    """Drop the cached row: at the start of a request or job, and when the row changed."""
    _cache.organisation = None
