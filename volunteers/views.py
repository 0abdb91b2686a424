"""Staff pages that are no record's: the roster as PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from wagtail.admin.auth import permission_required

from volunteers.documents import draw_roster
from volunteers.models import Shift


@permission_required("volunteers.view_signup")
def roster(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the sheet to pin on the wall."""
    shift = get_object_or_404(Shift.objects.select_related("opportunity"), pk=pk)
    response = HttpResponse(draw_roster(shift, language=get_language() or "en"), content_type="application/pdf")
    name = f"{shift.opportunity.slug}-{shift.local_start:%Y-%m-%d-%H%M}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
