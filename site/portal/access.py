"""Whose pages these are: a view gets the signed-in person's own record, and looks nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from constituents.models import Constituent

View = Callable[..., HttpResponse]


def record_of(request: HttpRequest) -> Constituent | None:
    """Return the record that belongs to the signed-in user."""
    return Constituent.objects.filter(user=request.user.pk).prefetch_related("household_memberships__household").first()


def own_page(view: Callable[Concatenate[HttpRequest, Constituent, ...], HttpResponse]) -> View:
    """Ask for a sign-in, then for a record, and hand the record to the view as `me`. Nothing is kept in any cache."""

    @never_cache
    @login_required
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        me = record_of(request)
        if me is None:
            return redirect("portal_claim")
        return view(request, me, *args, **kwargs)

    return page
