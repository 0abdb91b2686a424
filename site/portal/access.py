"""Whose pages these are: a view gets the signed-in person's own record, or that of someone they act for, and no other.

A guardian acts for a child, a treasurer for an organisation: a relationship that staff set says so, and is asked at
every page, so that its end takes effect at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from constituents.models import Constituent
from constituents.services.relationships import managed_by

View = Callable[..., HttpResponseBase]
ACTING_FOR = "acting_for"


@dataclass(frozen=True, slots=True)
class Standing:
    """Who is signed in, for whom they act now, and for whom they may: what the portal's menu shows."""

    own: Constituent
    me: Constituent
    others: list[Constituent]

    @property
    def is_acting(self) -> bool:
        """Whether these are the pages of somebody else."""
        return self.own != self.me


def record_of(request: HttpRequest) -> Constituent | None:
    """Return the record that belongs to the signed-in user."""
    return Constituent.objects.filter(user=request.user.pk).prefetch_related("household_memberships__household").first()


def standing_of(request: HttpRequest) -> Standing | None:
    """Return whose pages to show: those chosen with the switch, as long as one may. None without an own record."""
    own = record_of(request)
    if own is None:
        return None
    others = managed_by(request.user)  # type: ignore[arg-type]
    chosen = request.session.get(ACTING_FOR)
    return Standing(own, next((other for other in others if other.pk == chosen), own), others)


def own_page(view: Callable[Concatenate[HttpRequest, Constituent, ...], HttpResponseBase]) -> View:
    """Ask for a sign-in, then for a record, and hand the record to the view as `me`. Nothing is kept in any cache."""

    @never_cache
    @login_required
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        standing = standing_of(request)
        if standing is None:
            return redirect("portal_claim")
        request.portal = standing  # type: ignore[attr-defined]
        return view(request, standing.me, *args, **kwargs)

    return page
