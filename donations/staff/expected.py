"""Expected gifts: promised by transfer or cheque, marked as received one by one or many at once."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn

from core.staff.bulk import StaffBulkAction
from core.staff.columns import AmountColumn, DateColumn
from donations.forms import ReceivedForm
from donations.models import Gift
from donations.services.gifts import post_gift
from donations.staff.gifts import CancelGiftView, GiftIndexView, GiftViewSet, MarkReceivedView
from donations.staff.links import page_of


class ExpectedIndexView(GiftIndexView):
    """The list of expected gifts."""

    page_title = _("Expected gifts")


class ExpectedGiftViewSet(GiftViewSet):
    """What is promised and not here yet, oldest first."""

    icon = "time"
    menu_label = _("Expected gifts")
    menu_order = 20
    index_view_class = ExpectedIndexView
    list_display = [
        DateColumn("received_on", label=_("Promised on"), sort_key="received_on"),
        TitleColumn("donor", label=_("Donor"), sort_key="donor__sort_name", get_url=page_of),
        AmountColumn("amount", label=_("Amount"), sort_key="base_amount"),
        Column("reference", label=_("Reference")),
        Column("fund_names", label=_("For")),
        Column("get_method_display", label=_("Method")),
        Column("get_source_display", label=_("Source")),
    ]
    ordering = ["received_on", "pk"]
    verb_views = {"received": MarkReceivedView, "cancel": CancelGiftView}
    empty_message = _("Nothing is on its way. Gifts promised on the giving page wait here until the money comes.")

    def base_queryset(self, request: HttpRequest) -> QuerySet[Gift]:
        """Only what is still to come."""
        return Gift.objects.for_list().expected()

    def totals(self, queryset: QuerySet[Gift]) -> list[tuple[Any, Any]]:
        """How many gifts, and what is to come."""
        return [figure for figure in super().totals(queryset) if figure[0] != _("Received")]

    def register_admin_url_finder(self) -> None:
        """The gift's page is where all gifts are."""

    def record_url(self, instance: Any) -> str:
        """The gift's page is where all gifts are."""
        return page_of(instance) or super().record_url(instance)


expected_gifts = ExpectedGiftViewSet("expected_gifts", url_prefix="expected-gifts")


class MarkAllReceived(StaffBulkAction):
    """The bank statement is on the desk: these have come."""

    viewset = expected_gifts
    verb = staticmethod(post_gift)
    permission = "donations.post_gift"
    action_type = "mark_received"
    display_name = _("Mark as received")
    question = _("Have these gifts come?")
    explanation = _("They go into the books, all dated the day you name.")
    form_class = ReceivedForm
