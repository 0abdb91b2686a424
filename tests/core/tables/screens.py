"""A table made for these tests, over campaigns, in the workspace."""

import django_filters
import django_tables2 as tables
from django.urls import path

from config.urls import urlpatterns as site_urls
from core.tables import AmountColumn, DateColumn, NumberColumn, StaffTableView, StatusColumn, StewardTable
from donations.models import Campaign


class CampaignTable(StewardTable):
    name = tables.Column()
    parent = tables.Column()
    starts_on = DateColumn()
    code = StatusColumn(tones={"spring": "good"})
    goal = AmountColumn(total=True)
    budget = AmountColumn(currency="code", total=True)
    length = NumberColumn(accessor="name", orderable=False, exclude_from_export=True)

    class Meta(StewardTable.Meta):
        per_page = 5
        empty_text = "Start with the campaign you are running now."

    def render_length(self, value):
        return len(value)


class CampaignFilters(django_filters.FilterSet):
    class Meta:
        model = Campaign
        fields = {"name": ["icontains"], "goal": ["gte"]}


class CampaignTableView(StaffTableView):
    table_class = CampaignTable
    filterset_class = CampaignFilters
    permission = "donations.view_campaign"
    export_permission = "donations.change_campaign"
    page_title = "Campaigns and their goals"
    help_text = "What each campaign is to bring in."

    def get_queryset(self):
        return Campaign.objects.select_related("parent").order_by("name")


urlpatterns = [path("table/", CampaignTableView.as_view(), name="table"), *site_urls]
