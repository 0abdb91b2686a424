"""Whom to ask for a Gift Aid declaration, the one who would bring most first."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.db.models import Count, Max, QuerySet, Sum
from django.db.models.functions import Round
from django.utils.translation import gettext_lazy as _

from core import clock
from core.tables import AmountColumn, DateColumn, StaffTableView, StewardTable
from donations.gift_aid.asking import missed_gifts


class AskingTable(StewardTable):
    """A donor without a declaration: what they gave in the past four years, and what it would bring."""

    donor__display_name = tables.Column(
        verbose_name=_("Donor"),
        order_by=("donor__sort_name", "donor"),
        linkify=("constituents:inspect", {"pk": tables.A("donor")}),
    )
    gifts = tables.Column(verbose_name=_("Gifts"), attrs={"td": {"class": "s-amount"}, "th": {"class": "s-amount"}})
    given = AmountColumn(verbose_name=_("Given in the past four years"), total=True)
    tax = AmountColumn(verbose_name=_("A declaration would bring"), total=True)
    last_gift = DateColumn(verbose_name=_("Last gift"))

    class Meta(StewardTable.Meta):
        empty_text = _("Nobody: everyone whose gifts could be claimed has declared, or told us they cannot.")


class AskingView(StaffTableView):
    """The list to take to the telephone."""

    table_class = AskingTable
    permission = "donations.view_giftaiddeclaration"
    export_permission = "donations.export_giftaiddeclaration"
    page_title = _("Whom to ask for Gift Aid")
    header_icon = "help"
    help_text = _(
        "People who gave money in the past four years and have made no declaration. One made today for past gifts lets "
        "you claim a quarter of what they gave. As a segment: “could be asked for a Gift Aid declaration”."
    )

    def get_queryset(self) -> QuerySet[Any]:
        """Each donor with what they gave."""
        gifts = missed_gifts(clock.today())
        return (
            gifts.values("donor", "donor__display_name", "donor__sort_name")
            .annotate(
                gifts=Count("pk"),
                given=Round(Sum("net_base_amount"), 3),
                tax=Round(Sum("net_base_amount") * Decimal("0.25"), 2),
                last_gift=Max("received_on"),
            )
            .order_by("-tax", "donor__sort_name", "donor")
        )
