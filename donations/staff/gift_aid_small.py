"""Small donations by tax year: what to enter under GASDS in HMRC's Charities Online."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from core import clock
from core.tables import AmountColumn, DateColumn, NumberColumn, StaffTableView, StewardTable
from donations.gift_aid.small import SmallDonations, small_donations


class SmallDonationsTable(StewardTable):
    """By tax year."""

    name = tables.Column(verbose_name=_("Tax year"), orderable=False)
    gifts = NumberColumn(verbose_name=_("Small cash gifts"), orderable=False)
    received = AmountColumn(verbose_name=_("They come to"), orderable=False)
    gift_aided = AmountColumn(verbose_name=_("Gift Aid claimed on"), orderable=False)
    claimable = AmountColumn(verbose_name=_("To claim on"), orderable=False)
    top_up = AmountColumn(verbose_name=_("Top-up"), orderable=False)
    claim_by = DateColumn(verbose_name=_("Claim by"), orderable=False)

    class Meta(StewardTable.Meta):
        empty_text = _("No tax year can be claimed for.")


class SmallDonationsView(StaffTableView):
    """What HMRC tops up without a declaration."""

    table_class = SmallDonationsTable
    permission = "donations.view_giftaidclaim"
    export_permission = "donations.export_giftaidclaim"
    page_title = _("Small donations (GASDS)")
    header_icon = "form"
    help_text = _(
        "HMRC tops up cash gifts of £30 or less that came without a declaration by a quarter: on at most £8,000 a tax "
        "year, and on ten times what you claim Gift Aid on in that year. Enter “To claim on” for the year in Charities "
        "Online. Left out are dues and gifts with something in return. Add contactless gifts, and money from "
        "collections entered as one sum, from your own records; take off what you have claimed on already."
    )

    def get_queryset(self) -> list[SmallDonations]:  # type: ignore[override]
        """The years that are still open."""
        return small_donations(clock.today())
