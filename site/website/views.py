"""Public addresses that are no page's: the giving form from a frame elsewhere, and the choice of a language."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import Site

from website.giving import serving, speaking
from website.models import GivingPage


# No check of the CSRF cookie, which a frame elsewhere does not have: website.giving.embedding says why that is right.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def give_from_elsewhere(request: HttpRequest, page: int) -> HttpResponse:
    """Take the giving form from a frame on another website, held to its signed token."""
    found = get_object_or_404(GivingPage.objects.live().public(), pk=page)
    if Site.find_for_request(request) is None or request.method != "POST":
        return HttpResponseRedirect(found.get_url(request) or "/give/")
    return serving.give_from_elsewhere(found, request)


@require_safe
def choose_language(request: HttpRequest, language: str) -> HttpResponse:
    """Keep the language a visitor chose, and lead back to where they were."""
    if language not in speaking.spoken():
        raise Http404
    there = request.GET.get("next", "/")
    hosts = {request.get_host()}
    if not url_has_allowed_host_and_scheme(there, allowed_hosts=hosts, require_https=request.is_secure()):
        there = "/"
    response = HttpResponseRedirect(there)
    speaking.remember(response, language)
    return response
