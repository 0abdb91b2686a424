"""Campaigns: fundraising efforts with a goal, how far they are, and what each part and appeal brought."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Case, Count, DecimalField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column

from core import audit, clock
from core.staff.asked import acting
from core.staff.choosers import StaffChooserViewSet
from core.staff.columns import DateColumn, NumberColumn
from core.staff.menu import Area
from core.staff.parts import Action, Chip, Figure, Panel, Text
from core.staff.records import RecordView
from core.staff.views import StaffIndexView
from core.staff.viewsets import StaffViewSet
from core.theme.charts import written
from donations.campaigns.arranging import add_campaign, change_campaign, remove_campaign
from donations.campaigns.documents import campaign_document
from donations.campaigns.page import CampaignPage, campaign_page
from donations.campaigns.results import raised_by_campaign
from donations.campaigns.wording import base, percent, whole
from donations.models import Campaign, Gift
from donations.staff.links import gifts_url, page_of
from donations.staff.results import ResultColumn

_LATEST = 8
# The board reads figures; who gave what is for those who see gifts.
_SEE_GIFTS = "donations.view_gift"


class CampaignRecordView(RecordView):
    """One campaign: how far it is, how giving added up, and what each part and appeal brought for its cost."""

    template_name = "wagtailadmin/giving/campaign.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with the page, or with the same on paper; who took that is written down."""
        if request.GET.get("format") != "pdf":
            return super().get(request, *args, **kwargs)
        audit.record("campaign.downloaded", self.object, by=acting(request))
        response = HttpResponse(campaign_document(self.page), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{self.object.code}-{clock.today()}.pdf"'
        response["Cache-Control"] = "private, no-store"
        return response

    @cached_property
    def page(self) -> CampaignPage:
        """Everything it says, asked once."""
        return campaign_page(self.object)

    def subtitle(self) -> Text:
        """When, and what for."""
        return " · ".join(word for word in (self.page.when, self.object.description) if word) or super().subtitle()

    def chips(self) -> Iterable[Chip]:
        """Where it stands in time, and whether the goal is reached."""
        yield Chip(*self.page.state)
        if self.page.is_reached:
            yield Chip(_("Goal reached"), "good")

    def figures(self) -> Iterable[Figure]:
        """Who gave how much, who answered, what it cost and what that returned."""
        total = self.page.total
        yield Figure(_("Gifts"), written(total.gifts), gifts_url(campaign=self.object.pk))
        donors = ngettext("Donors, %(new)s of them new", "Donors, %(new)s of them new", total.donors)
        yield Figure(donors % {"new": written(total.new_donors)}, written(total.donors))
        yield Figure(_("Average gift"), base(total.average))
        yield Figure(_("Median gift"), base(total.median))
        yield Figure(_("Response"), percent(total.response_rate))
        cost = _("Cost, of a budget of %(budget)s") % {"budget": whole(self.object.budget)}
        yield Figure(cost if self.object.budget else _("Cost"), whole(total.cost))
        yield Figure(_("Net"), whole(total.net))
        yield Figure(_("Return on cost"), percent(total.roi))
        yield Figure(_("Cost to raise %(one)s") % {"one": whole(Decimal(1))}, base(total.cost_to_raise_one))

    def actions(self) -> Iterable[Action]:
        """The same on paper."""
        yield Action(_("As PDF"), "?format=pdf", icon="download", primary=True)

    def panels(self) -> Iterable[Panel]:
        """The curve, the appeals, the parts, promises, and the newest gifts."""
        where = "wagtailadmin/giving/panels"
        return [
            Panel("curve", "", f"{where}/campaign_curve.html", self._curve),
            Panel("appeals", _("Appeals"), f"{where}/campaign_appeals.html", self._appeals),
            Panel("parts", _("Parts of it"), f"{where}/campaign_parts.html", self._parts),
            Panel("promised", _("Promised and received"), f"{where}/campaign_promised.html", self._promised),
            Panel(
                "latest",
                _("Latest gifts"),
                f"{where}/campaign_latest.html",
                self._latest,
                permission=_SEE_GIFTS,
            ),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the page's own facts."""
        parent = self.object.parent
        return super().get_context_data(**kwargs) | {
            "page": self.page,
            "sentences": list(self.page.sentences()),
            "bar": _bar(self.page),
            "parent": (parent, page_of(parent)) if parent else None,
        }

    def _curve(self, campaign: Campaign) -> dict[str, Any] | None:
        return {"chart": self.page.chart} if self.page.chart else None

    def _appeals(self, campaign: Campaign) -> dict[str, Any]:
        found = self.page.found
        rest = found.total.gifts - found.named.gifts
        return {
            "appeals": [(appeal, page_of(appeal), results) for appeal, results in found.appeals],
            "named": found.named,
            "rest": (rest, found.total.revenue - found.named.revenue) if rest and found.appeals else None,
            "add_url": f"{reverse('appeals:add')}?{urlencode({'campaign': campaign.pk})}",
            "several": len(found.within) > 1,
        }

    def _parts(self, campaign: Campaign) -> dict[str, Any] | None:
        rows = [
            (part, page_of(part), results, _share_of(results.revenue, part.goal))
            for part, results in self.page.found.parts
        ]
        return {"parts": rows} if rows else None

    def _promised(self, campaign: Campaign) -> dict[str, Any] | None:
        promised = self.page.total.promised
        return {"promised": promised} if promised.pledged or promised.expected else None

    def _latest(self, campaign: Campaign) -> dict[str, Any] | None:
        gifts = Gift.objects.counted().filter(campaign__in=self.page.found.within)
        newest = gifts.select_related("donor", "appeal").order_by("-received_on", "-pk")[:_LATEST]
        rows = [(gift, page_of(gift), page_of(gift.donor)) for gift in newest]
        return {"gifts": rows, "more_url": gifts_url(campaign=campaign.pk)} if rows else None


def _share_of(revenue: Decimal, goal: Decimal | None) -> Decimal | None:
    return revenue / goal if goal else None


def _bar(page: CampaignPage) -> dict[str, str] | None:
    """Return the bar in per cent of its length: what is raised, and where it would be were it even over time."""
    if page.share is None:
        return None
    gone = page.time_gone if not page.is_reached else None
    return {"raised": f"{min(page.share, Decimal(1)) * 100:.2f}%", "today": f"{gone * 100:.2f}%" if gone else ""}


class CampaignIndexView(StaffIndexView):
    """The list of campaigns, with what each raised together with its parts."""

    def get_base_queryset(self) -> QuerySet[Campaign]:
        """Add what was raised, so that the list can be ordered by it."""
        amount = DecimalField(max_digits=18, decimal_places=3)
        raised = [When(pk=key, then=Value(total, amount)) for key, total in raised_by_campaign().items()]
        appeals = Campaign.objects.filter(pk=OuterRef("pk")).order_by().values("pk").annotate(n=Count("appeals"))
        return super().get_base_queryset().annotate(
            raised=Case(*raised, default=Value(Decimal(0), amount), output_field=amount),
            appeal_count=Coalesce(Subquery(appeals.values("n")), 0),
        )  # fmt: skip


class CampaignViewSet(StaffViewSet):
    """Fundraising efforts."""

    model = Campaign
    icon = "crosshairs"
    menu_label = _("Campaigns")
    menu_area = Area.GIVING
    menu_order = 50
    index_view_class = CampaignIndexView
    inspect_view_enabled = True
    inspect_view_class = CampaignRecordView
    select_related = ["parent", "compared_with"]
    list_display = [
        "name",
        Column("parent", label=_("Part of"), sort_key="parent__name"),
        DateColumn("starts_on", label=_("Starts on"), sort_key="starts_on"),
        DateColumn("ends_on", label=_("Ends on"), sort_key="ends_on"),
        ResultColumn("goal", label=_("Goal"), sort_key="goal"),
        ResultColumn("raised", label=_("Raised"), sort_key="raised"),
        NumberColumn("appeal_count", label=_("Appeals"), sort_key="appeal_count"),
    ]
    list_filter = ["parent"]
    list_export = ["name", "code", "parent", "goal", "budget", "raised", "appeal_count", "starts_on", "ends_on"]
    search_fields = ["name", "code"]
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("code")]),
        FieldPanel("description"),
        FieldRowPanel([FieldPanel("goal"), FieldPanel("budget")]),
        FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
        FieldPanel("parent"),
        FieldPanel("compared_with"),
    ]
    verbs = {"create": add_campaign, "edit": change_campaign, "delete": remove_campaign}
    empty_message = _(
        "A campaign is an effort with a goal, such as “A new roof”. Start with the one you are running now."
    )


class CampaignChooserViewSet(StaffChooserViewSet):
    """Pick a campaign."""

    model = Campaign
    icon = "crosshairs"
    search_fields = ["name", "code"]
