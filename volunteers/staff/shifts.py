"""The list of shifts."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column, TitleColumn

from core.staff.columns import NumberColumn
from core.staff.menu import Area
from core.staff.viewsets import StaffViewSet
from volunteers.filters import ShiftFilters
from volunteers.models import Shift, SignUpStatus
from volunteers.services.shifts import change_shift
from volunteers.staff.shift_page import ShiftRecordView
from volunteers.staff.shift_verbs import AddWeeklyView, CancelShiftView, SignSomeoneUpView
from volunteers.wording import coverage, when


class CoverageColumn(Column):
    """How well a shift is covered, as a chip."""

    cell_template_name = "wagtailadmin/steward/cells/chip.html"

    def get_value(self, instance: Shift) -> str:
        """Return it in a word or two."""
        return coverage(instance)[0]

    def get_cell_context_data(self, instance: Shift, parent_context: Any) -> dict[str, Any]:
        """Add the tone."""
        return super().get_cell_context_data(instance, parent_context) | {"tone": coverage(instance)[1]}


class ShiftViewSet(StaffViewSet):
    """Shifts: the coming ones first of all."""

    model = Shift
    icon = "calendar"
    menu_label = _("Coming shifts")
    menu_area = Area.VOLUNTEERING
    menu_order = 10
    url_namespace = "shifts"
    inspect_view_enabled = True
    inspect_view_class = ShiftRecordView
    filterset_class = ShiftFilters
    list_display = [
        TitleColumn(
            "starts_at",
            label=_("When"),
            accessor=when,
            sort_key="starts_at",
            get_url=lambda shift: reverse("shifts:inspect", args=[shift.pk]),
        ),
        Column("opportunity", label=_("Opportunity"), sort_key="opportunity__name"),
        CoverageColumn("coverage", label=_("Coverage")),
        NumberColumn("places_taken", label=_("Signed up")),
        NumberColumn("capacity", label=_("Room for")),
        NumberColumn("minimum", label=_("Needs")),
        NumberColumn("waiting", label=_("Waiting"), accessor=lambda shift: shift.waiting_count or None),
    ]
    ordering = ["starts_at", "pk"]
    search_fields = ["opportunity__name", "opportunity__place", "notes"]
    verbs = {"edit": change_shift}
    verb_views = {
        "sign-up": SignSomeoneUpView,
        "add-weekly": AddWeeklyView,
        "cancel": CancelShiftView,
    }
    panels = [
        FieldPanel("opportunity"),
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
        FieldRowPanel([FieldPanel("capacity"), FieldPanel("minimum")]),
        FieldPanel("notes"),
    ]
    empty_message = _("No shifts to come. Add the first ones from a weekly pattern.")

    def base_queryset(self, request: HttpRequest) -> QuerySet[Shift]:
        """With the opportunity and the number of people who wait."""
        waiting = Count("sign_ups", filter=Q(sign_ups__status=SignUpStatus.WAITING))
        return Shift.objects.select_related("opportunity").annotate(waiting_count=waiting)
