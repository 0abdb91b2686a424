"""Appeals: one ask each, with what it cost and what it brought."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from core.staff.choosers import StaffChooserViewSet
from core.staff.columns import AmountColumn, DateColumn, LinkColumn, NumberColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.viewsets import StaffViewSet
from donations.models import Appeal
from donations.staff.links import page_of
from donations.staff.results import ResultColumn, with_results


class AppealViewSet(StaffViewSet):
    """One ask each: a letter, an e-mail, an evening."""

    model = Appeal
    icon = "mail"
    menu_label = _("Appeals")
    menu_area = Area.GIVING
    menu_order = 60
    inspect_view_enabled = True
    select_related = ["campaign"]
    list_display = [
        "name",
        LinkColumn("campaign", label=_("Campaign"), get_url=lambda appeal: page_of(appeal.campaign)),
        StatusChipColumn("channel", label=_("Channel")),
        DateColumn("sent_on", label=_("Sent on"), sort_key="sent_on"),
        NumberColumn("number_sent", label=_("Number sent")),
        AmountColumn("cost", label=_("Cost"), currency=None),
        ResultColumn("raised", label=_("Raised"), sort_key="raised"),
        NumberColumn("gift_count", label=_("Gifts"), sort_key="gift_count"),
    ]
    list_filter = ["campaign", "channel"]
    list_export = ["name", "code", "campaign", "channel", "sent_on", "number_sent", "cost", "raised", "gift_count"]
    search_fields = ["name", "code", "campaign__name"]
    panels = [
        FieldPanel("campaign"),
        FieldRowPanel([FieldPanel("name"), FieldPanel("code")]),
        FieldRowPanel([FieldPanel("channel"), FieldPanel("sent_on")]),
        FieldRowPanel([FieldPanel("number_sent"), FieldPanel("cost")]),
    ]
    empty_message = _(
        "An appeal is one ask within a campaign: a letter, an e-mail, an evening. Add the first one you sent."
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[Appeal]:
        """Appeals with what they brought."""
        return with_results(super().base_queryset(request), "appeal")


class AppealChooserViewSet(StaffChooserViewSet):
    """Pick an appeal."""

    model = Appeal
    icon = "mail"
    search_fields = ["name", "code", "campaign__name"]
    select_related = ["campaign"]
