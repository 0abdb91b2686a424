"""Privacy: take one's data away, ask for erasure."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from constituents.models import Constituent, Interaction
from constituents.services.contacting import log_interaction
from core import audit, clock
from portal.access import own_page
from portal.forms import ErasureForm
from portal.own_data import zip_of

# What staff read on the timeline; the page finds an earlier request by it, so it is the same in every language.
ERASURE_SUBJECT = "Asks us to erase their personal data"


def _asked(me: Constituent) -> Interaction | None:
    return Interaction.objects.filter(participants=me, subject=ERASURE_SUBJECT).first()


@own_page
def privacy(request: HttpRequest, me: Constituent) -> HttpResponse:
    """Say what one can do."""
    return render(request, "portal/privacy.html", {"me": me, "asked": _asked(me)})


@require_POST
@own_page
def take_data(request: HttpRequest, me: Constituent) -> HttpResponse:
    """Hand out everything we hold about the person, for machines and to read."""
    content = zip_of(me)
    audit.record("privacy.data_taken", me, by=request.user, new={"bytes": len(content)}, about=me)  # type: ignore[arg-type]
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="my-data-{clock.today().isoformat()}.zip"'
    return response


@own_page
def ask_for_erasure(request: HttpRequest, me: Constituent) -> HttpResponse:
    """Pass the wish on to staff, once, and say what happens then."""
    if _asked(me) is not None:
        return redirect("portal_privacy")
    form = ErasureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        log_interaction(me, subject=ERASURE_SUBJECT, notes=form.cleaned_data["words"], by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("We have your request and write to you before anything is erased."))
        return redirect("portal_privacy")
    return render(request, "portal/erasure.html", {"me": me, "form": form}, status=422 if form.errors else 200)
