"""What the grid of a batch asks the server while one types: rows, donors, somebody new.

Every answer is JSON. A row is saved whole as it stands; 409 says that somebody else has changed it, 410 that the batch
is not open any more, 422 that what was sent is nothing of ours.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.admin.auth import permission_required

from constituents.duplicates.live import LikelyMatch, Typed, matches_for
from constituents.models import Constituent
from constituents.services.people import add_from_form
from core.staff.asked import acting, record_asked_for
from core.staff.refusals import REFUSALS, explain
from donations.batches.expecting import offer_for
from donations.batches.forms import NewDonorForm
from donations.batches.rows import Amount, date_of, remove_row, save_row
from donations.errors import BatchClosedError, BatchError, StaleRowError
from donations.models import Batch
from donations.staff.batch_sheet import donor_of, offer_of, row_of, sheet, standing_of

MAY_TYPE = "donations.change_batch"
_FOUND = 8
_LARGEST = 40_000  # bytes of one row


@permission_required(MAY_TYPE)
@never_cache
@require_GET
def batch_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the whole batch as it stands; the open grid asks every few seconds."""
    return JsonResponse(sheet(request, get_object_or_404(Batch, pk=pk)))


@permission_required(MAY_TYPE)
@never_cache
@require_http_methods(["PUT", "DELETE"])
def batch_row(request: HttpRequest, pk: int, key: uuid.UUID) -> HttpResponse:
    """Save a row as it stands in the browser, or take it away."""
    batch = get_object_or_404(Batch, pk=pk)
    said = _said(request)
    version = said.get("version")
    if not isinstance(version, int) or version < 0:
        return JsonResponse({"message": _("That is no row.")}, status=422)
    try:
        if request.method == "DELETE":
            remove_row(batch, key=key, version=version, by=acting(request))
            return JsonResponse(standing_of(batch))
        row = save_row(batch, said, key=key, version=version, by=acting(request))
    except StaleRowError as error:
        now = row_of(error.row) if error.row else None  # type: ignore[arg-type]
        return JsonResponse({"message": str(error), "row": now}, status=409)
    except BatchClosedError as error:
        return JsonResponse({"message": str(error)}, status=410)
    except BatchError as error:
        return JsonResponse({"message": str(error)}, status=422)
    return JsonResponse({"row": row_of(row), **standing_of(batch)})


@permission_required(MAY_TYPE)
@never_cache
@require_http_methods(["GET", "POST"])
def batch_donors(request: HttpRequest) -> HttpResponse:
    """Answer with whom the letters fit; add somebody new when posted to."""
    return _add_donor(request) if request.method == "POST" else _find_donors(request.GET.get("q", ""))


@permission_required(MAY_TYPE)
@never_cache
@require_POST
def batch_likely(request: HttpRequest) -> HttpResponse:
    """Answer with who may be meant by what has been typed so far of somebody new."""
    return JsonResponse({"matches": _matches(matches_for(Typed.read(_said(request))))})


@permission_required(MAY_TYPE)
@never_cache
@require_GET
def batch_expected(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with what the donor of a row has promised and is due about now; with nothing when nothing is."""
    batch = get_object_or_404(Batch, pk=pk)
    donor = record_asked_for(request, "donor", Constituent.objects.current())
    if donor is None or not request.user.has_perm("donations.view_giving"):
        return JsonResponse({"offer": None})
    said = request.GET
    try:
        key = uuid.UUID(said.get("row", ""))
    except ValueError:
        key = None
    offer = offer_for(
        batch,
        donor,
        row=key,
        amount=Amount.read(said.get("amount", ""), batch.currency).value,
        on=date_of(said.get("received_on")),
        reference=said.get("reference", ""),
    )
    return JsonResponse({"offer": offer_of(offer) if offer else None})


def _find_donors(letters: str) -> HttpResponse:
    if len(letters.strip()) < 2:
        return JsonResponse({"donors": []})
    known = Constituent.objects.current().prefetch_related("addresses", "household_memberships__household__addresses")
    found = known.ranked(letters, limit=_FOUND)
    sure = [one for one in found if not one.is_guess] or found
    return JsonResponse(
        {"donors": [donor_of(one.constituent, reason=str(one.reason), is_guess=one.is_guess) for one in sure]}
    )


def _add_donor(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("constituents.add_constituent"):
        return JsonResponse({"errors": {"": [_("You may not add people.")]}}, status=403)
    form = NewDonorForm(_said(request))
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    if form.matches:
        return JsonResponse({"matches": _matches(form.matches)}, status=409)
    try:
        donor = add_from_form(by=acting(request), **form.values())
    except REFUSALS as error:
        return JsonResponse({"errors": {"": [explain(error)]}}, status=422)
    return JsonResponse({"donor": donor_of(donor)}, status=201)


def _matches(found: list[LikelyMatch]) -> list[dict[str, Any]]:
    return [donor_of(match.constituent, reason=match.reason) for match in found]


def _said(request: HttpRequest) -> dict[str, Any]:
    """Return what the browser sent; nothing for what is no JSON object, or far too much."""
    try:
        said = json.loads(request.body) if len(request.body) <= _LARGEST else {}
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
