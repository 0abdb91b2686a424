"""What gifts are sorted by: funds, campaigns with their appeals, and exchange rates."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column

from core.money import Money
from core.organisation import current_organisation
from core.staff.choosers import StaffChooserViewSet
from core.staff.columns import AmountColumn, BooleanColumn, DateColumn, LinkColumn, NumberColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.parts import Action, Figure, Panel
from core.staff.records import RecordView
from core.staff.viewsets import StaffViewSet
from donations.models import Appeal, Campaign, ExchangeRate, Fund, Gift, LedgerEntry
from donations.staff.links import page_of

_AMOUNT = DecimalField(max_digits=18, decimal_places=3)


def _base(amount: Decimal | None) -> Money:
    return Money(amount or Decimal(0), current_organisation().base_currency)


def with_results(queryset: QuerySet, pointer: str) -> QuerySet:
    """Add what counted gifts brought (`raised`, base currency) and how many there were, for each row pointed at."""
    gifts = Gift.objects.counted().filter(**{pointer: OuterRef("pk")}).order_by().values(pointer)
    return queryset.annotate(
        raised=Coalesce(
            Subquery(gifts.annotate(t=Sum("net_base_amount")).values("t")), Decimal(0), output_field=_AMOUNT
        ),
        gift_count=Coalesce(Subquery(gifts.annotate(n=Count("pk")).values("n")), 0),
    )


class ResultColumn(AmountColumn):
    """An amount of an annotation, in base currency."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(name, accessor=lambda row: _base(getattr(row, name)), currency=None, **kwargs)


class FundRecordView(RecordView):
    """One fund: what it is for, what it holds."""

    def figures(self) -> Iterable[Figure]:
        """What came in and what it was by year."""
        held = LedgerEntry.objects.filter(fund=self.object).aggregate(t=Sum("base_amount"))["t"]
        yield Figure(_("Received in all"), str(_base(held)), gifts_url(allocations__fund=self.object.pk))

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


class CampaignRecordView(RecordView):
    """One campaign: how far it is, and what each appeal brought for its cost."""

    def figures(self) -> Iterable[Figure]:
        """Raised, of what goal, from how many."""
        counted = Gift.objects.counted().filter(campaign=self.object)
        sums = counted.aggregate(raised=Sum("net_base_amount"), gifts=Count("pk"), donors=Count("donor", distinct=True))
        yield Figure(_("Raised"), str(_base(sums["raised"])), gifts_url(campaign=self.object.pk))
        yield Figure(_("Gifts"), str(sums["gifts"]))
        yield Figure(_("Donors"), str(sums["donors"]))
        if sums["gifts"]:
            yield Figure(_("Average gift"), str(_base(sums["raised"] / sums["gifts"])))

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
            (_("Budget"), _base(campaign.budget) if campaign.budget else None, None),
            (_("Part of"), campaign.parent, page_of(campaign.parent) if campaign.parent else None),
            (_("About"), campaign.description, None),
        ]
        shown = [fact for fact in facts if fact[1]]
        return [Panel("facts", _("Facts"), "wagtailadmin/giving/panels/facts.html", lambda obj: {"facts": shown})]


def _goal_of(campaign: Campaign) -> dict[str, Any]:
    row = with_results(Campaign.objects.filter(pk=campaign.pk), "campaign").get()
    return {"raised": _base(row.raised), "goal": _base(campaign.goal) if campaign.goal else None}


def _appeals_of(campaign: Campaign) -> dict[str, Any]:
    appeals = []
    for appeal in with_results(campaign.appeals.all(), "appeal"):
        raised, cost = _base(appeal.raised), _base(appeal.cost)
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


class ExchangeRateViewSet(StaffViewSet):
    """What other currencies were worth."""

    model = ExchangeRate
    icon = "globe"
    menu_label = _("Exchange rates")
    menu_area = Area.SETTINGS
    menu_order = 300
    list_display = ["currency", DateColumn("valid_from", label=_("From")), NumberColumn("rate", label=_("Rate"))]
    list_filter = ["currency"]
    panels = [FieldRowPanel([FieldPanel("currency"), FieldPanel("valid_from"), FieldPanel("rate")])]
    empty_message = _("Gifts in your own currency need no rate. Add one here before recording a gift in another.")


class FundChooserViewSet(StaffChooserViewSet):
    """Pick a fund."""

    model = Fund
    icon = "folder-open-1"
    search_fields = ["name", "code"]


class CampaignChooserViewSet(StaffChooserViewSet):
    """Pick a campaign."""

    model = Campaign
    icon = "crosshairs"
    search_fields = ["name", "code"]


class AppealChooserViewSet(StaffChooserViewSet):
    """Pick an appeal."""

    model = Appeal
    icon = "mail"
    search_fields = ["name", "code", "campaign__name"]
    select_related = ["campaign"]


def gifts_url(**filters: Any) -> str:
    """Return the list of gifts behind a number."""
    return f"{reverse('gifts:index')}?{urlencode(filters)}"
