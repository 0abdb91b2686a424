"""Funds: what gifts are for."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Sum
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column

from core.staff.choosers import StaffChooserViewSet
from core.staff.columns import BooleanColumn, DateColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.parts import Action, Figure
from core.staff.records import RecordView
from core.staff.viewsets import StaffViewSet
from donations.models import Fund, LedgerEntry
from donations.staff.links import gifts_url
from donations.staff.results import in_base


class FundRecordView(RecordView):
    """One fund: what it is for, what it holds."""

    def figures(self) -> Iterable[Figure]:
        """What came in and what it was by year."""
        held = LedgerEntry.objects.filter(fund=self.object).aggregate(t=Sum("base_amount"))["t"]
        yield Figure(_("Received in all"), str(in_base(held)), gifts_url(allocations__fund=self.object.pk))

    def actions(self) -> Iterable[Action]:
        """Give to it."""
        url = f"{reverse('gifts:add')}?{urlencode({'fund': self.object.pk})}"
        yield Action(_("Record a gift"), url, icon="plus", primary=True)


class FundViewSet(StaffViewSet):
    """What gifts are for."""

    model = Fund
    icon = "folder-open-1"
    menu_label = _("Funds")
    menu_area = Area.GIVING
    menu_order = 40
    inspect_view_enabled = True
    inspect_view_class = FundRecordView
    list_display = [
        "name",
        Column("code"),
        StatusChipColumn("restriction", label=_("Restriction"), tones={"none": "good"}),
        DateColumn("closes_on", label=_("Closes on")),
        BooleanColumn("is_public", label=_("Offered to donors")),
        BooleanColumn("is_default", label=_("Default")),
    ]
    list_filter = ["restriction", "is_public"]
    list_export = ["name", "code", "restriction", "accounting_code", "opens_on", "closes_on", "is_public"]
    search_fields = ["name", "code", "purpose"]
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("code")]),
        FieldPanel("purpose"),
        FieldRowPanel([FieldPanel("restriction"), FieldPanel("accounting_code")]),
        FieldRowPanel([FieldPanel("opens_on"), FieldPanel("closes_on")]),
        FieldRowPanel([FieldPanel("is_public"), FieldPanel("is_default")]),
    ]
    empty_message = _("Every gift goes to a fund. Add your first one, such as “Where it is needed most”.")


class FundChooserViewSet(StaffChooserViewSet):
    """Pick a fund."""

    model = Fund
    icon = "folder-open-1"
    search_fields = ["name", "code"]
