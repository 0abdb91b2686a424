"""The public check of a member card."""

from __future__ import annotations

from allauth.decorators import rate_limit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from memberships.cards import verify


@require_safe
@never_cache
@rate_limit(action="verify_card", limit_get=True)
def verify_card(request: HttpRequest, token: str) -> HttpResponse:
    """Tell whoever holds a card against a phone whether it is good today, and nothing else."""
    return render(request, "memberships/verify.html", {"verdict": verify(token)})
