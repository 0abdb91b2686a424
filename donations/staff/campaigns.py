"""Campaigns: fundraising efforts with a goal, and how far they are."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from core.staff.choosers import StaffChooserViewSet
from core.staff.columns import AmountColumn, DateColumn, NumberColumn
from core.staff.menu import Area
from core.staff.parts import Figure, Panel
from core.staff.records import RecordView
from core.staff.viewsets import StaffViewSet
from donations.models import Campaign, Gift
from donations.staff.links import gifts_url, page_of
from donations.staff.results import ResultColumn, in_base, with_results


class CampaignRecordView(RecordView):
    """One campaign: how far it is, and what each appeal brought for its cost."""

    def figures(self) -> Iterable[Figure]:
        """Raised, of what goal, from how many."""
        counted = Gift.objects.counted().filter(campaign=self.object)
        sums = counted.aggregate(raised=Sum("net_base_amount"), gifts=Count("pk"), donors=Count("donor", distinct=True))
        yield Figure(_("Raised"), str(in_base(sums["raised"])), gifts_url(campaign=self.object.pk))
        yield Figure(_("Gifts"), str(sums["gifts"]))
        yield Figure(_("Donors"), str(sums["donors"]))
        if sums["gifts"]:
            yield Figure(_("Average gift"), str(in_base(sums["raised"] / sums["gifts"])))

    def panels(self) -> Iterable[Panel]:
        """The goal and the appeals."""
        return [
            Panel("progress", _("On the way to the goal"), "wagtailadmin/giving/panels/goal.html", _goal_of),
            Panel("appeals", _("Appeals"), "wagtailadmin/giving/panels/appeals.html", _appeals_of),
        ]

    def side_panels(self) -> Iterable[Panel]:
        """The facts."""
        campaign = self.object
        facts = [
            (_("Starts on"), campaign.starts_on, None),
            (_("Ends on"), campaign.ends_on, None),
            (_("Budget"), in_base(campaign.budget) if campaign.budget else None, None),
            (_("Part of"), campaign.parent, page_of(campaign.parent) if campaign.parent else None),
            (_("About"), campaign.description, None),
        ]
        shown = [fact for fact in facts if fact[1]]
        return [Panel("facts", _("Facts"), "wagtailadmin/giving/panels/facts.html", lambda obj: {"facts": shown})]


def _goal_of(campaign: Campaign) -> dict[str, Any]:
    row = with_results(Campaign.objects.filter(pk=campaign.pk), "campaign").get()
    return {"raised": in_base(row.raised), "goal": in_base(campaign.goal) if campaign.goal else None}


def _appeals_of(campaign: Campaign) -> dict[str, Any]:
    appeals = []
    for appeal in with_results(campaign.appeals.all(), "appeal"):
        raised, cost = in_base(appeal.raised), in_base(appeal.cost)
        appeals.append(
            {
                "appeal": appeal,
                "url": page_of(appeal),
                "raised": raised,
                "cost": cost,
                "net": raised - cost,
                # What came back for each unit of money spent.
                "returned": raised.amount / cost.amount if cost else None,
                "response": Decimal(100) * appeal.gift_count / appeal.number_sent if appeal.number_sent else None,
            }
        )
    return {"appeals": appeals, "add_url": f"{reverse('appeals:add')}?{urlencode({'campaign': campaign.pk})}"}


class CampaignViewSet(StaffViewSet):
    """Fundraising efforts."""

    model = Campaign
    icon = "crosshairs"
    menu_label = _("Campaigns")
    menu_area = Area.GIVING
    menu_order = 50
    inspect_view_enabled = True
    inspect_view_class = CampaignRecordView
    select_related = ["parent"]
    list_display = [
        "name",
        DateColumn("starts_on", label=_("Starts on"), sort_key="starts_on"),
        DateColumn("ends_on", label=_("Ends on"), sort_key="ends_on"),
        AmountColumn("goal", label=_("Goal"), currency=None, sort_key="goal"),
        ResultColumn("raised", label=_("Raised"), sort_key="raised"),
        NumberColumn("gift_count", label=_("Gifts"), sort_key="gift_count"),
    ]
    list_export = ["name", "code", "goal", "raised", "gift_count", "starts_on", "ends_on"]
    search_fields = ["name", "code"]
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("code")]),
        FieldPanel("description"),
        FieldRowPanel([FieldPanel("goal"), FieldPanel("budget")]),
        FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
        FieldPanel("parent"),
    ]
    empty_message = _(
        "A campaign is an effort with a goal, such as “A new roof”. Start with the one you are running now."
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        """Campaigns with what they brought."""
        return with_results(super().base_queryset(request), "campaign")


class CampaignChooserViewSet(StaffChooserViewSet):
    """Pick a campaign."""

    model = Campaign
    icon = "crosshairs"
    search_fields = ["name", "code"]
