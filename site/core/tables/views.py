"""TableView: a question, its filters, its table, its file."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib.auth.mixins import AccessMixin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext
from django.views.generic import ListView
from django_tables2.config import RequestConfig
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button

from core.exports import FORMATS, download_response
from core.tables.remember import RemembersFilters
from core.tables.table import StewardTable

Text = str | Promise


class TableView(AccessMixin, RemembersFilters, ListView):
    """Show a StewardTable of `get_queryset()`, filtered, ordered by a column of it, paged, exported.

    `?export=csv` or `xlsx` answers with everything the filters let through, for those with `export_permission`.
    """

    table_class: type[StewardTable]
    filterset_class: type[django_filters.FilterSet] | None = None
    #: "app.codename" to look; empty means anyone who is signed in.
    permission = ""
    #: "app.codename" to take a file; empty means there is no export.
    export_permission = ""
    page_title: Text = ""

    @property
    def remember_as(self) -> str:
        """The address is the list."""
        return self.request.path

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let in who may look."""
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        if self.permission and not request.user.has_perm(self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """Answer with the page, or with the file when that is asked for."""
        if "export" in request.GET:
            return self.export(request.GET["export"])
        return super().get(request, *args, **kwargs)

    @cached_property
    def filterset(self) -> django_filters.FilterSet | None:
        """The filters as asked for."""
        if self.filterset_class is None:
            return None
        return self.filterset_class(self.request.GET or None, queryset=self.get_queryset(), request=self.request)

    def get_rows(self) -> QuerySet | list[Any]:
        """Return what the filters let through; nothing while they make no sense."""
        if self.filterset is None:
            return self.get_queryset()
        makes_sense = not self.filterset.is_bound or self.filterset.is_valid()
        return self.filterset.qs if makes_sense else self.filterset.queryset.none()

    def get_table(self) -> StewardTable:
        """Return the table in the order asked for, if a column of it can be ordered by."""
        table = self.table_class(self.get_rows(), request=self.request)
        return RequestConfig(self.request, paginate=False).configure(table)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the template table, filters and files."""
        table = self.get_table()
        table.add_up()
        # Only the page is asked for; how long a page is, the address cannot say.
        table.paginate(per_page=table._meta.per_page)
        table.page = table.paginator.get_page(self.request.GET.get(table.prefixed_page_field))
        return super(ListView, self).get_context_data(**kwargs) | {
            "table": table,
            "filter": self.filterset,
            "filtered": self.filterset is not None and self.filterset.is_bound and self.filterset.form.has_changed(),
            "page_title": self.page_title,
            "exports": self.exports(),
        }

    # The file

    def may_export(self) -> bool:
        """Return whether the user may take a file."""
        return bool(self.export_permission) and self.request.user.has_perm(self.export_permission)

    def exports(self) -> list[tuple[str, str]]:
        """Return (format, address) of each file on offer, with the filters as they stand."""
        if not self.may_export():
            return []
        query = self.request.GET.copy()
        return [(fmt.upper(), f"?{_with(query, export=fmt)}") for fmt in ("xlsx", "csv")]

    def export(self, fmt: str) -> HttpResponseBase:
        """Answer with everything the filters let through."""
        if not self.may_export() or fmt not in FORMATS:
            raise PermissionDenied
        table = self.get_table()
        return download_response(
            self.request,
            name=self.page_title,
            columns=table.export_columns(),
            rows=table.export_rows(),
            fmt=fmt,
            permission=self.export_permission,
            filter_description=self.describe_filters(),
        )

    def describe_filters(self) -> str:
        """Return the filters in words, for the audit of an export."""
        if self.filterset is None or not self.filterset.is_bound:
            return ""
        form = self.filterset.form
        given = ((form[name].label, form[name].value()) for name in form.changed_data)
        return "; ".join(f"{label}: {value}" for label, value in given)


def _with(query: Any, **values: str) -> str:
    query.pop("page", None)
    for name, value in values.items():
        query[name] = value
    return query.urlencode()


class StaffTableView(WagtailAdminTemplateMixin, TableView):
    """A TableView in the workspace."""

    template_name = "wagtailadmin/steward/table.html"
    header_icon = "table"
    #: A sentence or two beside the heading: what the list answers, and what to do with it.
    help_text: Text = ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, the question."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        """The files on offer."""
        label = gettext("Download %(format)s")
        return [Button(label % {"format": fmt}, url=url, icon_name="download") for fmt, url in self.exports()]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the help, and what the filters' widgets need."""
        context = super().get_context_data(**kwargs)
        media = self.filterset.form.media if self.filterset is not None else ""
        return context | {"help_text": self.help_text, "media": media}
