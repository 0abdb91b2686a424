"""The history of a record: what was done, by whom, when, and each value before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, MultipleUserFilter, WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import history
from wagtail.admin.widgets.button import HeaderButton

from core.audit.describe import describe
from core.audit.models import AuditEntry
from core.audit.verbs import verb_name
from core.staff.asking import AsksFirst
from core.staff.columns import MomentColumn


class HistoryFilterSet(WagtailFilterSet):
    """Narrow a history by verb, by person, by date."""

    action = django_filters.MultipleChoiceFilter(label=_("What"), widget=CheckboxSelectMultiple)
    user = MultipleUserFilter(label=_("Who"), widget=CheckboxSelectMultiple, queryset=None)
    timestamp = django_filters.DateFromToRangeFilter(label=_("When"), widget=DateRangePickerWidget)

    class Meta:
        model = AuditEntry
        fields = ["action", "user", "timestamp"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["action"].extra["choices"] = sorted(
            ((verb, verb_name(verb)) for verb in self.queryset.get_actions()), key=lambda choice: choice[1]
        )
        self.filters["user"].extra["queryset"] = self.queryset.get_users()


class ChangesColumn(Column):
    """What was done and why, with each value before and after."""

    cell_template_name = "wagtailadmin/steward/cells/changes.html"

    def get_cell_context_data(self, instance: AuditEntry, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Add the changes, described for the whole page at once, and the record's name where it is another's."""
        page_of = parent_context.get("object")
        return super().get_cell_context_data(instance, parent_context) | {
            "changes": parent_context["table"].changes.get(instance.pk, []),
            "elsewhere": page_of is None or not instance.is_of(page_of),
        }


class HistoryTable(history.BaseListingView.table_class):
    """A table that knows what its rows changed."""

    @cached_property
    def changes(self) -> dict[int, list[Any]]:
        """The changes of every row, in a constant number of queries."""
        return describe(self.data)


class StaffHistoryView(AsksFirst, history.HistoryView):
    """Wagtail's history screen over our audit."""

    any_permission_required = ["add", "change", "delete", "view"]
    filterset_class = HistoryFilterSet
    table_class = HistoryTable
    viewset = None

    @cached_property
    def columns(self) -> list[Column]:
        """What, who, when."""
        return [
            ChangesColumn("message", label=_("What")),
            Column("user_display_name", label=_("Who"), width="20%"),
            MomentColumn("timestamp", label=_("When"), width="20%"),
        ]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Lead back to the record, for those who may change it or look at it."""
        if self.viewset is None:
            return super().header_buttons
        return [HeaderButton(_("Back to the record"), url=self.viewset.url_of(self.object), icon_name="arrow-left")]

    def get_base_object_queryset(self) -> QuerySet:
        """Hold the same borders as the list."""
        return self.viewset.base_queryset(self.request) if self.viewset else super().get_base_object_queryset()

    def get_base_queryset(self) -> QuerySet:
        """Return the record's entries with what their lines need."""
        return AuditEntry.objects.for_instance(self.object).readable()
