"""Show times on the organisation's clocks on every page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from core.clock import zone

# Addresses that write no times and answer without asking the database.
NEEDS_NO_ZONE = ("/health/", "/static/", "/theme/")


class LocalTimeMiddleware:
    """Make the organisation's zone the one templates and forms write instants in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request in local time; what must not need the database is left alone."""
        if request.path.startswith(NEEDS_NO_ZONE):
            return self.get_response(request)
        with timezone.override(zone()):
            return self.get_response(request)
