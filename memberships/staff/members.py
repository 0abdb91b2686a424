"""The list of members, and all that is done with one."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets.button import Button

from constituents.models import Constituent
from core.staff.columns import DateColumn, LinkColumn, NumberColumn, StatusChipColumn, TitleColumn
from core.staff.menu import Area
from core.staff.views import StaffIndexView
from core.staff.viewsets import StaffViewSet
from memberships.filters import MembershipFilters
from memberships.models import Membership, Status
from memberships.staff.dues import ChangeLevelView, FreeTermView, JoinView, RenewView
from memberships.staff.member_page import MembershipRecordView
from memberships.staff.people import AddPersonView, RemovePersonView
from memberships.staff.standing import CancelView, HonourView, LiftView, RevokeCardsView, SuspendView
from memberships.wording import TONES

_TO_RENEW = (Status.DUE, Status.GRACE, Status.LAPSED)


class StatusColumn(StatusChipColumn):
    """The status as SQL computed it, in words."""

    def get_value(self, instance: Membership) -> str:
        """Return the word for it."""
        return str(Status(instance.status).label)

    def get_cell_context_data(self, instance: Membership, parent_context: Any) -> dict[str, Any]:
        """Colour by status, not by its word."""
        context = super().get_cell_context_data(instance, parent_context)
        return context | {"tone": TONES.get(Status(instance.status), "")}


class MembershipIndexView(StaffIndexView):
    """The list, with cards to print for whom it shows."""

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        """Add the cards."""
        buttons = list(super().header_more_buttons)
        if self.request.user.has_perm("memberships.join_membership"):
            url = f"{reverse('memberships_cards')}?{self.request.GET.urlencode()}"
            buttons.append(Button(_("Print cards"), url=url, icon_name="doc-full", priority=80))
        return buttons


def _renew_label(membership: Membership) -> Any:
    return _("Renew") if Status(membership.status) in _TO_RENEW else ""


def _renew_url(membership: Membership) -> str | None:
    if Status(membership.status) not in _TO_RENEW:
        return None
    return f"{reverse('memberships:renew', args=[membership.pk])}?next={reverse('memberships:index')}"


class MembershipViewSet(StaffViewSet):
    """Members."""

    model = Membership
    icon = "group"
    menu_label = _("Members")
    menu_area = Area.MEMBERSHIP
    menu_order = 10
    url_namespace = "memberships"
    inspect_view_enabled = True
    inspect_view_class = MembershipRecordView
    index_view_class = MembershipIndexView
    filterset_class = MembershipFilters
    list_display = [
        TitleColumn("holder", label=_("Member"), get_url=lambda row: reverse("memberships:inspect", args=[row.pk])),
        NumberColumn("number", label=_("Number"), sort_key="number"),
        "level",
        StatusColumn("status", label=_("Status")),
        DateColumn("ends_on", label=_("Until"), sort_key="ends_on"),
        DateColumn("member_since", label=_("Member since"), sort_key="member_since"),
        LinkColumn("renew", label="", accessor=_renew_label, get_url=_renew_url),
    ]
    list_export = ["number", "holder", "level", "status", "ends_on", "member_since"]
    form_fields = ["payer", "note"]
    empty_message = _("Nobody is a member yet. Add your levels first, then let the first person join.")
    verb_views = {
        "join": JoinView,
        "renew": RenewView,
        "lift": LiftView,
        "change-level": ChangeLevelView,
        "add-person": AddPersonView,
        "remove-person": RemovePersonView,
        "free-term": FreeTermView,
        "honour": HonourView,
        "revoke-cards": RevokeCardsView,
        "suspend": SuspendView,
        "cancel": CancelView,
    }

    def base_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        """With status and end, as SQL computes them, and what a page shows."""
        return Membership.objects.for_list().prefetch_related(
            "terms__level", "terms__gift", "standings", "people__person", "flags__gift", "applications__level"
        )

    def search(self, queryset: QuerySet[Membership], query: str) -> QuerySet[Membership]:
        """Find by anything the member, a person of the household or of the plan is found by."""
        found = Constituent.objects.search(query).values("pk")
        return queryset.filter(
            Q(number__icontains=query.strip())
            | Q(constituent__in=found)
            | Q(household__name__icontains=query.strip())
            | Q(pk__in=Membership.objects.filter(people__person__in=found).values("pk"))
        )


membership_viewset = MembershipViewSet("memberships")
