"""Volunteering: the shifts to come, those that were, giving a place back, logging hours."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from constituents.models import Constituent
from core import clock
from core.errors import DomainError
from core.once.sending import sent_once
from memberships.directory import current_members
from portal.access import own_page
from portal.forms import CancelShiftForm, HoursForm
from portal.tables import HoursTable
from volunteers.models import HoursEntry, Opportunity, SignUp, SignUpStatus
from volunteers.services.hours import log_hours
from volunteers.services.signing_up import cancel_sign_up

SHOWN = 50


def coming_places(me: Constituent) -> list[SignUp]:
    """Return the places someone has or waits for in shifts to come, soonest first."""
    places = SignUp.objects.filter(
        volunteer=me,
        status__in=(SignUpStatus.CONFIRMED, SignUpStatus.WAITING),
        shift__ends_at__gt=clock.now(),
        shift__cancelled_at__isnull=True,
    )
    return list(places.select_related("shift__opportunity").order_by("shift__starts_at", "pk"))


@own_page
def shifts(request: HttpRequest, me: Constituent) -> HttpResponse:
    """List what is coming, what one waits for, and the hours one gave."""
    coming = coming_places(me)
    entries = HoursEntry.objects.filter(volunteer=me).select_related("opportunity")
    past = list(entries[:SHOWN])
    table = HoursTable(past, show_footer=False) if past else None
    context = {
        "me": me,
        "places": [place for place in coming if place.status == SignUpStatus.CONFIRMED],
        "waiting": [place for place in coming if place.status == SignUpStatus.WAITING],
        "table": table,
        "total": entries.approved().total(),
        "may_log": _opportunities(me).exists(),
    }
    return render(request, "portal/shifts.html", context)


@own_page
def cancel(request: HttpRequest, me: Constituent, which: Any) -> HttpResponse:
    """Ask first, then give the place back."""
    place = next((place for place in coming_places(me) if place.uuid == which), None)
    if place is None:
        raise Http404
    form = CancelShiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cancel_sign_up(place, by=request.user, reason=form.cleaned_data["reason"])  # type: ignore[arg-type]
        messages.success(request, _("Thank you for telling us. Your place is free for somebody else."))
        return redirect("portal_shifts")
    return render(request, "portal/shift_cancel.html", {"me": me, "place": place, "form": form})


def _opportunities(me: Constituent) -> Any:
    """Return what someone can log hours for: what is open and what they may see."""
    is_member = current_members().filter(pk=me.pk).exists()
    return Opportunity.objects.open().visible_to(members=is_member)


@own_page
@sent_once
def hours(request: HttpRequest, me: Constituent) -> HttpResponse:
    """Log hours given outside a shift; they count when they are approved."""
    form = HoursForm(request.POST or None, opportunities=_opportunities(me))
    if request.method == "POST" and form.is_valid():
        try:
            log_hours(volunteer=me, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Thank you! Your hours count as soon as they are approved."))
            return redirect("portal_shifts")
    return render(request, "portal/hours.html", {"me": me, "form": form}, status=422 if form.errors else 200)
