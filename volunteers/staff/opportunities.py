"""Opportunities: the roles people can sign up for."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column

from core import clock
from core.staff.columns import NumberColumn
from core.staff.menu import Area
from core.staff.viewsets import StaffViewSet
from volunteers.models import Opportunity


class OpportunityViewSet(StaffViewSet):
    """Roles people can sign up for."""

    model = Opportunity
    icon = "clipboard-list"
    menu_area = Area.VOLUNTEERING
    menu_order = 30
    url_namespace = "opportunities"
    list_display = [
        "name",
        Column("place", label=_("Place")),
        Column("get_visibility_display", label=_("Who sees it")),
        BooleanColumn("is_open", label=_("Taking volunteers")),
        NumberColumn("coming", label=_("Coming shifts")),
    ]
    list_filter = ["is_open", "visibility"]
    search_fields = ["name", "summary", "place"]
    panels = [
        MultiFieldPanel(
            [
                FieldPanel("name"),
                FieldPanel("slug"),
                FieldPanel("summary"),
                FieldPanel("description"),
                FieldRowPanel([FieldPanel("visibility"), FieldPanel("is_open")]),
            ],
            heading=_("What it is"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("place"),
                FieldRowPanel([FieldPanel("contact_name"), FieldPanel("contact_email")]),
            ],
            heading=_("Where, and whom to ask"),
        ),
        MultiFieldPanel([FieldRowPanel([FieldPanel("skills"), FieldPanel("minimum_age")])], heading=_("Who fits")),
    ]
    empty_message = _("An opportunity is something to help with, such as “Evening kitchen”. Add your first one.")

    def base_queryset(self, request: HttpRequest) -> QuerySet[Opportunity]:
        """With the number of shifts to come."""
        coming = Q(shifts__ends_at__gt=clock.now(), shifts__cancelled_at__isnull=True)
        return Opportunity.objects.annotate(coming=Count("shifts", filter=coming))
