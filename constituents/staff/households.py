"""Households: who lives there, what letters say, where mail goes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column

from constituents.models import Household
from constituents.search.households import find_households
from core.staff.menu import Area
from core.staff.parts import Panel
from core.staff.records import RecordView
from core.staff.viewsets import StaffViewSet


class HouseholdRecordView(RecordView):
    """A household: who lives there, what letters say, where mail goes."""

    def panels(self) -> Iterable[Panel]:
        """Members, names and address."""
        return [
            Panel("members", _("Members"), "wagtailadmin/people/panels/members.html", _members_of),
            Panel("names", _("Names"), "wagtailadmin/people/panels/names.html", lambda obj: {}),
        ]


def _members_of(household: Household) -> dict[str, Any]:
    return {"memberships": household.memberships.select_related("person").order_by("until", "pk")}


class HouseholdViewSet(StaffViewSet):
    """Households."""

    model = Household
    icon = "home"
    menu_area = Area.PEOPLE
    menu_order = 20
    inspect_view_enabled = True
    inspect_view_class = HouseholdRecordView
    prefetch_related = ["memberships__person", "addresses"]
    list_display = [
        "name",
        Column("informal_salutation", label=_("Dear …")),
        Column("address_line", label=_("Address")),
    ]
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("name_by_hand")]),
        FieldRowPanel([FieldPanel("formal_salutation"), FieldPanel("formal_salutation_by_hand")]),
        FieldRowPanel([FieldPanel("informal_salutation"), FieldPanel("informal_salutation_by_hand")]),
        FieldRowPanel([FieldPanel("addressee"), FieldPanel("addressee_by_hand")]),
    ]

    def search(self, queryset: QuerySet[Household], query: str) -> QuerySet[Household]:
        """Find by the household's name, and by whatever those who live in it are found by."""
        return find_households(queryset, query, by=None)

    empty_message = _("A household joins people who live and give together. Form one from a person’s page.")
