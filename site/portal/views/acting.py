"""The switch of who one acts for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from constituents.models import Constituent
from core import audit
from portal.access import ACTING_FOR, own_page


@require_POST
@own_page
def act_for(request: HttpRequest, me: Constituent) -> HttpResponse:
    """Act for the one that was chosen, or for oneself again; who may not is left where they are."""
    standing = request.portal  # type: ignore[attr-defined]
    request.session.pop(ACTING_FOR, None)
    asked = request.POST.get("who", "")
    chosen = next((other for other in standing.others if str(other.uuid) == asked), None)
    if chosen is not None:
        request.session[ACTING_FOR] = chosen.pk
        audit.record("constituent.acted_for", chosen, by=request.user, about=chosen)  # type: ignore[arg-type]
    return redirect("portal_home")
