"""What came of a bulk action: a page with its file, what was not done and why, and the way back."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.module_loading import import_string
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin import messages

from core.audit import record
from core.organisation import current_organisation
from core.staff.asked import acting
from core.staff.bulk_all import summary, undo_run
from core.staff.models import BulkRun
from core.staff.refusals import REFUSALS, explain


def _own(request: HttpRequest, pk: int) -> BulkRun:
    run = get_object_or_404(BulkRun, pk=pk, made_by=request.user)
    if not import_string(run.action).is_permitted(request.user):
        raise PermissionDenied
    return run


def bulk_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what was done."""
    run = _own(request, pk)
    action = import_string(run.action)
    context = {
        "run": run,
        "summary": summary(run),
        "can_undo": action.can_undo and run.finished_at and not run.undone_at and run.changed,
        "makes_file": action.makes_file,
        "more_refused": run.refused_count - len(run.refused),
        "icon": action.viewset.icon,
    }
    return render(request, "wagtailadmin/steward/bulk/run.html", context)


@require_POST
def bulk_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back."""
    run = _own(request, pk)
    try:
        undo_run(run, by=request.user)
    except REFUSALS as error:
        messages.error(request, explain(error))
    return redirect(run)


def bulk_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand out the file, to whoever asked for it and still may have it; each time is written down."""
    run = _own(request, pk)
    if not run.file:
        return redirect(run)
    name = str(run.file.name).rpartition("/")[2]
    with transaction.atomic():
        new = {"name": name, "filter": run.filters, "rows": len(run.changed)}
        record("export.downloaded", current_organisation(), by=acting(request), new=new)
    response = FileResponse(run.file.open("rb"), as_attachment=True, filename=name)
    response["Cache-Control"] = "no-store"
    return response


@hooks.register("register_admin_urls")
def bulk_addresses() -> list[URLPattern]:
    """Put them at /admin/bulk-runs/."""
    return [
        path("bulk-runs/<int:pk>/", bulk_run, name="core_bulk_run"),
        path("bulk-runs/<int:pk>/undo/", bulk_undo, name="core_bulk_undo"),
        path("bulk-runs/<int:pk>/file/", bulk_file, name="core_bulk_file"),
    ]
