"""Small donations by tax year: what came, what was claimed on, what is left; the way to collections and claims."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets.button import HeaderButton

from core import clock
from core.tables import AmountColumn, DateColumn, StaffTableView, StewardTable
from donations.gift_aid.small import SmallDonations, small_donations


class SmallDonationsTable(StewardTable):
    """By tax year."""

    name = tables.Column(verbose_name=_("Tax year"), orderable=False)
    received = AmountColumn(verbose_name=_("Small donations"), orderable=False)
    limit = AmountColumn(verbose_name=_("May be claimed on"), orderable=False)
    claimed = AmountColumn(verbose_name=_("Claimed on"), orderable=False)
    claimable = AmountColumn(verbose_name=_("Left to claim on"), orderable=False)
    top_up = AmountColumn(verbose_name=_("Brings"), orderable=False)
    claim_by = DateColumn(verbose_name=_("Claim by"), orderable=False)

    class Meta(StewardTable.Meta):
        empty_text = _("No tax year can be claimed for.")

    def render_name(self, value: str, record: SmallDonations) -> SafeString | str:
        """Lead to the claim, where there is something to claim on and one may."""
        if not record.claimable or not self.request.user.has_perm("donations.add_smallclaim"):
            return value
        url = f"{reverse('small_claims:gather')}?tax_year={record.year}"
        return format_html('{}&ensp;<a class="s-nowrap" href="{}">{}</a>', value, url, _("Begin a claim"))

    def value_name(self, value: str) -> str:
        """Only the year goes into the file."""
        return value


class SmallDonationsView(StaffTableView):
    """What HMRC tops up without a declaration."""

    table_class = SmallDonationsTable
    template_name = "wagtailadmin/giving/small_donations.html"
    permission = "donations.view_giftaidclaim"
    export_permission = "donations.export_giftaidclaim"
    page_title = _("Small donations (GASDS)")
    header_icon = "form"
    help_text = _(
        "HMRC tops up gifts of £30 or less that came in cash or by a tap of a card, without a declaration, by a "
        "quarter: on at most £8,000 a tax year, and on ten times what you claimed Gift Aid on of that year’s gifts. "
        "Cash gifts on record count by themselves; enter boxes, plates and card readers as collections. Left out are "
        "dues and gifts with something in return."
    )

    def get_queryset(self) -> list[SmallDonations]:  # type: ignore[override]
        """The years that are still open."""
        if not hasattr(self, "_years"):
            self._years = small_donations(clock.today())
        return self._years

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """The way to what they are made of, and to what became of them."""
        return [
            HeaderButton(_("Collections"), url=reverse("small_collections:index"), icon_name="list-ul"),
            HeaderButton(_("Claims"), url=reverse("small_claims:index"), icon_name="form"),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say which year was claimed on beyond what it allows by now."""
        over = [year for year in self.get_queryset() if year.over_claimed]
        return super().get_context_data(**kwargs) | {"over_claimed": over}
