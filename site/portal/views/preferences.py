"""What I hear about: consent for each purpose by e-mail and by post. Every answer is kept, the latest counts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from constituents.models import Channel, Constituent, Decision
from constituents.services.preferences import answer_consents, consents_of
from portal.access import own_page
from portal.forms import PreferencesForm


@own_page
def preferences(request: HttpRequest, me: Constituent) -> HttpResponse:
    """Show and change what one hears about."""
    known = consents_of(me)
    ticked = {channel: [] for channel in (Channel.EMAIL, Channel.POST)}  # type: dict[str, list[str]]
    for (channel, purpose), record in known.items():
        if channel in ticked and record.decision == Decision.GIVEN:
            ticked[channel].append(purpose)
    form = PreferencesForm(request.POST if request.method == "POST" else None, initial=ticked)
    if request.method == "POST" and form.is_valid():
        answer_consents(me, wanted=form.wanted, asked=form.asked, by=request.user, where="portal")  # type: ignore[arg-type]
        messages.success(request, _("Saved. We write to you about what is ticked, and nothing else."))
        return redirect("portal_preferences")
    context = {"me": me, "form": form, "last": max((record.at for record in known.values()), default=None)}
    return render(request, "portal/preferences.html", context)
