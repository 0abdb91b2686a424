"""Pages that are no record's: the movement table, cards to print, and the public check of a card."""

from __future__ import annotations

from typing import Any

from allauth.decorators import rate_limit
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.auth import permission_required
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core import clock
from core.audit import record
from core.organisation import current_organisation
from memberships.cards import cards_of, for_cards, verify
from memberships.documents import card_sheets, single_card
from memberships.filters import MembershipFilters
from memberships.models import MEMBER_STATUSES, Membership, Term
from memberships.movement import movement_by_month, total


class MovementView(PermissionRequiredMixin, WagtailAdminTemplateMixin, TemplateView):
    """Start, joined, came back, lapsed, cancelled, died, end: month by month, always adding up."""

    permission_required = "memberships.view_membership"
    raise_exception = True
    template_name = "wagtailadmin/memberships/movement.html"
    page_title = _("Movement of members")
    header_icon = "history"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, the members, this page."""
        members = {"url": reverse("memberships:index"), "label": _("Members")}
        return [*self.breadcrumbs_items, members, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the twelve months of the year asked for, and their sum."""
        this_year = clock.today().year
        first = Term.objects.real().order_by("starts_on").values_list("starts_on", flat=True).first()
        years = range(this_year, min(first.year if first else this_year, this_year) - 1, -1)
        asked = self.request.GET.get("year", "")
        year = int(asked) if asked.isdigit() and int(asked) in years else this_year
        months = movement_by_month(year)
        # Months to come would only show who will lapse if nobody renews.
        months = [month for month in months if month.first <= clock.today()]
        return super().get_context_data(**kwargs) | {
            "year": year,
            "years": years,
            "rows": [(date_format(month.first, "F"), month) for month in months],
            "total": total(months),
        }


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
    members = Membership.objects.for_list().filter(status__in=MEMBER_STATUSES)
    chosen = MembershipFilters(request.GET, queryset=members, request=request).qs
    every = [card for membership in for_cards(chosen)[:_MOST_CARDS] for card in cards_of(membership)]
    if not every:
        messages.warning(request, _("No members here, so no cards."))
        return redirect("memberships:index")
    record("membership.cards_printed", current_organisation(), by=request.user, new={"cards": len(every)})
    return _pdf(card_sheets(every[:_MOST_CARDS]), "member-cards")


def _pdf(pdf: bytes, name: str) -> HttpResponse:
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{slugify(name)}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@never_cache
@rate_limit(action="verify_card", limit_get=True)
def verify_card(request: HttpRequest, token: str) -> HttpResponse:
    """Tell whoever holds a card against a phone whether it is good today, and nothing else."""
    return render(request, "memberships/verify.html", {"verdict": verify(token)})
