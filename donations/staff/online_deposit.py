"""Every line of one deposit as a table, and as a sheet."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from core.tables import AmountColumn, DateColumn, StaffTableView, StewardTable
from donations.models import Payout
from donations.staff.links import page_of
from donations.stripe.deposits import DepositRow, rows_of


class LineAmountColumn(AmountColumn):
    """An amount of the line, in its own currency, added up."""

    def __init__(self, accessor: str, **kwargs: Any) -> None:
        super().__init__(accessor=f"line__{accessor}", currency="line__currency", orderable=False, total=True, **kwargs)


class DepositLinesTable(StewardTable):
    """What a deposit is made of."""

    kind = tables.Column(verbose_name=_("What"), accessor="line__get_kind_display", orderable=False)
    happened_at = DateColumn(verbose_name=_("Date"), accessor="line__happened_at", orderable=False)
    donor = tables.Column(verbose_name=_("Donor"), accessor="said", default="", orderable=False)
    funds = tables.Column(verbose_name=_("For"), accessor="funds", default="", orderable=False)
    gross = LineAmountColumn("gross", verbose_name=_("Gross"))
    fee = LineAmountColumn("fee", verbose_name=_("Fee"))
    net = LineAmountColumn("net", verbose_name=_("Net"))
    line_id = tables.Column(verbose_name=_("Id at Stripe"), accessor="line__line_id", orderable=False)

    class Meta(StewardTable.Meta):
        empty_text = _("Stripe has not said yet what this payout is made of.")

    def render_donor(self, value: Any, record: DepositRow) -> SafeString | str:
        """Lead to the gift, or to the payment that waits to become one."""
        url = page_of(record.gift or record.payment) if record.payment else None
        return format_html('<a href="{}">{}</a>', url, value) if url else str(value)

    def value_donor(self, value: Any) -> str:
        """Return the words, for a sheet."""
        return str(value)


class DepositLinesView(StaffTableView):
    """Every line of one deposit."""

    table_class = DepositLinesTable
    permission = "donations.view_payout"
    export_permission = "donations.export_payout"
    header_icon = "download"
    help_text = _("Gross less fee is net, line by line; what is net together is what the bank gets.")

    @cached_property
    def payout(self) -> Payout:
        """The payout asked about."""
        return get_object_or_404(Payout, pk=self.kwargs["pk"])

    @property
    def page_title(self) -> str:  # type: ignore[override]
        """Name the deposit."""
        return _text("Deposit %(payout)s") % {"payout": self.payout}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, payouts, the payout, its lines."""
        items = super().get_breadcrumbs_items()
        payouts = {"url": reverse("payouts:index"), "label": _("Payouts")}
        return [*items[:-1], payouts, {"url": page_of(self.payout) or "", "label": str(self.payout)}, items[-1]]

    def get_queryset(self) -> list[DepositRow]:  # type: ignore[override]
        """By kind, then by time."""
        return rows_of(self.payout)
