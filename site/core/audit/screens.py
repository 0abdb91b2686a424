"""The audit as a list: who did what, when, across all records. For those who may read it."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import AdminDateInput

from core.audit.describe import Change, describe
from core.audit.models import AuditEntry
from core.audit.verbs import verb_name
from core.tables import StaffTableView, StewardTable

PERMISSION = "core.view_auditentry"


class AuditFilters(WagtailFilterSet):
    """Narrow the audit by verb, person and days."""

    action = django_filters.ChoiceFilter(label=_("What"))
    user = django_filters.ModelChoiceFilter(label=_("Who"), queryset=None)
    since = django_filters.DateFilter(
        field_name="timestamp", lookup_expr="date__gte", label=_("From"), widget=AdminDateInput
    )
    until = django_filters.DateFilter(
        field_name="timestamp", lookup_expr="date__lte", label=_("To"), widget=AdminDateInput
    )

    class Meta:
        model = AuditEntry
        fields = ["action", "user"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        verbs = AuditEntry.objects.order_by("action").values_list("action", flat=True).distinct()
        self.filters["action"].extra["choices"] = sorted(((v, verb_name(v)) for v in verbs), key=lambda pair: pair[1])
        self.filters["user"].queryset = get_user_model().objects.filter(is_staff=True).order_by("last_name", "email")


class AuditTable(StewardTable):
    """One line an entry."""

    sequence = tables.Column(verbose_name=_("No."))
    timestamp = tables.Column(verbose_name=_("When"))
    user = tables.Column(verbose_name=_("Who"), accessor="user_display_name", orderable=False)
    message = tables.Column(verbose_name=_("What"), orderable=False)
    label = tables.Column(verbose_name=_("Record"), orderable=False)

    class Meta(StewardTable.Meta):
        order_by = "-timestamp"
        empty_text = _("Nothing has been done that these filters let through.")

    @cached_property
    def changes(self) -> dict[int, list[Change]]:
        """The changes of the page, in a constant number of queries."""
        return describe(row.record for row in self.paginated_rows)

    def render_timestamp(self, record: AuditEntry) -> str:
        """Write the instant."""
        return render_to_string("wagtailadmin/steward/moment.html", {"value": record.timestamp})

    def render_message(self, record: AuditEntry) -> str:
        """Write what was done, and each value before and after."""
        changes = self.changes.get(record.pk, [])
        return render_to_string("wagtailadmin/steward/changes.html", {"instance": record, "changes": changes})

    def value_message(self, record: AuditEntry) -> str:
        """Return what was done."""
        return record.message

    def value_timestamp(self, record: AuditEntry) -> Any:
        """Return the instant."""
        return record.timestamp

    def order_timestamp(self, queryset: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        """Keep entries of one instant in their order."""
        return queryset.order_by(*(("-timestamp", "-pk") if is_descending else ("timestamp", "pk"))), True


class AuditView(StaffTableView):
    """Who did what."""

    table_class = AuditTable
    filterset_class = AuditFilters
    permission = PERMISSION
    export_permission = PERMISSION
    page_title = _("Audit")
    header_icon = "history"
    help_text = _(
        "Everything that was done to a record, a role or a setting, and every file that was taken away. Nothing can "
        "be changed or removed here; “No.” appears once an entry is sealed into the chain."
    )

    def get_queryset(self) -> QuerySet[AuditEntry]:
        """Return every entry with what its line needs."""
        return AuditEntry.objects.readable()


class AuditMenuItem(MenuItem):
    """The way to the audit, for those who may read it."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Hide it from everybody else."""
        return request.user.has_perm(PERMISSION)


def audit_menu_item() -> MenuItem:
    """Stand under Settings."""
    return AuditMenuItem(_("Audit"), reverse("audit"), name="audit", icon_name="history", order=900)
