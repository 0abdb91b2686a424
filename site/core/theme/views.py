"""The theme's own addresses: the organisation's colours as a style sheet, and the style page for developers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control

from core.organisation import current_organisation
from core.theme.accent import accent_css


def theme_address() -> str:
    """Return the address of the organisation's colours; the colour is in it, so it can be kept for ever."""
    return reverse("theme_css", args=[current_organisation().accent_colour.removeprefix("#").lower()])


@cache_control(public=True, max_age=31_536_000, immutable=True)
def theme_css(request: HttpRequest, colour: str) -> HttpResponse:
    """Serve the accent worked out for one colour. The address holds the colour, so no query and no expiry is needed."""
    return HttpResponse(accent_css(f"#{colour}"), content_type="text/css; charset=utf-8")
