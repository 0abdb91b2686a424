"""The list of batches."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn

from accounts.models import User
from core.money import Money
from core.staff.columns import AmountColumn, DateColumn, NumberColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.views import StaffIndexView
from core.staff.viewsets import StaffViewSet
from donations.models import Batch, BatchState, Method
from donations.staff.batch_page import TONES, BatchRecordView
from donations.staff.batch_templates import KeepTemplateView
from donations.staff.batch_verbs import ChangeBatchView, DiscardBatchView, OpenBatchView, PostBatchView
from donations.staff.links import page_of


class BatchFilterSet(WagtailFilterSet):
    """What one asks of a list of batches."""

    state = django_filters.MultipleChoiceFilter(choices=BatchState, label=_("State"))
    opened_at = django_filters.DateFromToRangeFilter(label=_("Opened"), widget=DateRangePickerWidget)
    received_on = django_filters.DateFromToRangeFilter(label=_("Gift date"), widget=DateRangePickerWidget)
    method = django_filters.MultipleChoiceFilter(choices=Method, label=_("Method"))
    opened_by = django_filters.ModelChoiceFilter(
        queryset=User.objects.filter(pk__in=Batch.objects.order_by().values("opened_by")), label=_("Opened by")
    )

    class Meta:
        model = Batch
        fields = ["state", "opened_at", "received_on", "method", "opened_by"]


class BatchIndexView(StaffIndexView):
    """The list of batches."""


class BatchViewSet(StaffViewSet):
    """Every pile there was."""

    model = Batch
    icon = "table"
    menu_label = _("Batches")
    menu_area = Area.GIVING
    menu_order = 15
    add_view_enabled = False
    edit_view_enabled = False
    delete_view_enabled = False
    index_view_class = BatchIndexView
    inspect_view_enabled = True
    inspect_view_class = BatchRecordView
    filterset_class = BatchFilterSet
    select_related = ["opened_by", "closed_by", "fund", "appeal__campaign"]
    list_display = [
        TitleColumn("__str__", label=_("Batch"), sort_key="pk", get_url=page_of),
        StatusChipColumn("state", tones=TONES),
        DateColumn("received_on", label=_("Gift date")),
        Column("get_method_display", label=_("Method"), sort_key="method"),
        NumberColumn("entered_count", label=_("Gifts")),
        NumberColumn("expected_count", label=_("Expected gifts")),
        AmountColumn("entered_total", label=_("Total")),
        AmountColumn("expected_total", label=_("Expected total")),
        Column("opened_by", label=_("Opened by"), sort_key="opened_by__email"),
    ]
    list_export = [
        "pk",
        "title",
        "state",
        "received_on",
        "method",
        "currency",
        "expected_count",
        "expected_total",
        "posted_count",
        "posted_total",
        "opened_at",
        "opened_by",
        "closed_at",
        "closed_by",
        "reason",
    ]
    ordering = ["-opened_at", "-pk"]
    form_fields = []
    verb_views = {
        "open": OpenBatchView,
        "post": PostBatchView,
        "change": ChangeBatchView,
        "template": KeepTemplateView,
        "discard": DiscardBatchView,
    }
    empty_message = _(
        "A batch is a pile of cheques or cash: counted by hand, typed by keyboard alone, posted when both agree. Open "
        "your first one."
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[Batch]:
        """Every batch, with how far it has been typed."""
        return Batch.objects.with_entered()

    def search(self, queryset: QuerySet[Batch], query: str) -> QuerySet[Batch]:
        """Find by number, title, or a donor or reference among its rows."""
        by_number = Q(pk=int(query)) if query.isdecimal() and len(query) < 19 else Q(pk__in=[])
        rows = Q(rows__reference__icontains=query) | Q(rows__donor__sort_name__icontains=query)
        return queryset.filter(
            Q(pk__in=Batch.objects.filter(by_number | Q(title__icontains=query) | rows).values("pk"))
        )

    def totals(self, queryset: QuerySet[Batch]) -> list[tuple[Any, Any]]:
        """How many batches, and what the posted ones brought, each currency by itself."""
        once = Batch.objects.filter(pk__in=queryset.order_by().values("pk")).order_by()
        figures: list[tuple[Any, Any]] = [(_("Batches"), once.count())]
        sums = (
            once.filter(state=BatchState.POSTED)
            .values("currency")
            .annotate(number=Sum("posted_count"), total=Sum("posted_total"))
        )
        for row in sums.order_by("currency"):
            figures.append((_("Gifts posted"), row["number"]))
            figures.append((_("Posted"), Money(row["total"] or Decimal(0), row["currency"])))
        return figures
