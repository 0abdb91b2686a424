"""Cards to print: one member’s, or those of all whom the list shows."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from wagtail.admin import messages
from wagtail.admin.auth import permission_required

from core.audit import record
from core.organisation import current_organisation
from core.staff.asked import acting
from memberships.cards import cards_of, for_cards
from memberships.documents import card_sheets, single_card
from memberships.filters import MembershipFilters
from memberships.models import MEMBER_STATUSES, Membership

# More cards than this are no morning's cutting, and no single request's work.
_MOST_CARDS = 1_000


@permission_required("memberships.join_membership")
@require_safe
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the card of a membership, or a sheet when its plan names several people."""
    membership = get_object_or_404(for_cards(Membership.objects.all()), pk=pk)
    cards = cards_of(membership)
    if not cards:
        raise Http404
    pdf = single_card(cards[0]) if len(cards) == 1 else card_sheets(cards)
    return _pdf(pdf, f"card-{membership.number}")


@permission_required("memberships.join_membership")
@require_safe
def cards(request: HttpRequest) -> HttpResponse:
    """Return the cards of all members whom the list's filters let through, ten to a sheet."""
    members = Membership.objects.for_list().filter(Q(status__in=MEMBER_STATUSES))
    chosen = MembershipFilters(request.GET, queryset=members, request=request).qs
    every = [card for membership in for_cards(chosen)[:_MOST_CARDS] for card in cards_of(membership)]
    if not every:
        messages.warning(request, _("No members here, so no cards."))
        return redirect("memberships:index")
    record("membership.cards_printed", current_organisation(), by=acting(request), new={"cards": len(every)})
    return _pdf(card_sheets(every[:_MOST_CARDS]), "member-cards")


def _pdf(pdf: bytes, name: str) -> HttpResponse:
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{slugify(name)}.pdf"'
    response["Cache-Control"] = "no-store"
    return response
