"""In which language a giving page speaks, and the addresses that change it.

What a visitor chose wins (the link `?lang=fr`, which also works in a frame that has no cookies, then the cookie it
left), then what the page is written in, then what the browser asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

if TYPE_CHECKING:
    from website.models import GivingPage

#: What the language is named by in links and forms.
PARAMETER = "lang"


def spoken() -> dict[str, str]:
    """Return the languages the public pages are translated to, code and own name."""
    return dict(settings.PUBLIC_LANGUAGES)


def language_of(page: GivingPage, request: HttpRequest) -> str:
    """Return the language to answer in."""
    wishes = (
        request.POST.get(PARAMETER),
        request.GET.get(PARAMETER),
        request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME),
        page.language,
        translation.get_language(),
    )
    return next((wish for wish in wishes if wish in spoken()), settings.LANGUAGE_CODE)


def label(response: HttpResponseBase, language: str, request: HttpRequest) -> None:
    """Say in the headers which language it is and what it depends on, and keep what the visitor chose by a link."""
    response.headers["Content-Language"] = language
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    if request.method == "GET" and request.GET.get(PARAMETER) == language:
        remember(response, language)


def remember(response: HttpResponseBase, language: str) -> None:
    """Keep the choice for a year, for every public page."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )


def others(request: HttpRequest, language: str) -> list[tuple[str, str, str]]:
    """Return the other languages: code, own name, and the address of this page in it."""
    links = []
    for code, name in spoken().items():
        if code != language:
            query = request.GET.copy()
            query[PARAMETER] = code
            links.append((code, name, f"?{query.urlencode()}"))
    return links
