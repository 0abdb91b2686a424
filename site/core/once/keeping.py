"""What somebody filled in while they were signed out is not lost: a page holds it, to be sent again after signing in.

Nothing is kept on the server. The page holds the fields as hidden inputs, and only under these conditions:

- the form is one of ours (`{% form_token %}`), and what was drawn for somebody can be sent by that person alone;
- it was sent from a page of ours: the check against forgery passed, or failed for the age of its token alone while the
  browser says that the page was ours. What another website sends is never offered to be sent again;
- it holds no password. Files cannot be held by a page: each is named, and asked for again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.cache import add_never_cache_headers

from core.once.sending import FIELD, is_of_somebody_else, was_drawn_for_somebody

_NOT_HELD = "csrfmiddlewaretoken"
_SECRET = ("password", "secret")


class KeepWhatWasTyped:
    """Middleware: who is signed out gets what they sent back, instead of only a page to sign in on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Put the page that holds the form in place of the way to sign in."""
        response = self.get_response(request)
        # The check against forgery has passed: a view that is exempt from it leaves no such mark.
        is_ours = getattr(request, "csrf_processing_done", False)
        if is_ours and _leads_to_sign_in(response) and not request.user.is_authenticated and _can_be_held(request):
            return send_again(request)
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Refuse what was filled in by somebody else before this user signed in."""
        if request.method == "POST" and is_of_somebody_else(request):
            return render(request, "forms/somebody_else.html", status=403)
        return None


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is too old: whoever signed in again since may send it once more."""
    if request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}" and _can_be_held(request):
        return send_again(request)
    return render(request, "403_csrf.html", status=403)


def send_again(request: HttpRequest) -> HttpResponse:
    """Return the page that holds what was sent."""
    held = [(name, value) for name, values in request.POST.lists() if name != _NOT_HELD for value in values]
    context = {
        "held": held,
        "files": [(name, file.name) for name, files in request.FILES.lists() for file in files],
        "address": request.get_full_path(),
        "is_signed_out": was_drawn_for_somebody(request) and not request.user.is_authenticated,
        "sign_in": resolve_url(settings.LOGIN_URL),
    }
    response = render(request, "forms/send_again.html", context, status=403)
    add_never_cache_headers(response)
    return response


def _leads_to_sign_in(response: HttpResponse) -> bool:
    return response.status_code == 302 and urlsplit(response["Location"]).path == resolve_url(settings.LOGIN_URL)


def _can_be_held(request: HttpRequest) -> bool:
    if request.method != "POST" or FIELD not in request.POST:
        return False
    if "HX-Request" in request.headers or "X-Requested-With" in request.headers:
        return False  # a script asked: the page it asks from holds what was typed
    return not any(secret in name.lower() for name in request.POST for secret in _SECRET)
