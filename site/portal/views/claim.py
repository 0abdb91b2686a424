"""Claiming: the record the organisation already holds becomes the signed-in person's; or they add themselves."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.models import User
from constituents.errors import ConstituentError
from constituents.services.claims import claim_record, claimable, open_record
from portal.access import record_of
from portal.forms import NewcomerForm


def _proved(user: User) -> list[str]:
    """Return the addresses the user has shown to be theirs, the main one first."""
    found = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "pk")
    return list(found.values_list("email", flat=True))


def _offer(request: HttpRequest, form: NewcomerForm | None = None) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    proved = _proved(user)
    form = form or NewcomerForm(initial={"given_name": user.first_name, "family_name": user.last_name})
    context = {"records": claimable(proved), "form": form, "proved": proved}
    return render(request, "portal/claim.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
def claim(request: HttpRequest) -> HttpResponse:
    """Offer the unclaimed records that carry an address of theirs; take the one they choose."""
    if record_of(request) is not None:
        return redirect("portal_home")
    if request.method != "POST":
        return _offer(request)
    proved = _proved(request.user)  # type: ignore[arg-type]
    chosen = next((record for record in claimable(proved) if str(record.uuid) == request.POST.get("record")), None)
    if chosen is None:
        raise Http404
    try:
        claim_record(chosen, by=request.user, verified_emails=proved)  # type: ignore[arg-type]
    except ConstituentError as error:
        messages.error(request, str(error))
        return redirect("portal_claim")
    messages.success(request, _("Welcome! This is what we have about you. Please see whether it is right."))
    return redirect("portal_home")


@never_cache
@login_required
@require_POST
def add_myself(request: HttpRequest) -> HttpResponse:
    """Add somebody we do not know yet, under the address they proved."""
    proved = _proved(request.user)  # type: ignore[arg-type]
    form = NewcomerForm(request.POST)
    if record_of(request) is not None:
        return redirect("portal_home")
    if not proved or not form.is_valid():
        return _offer(request, form)
    open_record(by=request.user, email=proved[0], **form.cleaned_data)  # type: ignore[arg-type]
    messages.success(request, _("Welcome! Tell us as much or as little about yourself as you like."))
    return redirect("portal_profile")
