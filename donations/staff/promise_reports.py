"""The reports about promises: promised and came apart, how old what is overdue is, recurring giving by month."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from core import clock
from core.money import Money
from core.organisation import current_organisation
from core.tables import AmountColumn, NumberColumn, StaffTableView, StewardTable
from core.theme.charts import LineChart, Series
from donations.models import Pledge
from donations.promises import reports


class PromisedTable(StewardTable):
    """What was promised and what came of it."""

    name = tables.Column(verbose_name=_("Name"), orderable=False)
    pledges = NumberColumn(verbose_name=_("Pledges"), orderable=False)
    promised = AmountColumn(verbose_name=_("Promised"), currency="currency", total=True, orderable=False)
    came = AmountColumn(verbose_name=_("Came"), currency="currency", total=True, orderable=False)
    written_off = AmountColumn(verbose_name=_("Written off"), currency="currency", total=True, orderable=False)
    left = AmountColumn(verbose_name=_("Still to come"), currency="currency", total=True, orderable=False)
    kept = NumberColumn(verbose_name=_("Kept"), orderable=False)

    class Meta(StewardTable.Meta):
        empty_text = _("Nothing has been promised yet.")

    def render_kept(self, value: Any) -> str:
        """As a percentage."""
        return f"{value:.0f} %"


class PromiseFilters(django_filters.FilterSet):
    """By what it is summed up, and of which days."""

    group = django_filters.ChoiceFilter(
        label=_("By"), choices=list(reports.GROUPS.items()), method="as_it_is", empty_label=None
    )
    since = django_filters.DateFilter("pledged_on", "gte", label=_("Promised from"), widget=AdminDateInput)
    until = django_filters.DateFilter("pledged_on", "lte", label=_("Until"), widget=AdminDateInput)

    class Meta:
        model = Pledge
        fields = ["group", "since", "until"]

    def as_it_is(self, queryset: Any, _name: str, _value: str) -> Any:
        """What it is summed up by leaves none out."""
        return queryset


class PromisedView(StaffTableView):
    """Promised and came, apart; and what is overdue for how long."""

    table_class = PromisedTable
    filterset_class = PromiseFilters
    template_name = "wagtailadmin/giving/promised.html"
    permission = "donations.view_pledge"
    export_permission = "donations.export_pledge"
    page_title = _("Promised and came")
    header_icon = "calendar-alt"
    help_text = _("What was promised is no income until it comes. Here the two stand side by side, in each currency.")

    def get_queryset(self) -> Any:
        """Every pledge; the filter narrows them."""
        return Pledge.objects.all()

    @property
    def group(self) -> str:
        """By what it is summed up."""
        asked = self.request.GET.get("group", "")
        return asked if asked in reports.GROUPS else "campaign"

    @cached_property
    def chosen(self) -> Any:
        """The pledges that the filter lets through."""
        return super().get_rows()

    def get_rows(self) -> Any:
        """Sum them up."""
        return reports.promised_and_came(self.group, self.chosen)

    def get_table(self) -> StewardTable:
        """Head the first column with what the rows are."""
        table = super().get_table()
        table.columns["name"].column.verbose_name = reports.GROUPS[self.group]
        return table

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what is overdue."""
        today = clock.today()
        ages = reports.overdue_ageing(today)
        rows = [(row, Money(row.amount, row.currency)) for row in ages]
        return super().get_context_data(**kwargs) | {"ages": rows}


class MovementTable(StewardTable):
    """What began, grew, shrank and ended, month by month."""

    month = tables.DateColumn(verbose_name=_("Month"), orderable=False, format="M Y")
    started = AmountColumn(verbose_name=_("New"), currency="currency", total=True, orderable=False)
    upgraded = AmountColumn(verbose_name=_("Upgraded"), currency="currency", total=True, orderable=False)
    downgraded = AmountColumn(verbose_name=_("Downgraded"), currency="currency", total=True, orderable=False)
    paused = AmountColumn(verbose_name=_("Paused"), currency="currency", total=True, orderable=False)
    lost = AmountColumn(verbose_name=_("Lost"), currency="currency", total=True, orderable=False)
    net = AmountColumn(verbose_name=_("Net"), currency="currency", total=True, orderable=False)
    monthly = AmountColumn(verbose_name=_("A month"), currency="currency", orderable=False)

    class Meta(StewardTable.Meta):
        empty_text = _("No recurring gift has begun yet.")


class MovementView(StaffTableView):
    """How recurring giving grows and shrinks."""

    table_class = MovementTable
    template_name = "wagtailadmin/giving/movements.html"
    permission = "donations.view_recurringgift"
    export_permission = "donations.export_recurringgift"
    page_title = _("Recurring giving by month")
    header_icon = "rotate"
    help_text = _(
        "Every amount is what an average month brings, in the base currency: a yearly gift counts a twelfth. What goes "
        "on after a pause counts against the pauses, what comes again against what was lost."
    )
    months = 24

    @cached_property
    def movements(self) -> list[reports.Movement]:
        """The last two years, the latest month first."""
        return reports.movements(*reports.last_months(self.months))

    def get_queryset(self) -> Any:
        """Month by month."""
        return self.movements

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what to expect, and a picture."""
        currency = current_organisation().base_currency
        earliest_first = list(reversed(self.movements))
        chart = None
        if any(each.monthly for each in earliest_first):
            chart = LineChart(
                str(_("What an average month brings")),
                [each.month.strftime("%b %y") for each in earliest_first],
                [Series(str(_("Expected a month")), [each.monthly for each in earliest_first])],
                currency,
            )
        expected = Money(reports.expected_a_month(), currency)
        return super().get_context_data(**kwargs) | {"chart": chart, "expected": expected}
