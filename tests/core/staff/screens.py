"""A viewset made for these tests, over campaigns, with an address map of its own."""

import datetime as dt
from decimal import Decimal

from django import forms
from django.db.models import Sum
from django.urls import include, path
from wagtail.admin.panels import FieldPanel

from config.urls import urlpatterns as site_urls
from core.audit import record
from core.errors import DomainError
from core.money import Money
from core.staff.bulk import StaffBulkAction
from core.staff.choosers import StaffChooserViewSet
from core.staff.columns import AmountColumn, DateColumn, LinkColumn, StatusChipColumn
from core.staff.parts import Chip, Figure, Panel, TimelineEvent
from core.staff.records import RecordView
from core.staff.verbs import ReasonForm, VerbView
from core.staff.viewsets import StaffViewSet
from donations.models import Campaign


class GoalTooSmallError(DomainError):
    field = "goal"


def raise_goal(campaign, *, by, goal, reason=""):
    """Raise the goal: the verb under test."""
    if campaign.goal is not None and goal <= campaign.goal:
        raise GoalTooSmallError("A goal can only be raised.")
    old, campaign.goal = campaign.goal, goal
    campaign.full_clean()
    campaign.save()
    record("campaign.goal_raised", campaign, by=by, old={"goal": old}, new={"goal": goal}, reason=reason)
    return campaign


class GoalForm(ReasonForm):
    goal = forms.DecimalField(label="New goal")


class RaiseGoalView(VerbView):
    verb = staticmethod(raise_goal)
    title = "Raise the goal"
    question = "Raise the goal of %(object)s?"
    explanation = "Everyone sees the new goal at once."
    form_class = GoalForm
    success_message = "The goal of %(object)s is raised."

    @classmethod
    def refusal(cls, campaign):
        return "It has no goal yet." if campaign.goal is None else ""

    def facts(self):
        return [("Goal now", self.object.goal)]


def found_campaign(*, by):
    """A verb that needs no record."""
    campaign = Campaign.objects.create(name="Founded", code="founded")
    record("campaign.founded", campaign, by=by)
    return campaign


class FoundCampaignView(VerbView):
    verb = staticmethod(found_campaign)
    permission = "donations.add_campaign"
    needs_object = False
    title = "Found one"


class CampaignRecordView(RecordView):
    timeline_page = 3

    def chips(self):
        return [Chip("Running", "good")]

    def figures(self):
        return [Figure("Goal", "1,000")]

    def tabs(self):
        return [("overview", "Overview"), ("secret", "Secret")]

    def panels(self):
        panel = {"overview": "The facts", "secret": "The secret"}[self.tab]
        needs = "donations.change_campaign" if self.tab == "secret" else ""
        return [Panel(self.tab, panel, "wagtailadmin/steward/panels/facts.html", lambda c: {}, permission=needs)]

    def timeline(self, before, limit):
        events = [
            TimelineEvent(at=dt.datetime(2026, 1, day, tzinfo=dt.UTC), kind="test", pk=day, title=f"Day {day}")
            for day in range(7, 0, -1)
        ]
        return [event for event in events if before is None or event.at < before.at][:limit]


class CampaignViewSet(StaffViewSet):
    model = Campaign
    icon = "flag"
    inspect_view_enabled = True
    inspect_view_class = CampaignRecordView
    list_display = [
        "name",
        LinkColumn("parent", get_url=lambda campaign: "/there/" if campaign.parent_id else None),
        AmountColumn("goal", currency=None),
        DateColumn("starts_on"),
        StatusChipColumn("code", tones={"spring": "good"}),
    ]
    list_filter = ["parent"]
    search_fields = ["name", "code"]
    select_related = ["parent"]
    panels = [FieldPanel("name"), FieldPanel("code"), FieldPanel("goal"), FieldPanel("starts_on")]
    list_export = ["name", "parent", "goal", "starts_on"]
    verb_views = {"raise": RaiseGoalView, "found": FoundCampaignView}
    empty_message = "Start with the campaign you are running now."

    def totals(self, queryset):
        return [("Goals", Money(queryset.aggregate(total=Sum("goal"))["total"] or Decimal(0), "EUR"))]


class CampaignChooserViewSet(StaffChooserViewSet):
    model = Campaign
    register_widget = False
    search_fields = ["name", "code"]
    select_related = ["parent"]
    form_fields = ["name", "code"]


viewset = CampaignViewSet("test_campaigns")
chooser = CampaignChooserViewSet("test_campaign_chooser")


class RaiseGoals(StaffBulkAction):
    viewset = viewset
    verb = staticmethod(raise_goal)
    form_class = GoalForm
    action_type = "raise"
    display_name = "Raise goals"


def _addresses(viewset):
    namespace = viewset.url_namespace
    return path(f"{namespace}/", include((viewset.get_urlpatterns(), namespace), namespace=namespace))


def bulk(request):
    return RaiseGoals(request, Campaign).dispatch(request)


urlpatterns = [
    path("screens/", include([_addresses(viewset), _addresses(chooser), path("bulk/", bulk)])),
    *site_urls,
]
