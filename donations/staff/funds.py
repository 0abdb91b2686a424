"""Funds: what gifts are for, what came for each by the year, and closing one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets import AdminDateInput

from core import clock
from core.organisation import current_organisation
from core.staff.choosers import StaffChooserViewSet
from core.staff.columns import BooleanColumn, DateColumn, NumberColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.parts import Action, Chip, Figure, Panel, Text
from core.staff.records import RecordView
from core.staff.verbs import ReasonForm, VerbView
from core.staff.viewsets import StaffViewSet
from core.theme.charts import BarChart
from core.theme.figures import day_in_words
from donations.campaigns.closing import close_fund, remove_fund, reopen_fund, users_of
from donations.campaigns.yearly import FundYear, years_of_fund
from donations.models import Fund
from donations.staff.links import gifts_url, page_of
from donations.staff.results import in_base, with_results

_TONES = {"none": "good", "temporary": "waiting", "permanent": "quiet"}
_BARS = 8


class CloseFundForm(ReasonForm):
    """When it closes, and where what still comes goes."""

    closes_on = forms.DateField(label=_("Last day it takes gifts"), widget=AdminDateInput)
    closed_into = forms.ModelChoiceField(
        Fund.objects.none(),
        label=_("What still comes goes to"),
        required=False,
        empty_label=_("Nothing comes by itself"),
        help_text=_("Recurring gifts and open pledges move there."),
    )
    field_order = ["closes_on", "closed_into", "reason"]


class CloseFundView(VerbView):
    """It takes no gifts any more; what would still come goes elsewhere."""

    verb = staticmethod(close_fund)
    permission = "change"
    title = _("Close")
    question = _("Close “%(object)s”?")
    explanation = _("It takes no more gifts after that day, and is no longer offered to donors. What it holds stays.")
    icon = "lock"
    danger = True
    form_class = CloseFundForm
    success_message = _("“%(object)s” is closed.")

    @classmethod
    def refusal(cls, fund: Fund) -> Text:
        """Only an open one, and never the one that gifts go to by themselves."""
        if fund.is_default:
            return _("Gifts go here when nothing else is chosen: make another fund the default first.")
        return _("It is closed already.") if fund.closes_on and fund.closes_on < clock.today() else ""

    def get_form(self, form_class: Any = None) -> BaseForm:
        """Offer the other open funds, and ask for one when something would still come."""
        form = super().get_form(form_class)
        field = form.fields["closed_into"]
        field.queryset = Fund.objects.open_on(clock.today()).exclude(pk=self.object.pk)
        if self.waiting:
            field.required = True
            field.empty_label = _("Choose a fund")
        return form

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"closes_on": clock.today()}

    @cached_property
    def waiting(self) -> list[Any]:
        """What would still come."""
        return users_of(self.object)

    def facts(self) -> Iterable[tuple[Text, Any]]:
        """What would still come, counted."""
        return [(_("Still coming"), f"{count} {user.label}") for user, count in self.waiting]


class ReopenFundView(VerbView):
    """It takes gifts again."""

    verb = staticmethod(reopen_fund)
    permission = "change"
    title = _("Open again")
    question = _("Let “%(object)s” take gifts again?")
    explanation = _("What was moved to another fund when it closed stays there.")
    icon = "lock-open"
    form_class = ReasonForm
    success_message = _("“%(object)s” takes gifts again.")

    @classmethod
    def refusal(cls, fund: Fund) -> Text:
        """Only a closed one."""
        return "" if fund.closes_on else _("It is open.")


class FundRecordView(RecordView):
    """One fund: what it is for, what came by the year."""

    @cached_property
    def years(self) -> list[FundYear]:
        """What came and went, asked once."""
        return years_of_fund(self.object)

    def subtitle(self) -> Text:
        """What it is for."""
        return self.object.purpose or super().subtitle()

    def chips(self) -> Iterable[Chip]:
        """How freely it may be spent, whether it is open, whether it is the one gifts go to."""
        fund = self.object
        yield Chip(fund.get_restriction_display(), _TONES[fund.restriction])
        if fund.is_default:
            yield Chip(_("Default"), "good")
        if not fund.is_open_on(clock.today()):
            yield Chip(_("Closed"), "wrong")

    def figures(self) -> Iterable[Figure]:
        """This year, the one before, in all, and what went back."""
        by_year = {year.year: year for year in self.years}
        this_year = clock.fiscal_year(clock.today())
        for label, year in ((_("This year"), this_year), (_("Last year"), this_year - 1)):
            yield Figure(label, str(in_base(by_year[year].net if year in by_year else None)))
        net = sum((year.net for year in self.years), start=in_base(None).amount)
        yield Figure(_("In all"), str(in_base(net)), gifts_url(allocations__fund=self.object.pk))
        returned = sum((year.returned for year in self.years), start=in_base(None).amount)
        if returned:
            yield Figure(_("Given back or corrected"), str(in_base(returned)))

    def actions(self) -> Iterable[Action]:
        """Give to it."""
        if self.object.is_open_on(clock.today()):
            url = f"{reverse('gifts:add')}?{urlencode({'fund': self.object.pk})}"
            yield Action(_("Record a gift"), url, icon="plus", primary=True)

    def panels(self) -> Iterable[Panel]:
        """What came by the year."""
        return [Panel("years", _("By fiscal year"), "wagtailadmin/giving/panels/fund_years.html", self._years)]

    def _years(self, fund: Fund) -> dict[str, Any]:
        bars = [(str(year.year), year.net) for year in self.years[:_BARS]]
        chart = BarChart(str(_("Received, less what went back")), bars, current_organisation().base_currency)
        return {"years": self.years, "chart": chart if bars else None}

    def side_panels(self) -> Iterable[Panel]:
        """The facts."""
        fund = self.object
        facts = [
            (_("Code"), fund.code, None),
            (_("Account"), fund.accounting_code, None),
            (_("Opened on"), day_in_words(fund.opens_on, "medium") if fund.opens_on else "", None),
            (_("Closes on"), day_in_words(fund.closes_on, "medium") if fund.closes_on else "", None),
            (_("What still comes goes to"), fund.closed_into, page_of(fund.closed_into) if fund.closed_into else None),
            (_("Offered to donors"), _("yes") if fund.is_public else _("no"), None),
        ]
        shown = [fact for fact in facts if fact[1]]
        return [Panel("facts", _("Facts"), "wagtailadmin/giving/panels/facts.html", lambda obj: {"facts": shown})]


class FundViewSet(StaffViewSet):
    """What gifts are for."""

    model = Fund
    icon = "folder-open-1"
    menu_label = _("Funds")
    menu_area = Area.GIVING
    menu_order = 40
    inspect_view_enabled = True
    inspect_view_class = FundRecordView
    select_related = ["closed_into"]
    list_display = [
        "name",
        Column("code"),
        StatusChipColumn("restriction", label=_("Restriction"), tones=_TONES),
        Column("accounting_code", label=_("Account")),
        DateColumn("closes_on", label=_("Closes on")),
        BooleanColumn("is_public", label=_("Offered to donors")),
        BooleanColumn("is_default", label=_("Default")),
        NumberColumn("gift_count", label=_("Gifts"), sort_key="gift_count"),
    ]
    list_filter = ["restriction", "is_public"]
    list_export = ["name", "code", "purpose", "restriction", "accounting_code", "opens_on", "closes_on", "is_public"]
    search_fields = ["name", "code", "purpose"]
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("code")]),
        FieldPanel("purpose"),
        FieldRowPanel([FieldPanel("restriction"), FieldPanel("accounting_code")]),
        FieldPanel("opens_on"),
        FieldRowPanel([FieldPanel("is_public"), FieldPanel("is_default")]),
    ]
    verbs = {"delete": remove_fund}
    verb_views = {"close": CloseFundView, "reopen": ReopenFundView}
    empty_message = _("Every gift goes to a fund. Add your first one, such as “Where it is needed most”.")

    def base_queryset(self, request: HttpRequest) -> QuerySet[Fund]:
        """Funds with how many gifts went to each."""
        return with_results(super().base_queryset(request), "allocations__fund")


class FundChooserViewSet(StaffChooserViewSet):
    """Pick a fund."""

    model = Fund
    icon = "folder-open-1"
    search_fields = ["name", "code"]
