"""List, add, change, delete: Wagtail's generic screens, held to the viewset's borders and deaf to no refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from wagtail.admin import messages
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.admin.widgets.button import BaseButton, Button, HeaderButton

from core.exports import ExportError
from core.staff.asking import AsksFirst
from core.staff.columns import FieldColumn
from core.staff.listing import StaffTable
from core.staff.once import SentOnce
from core.staff.refusals import REFUSALS, add_to_form, explain
from core.tables.remember import RemembersFilters

if TYPE_CHECKING:
    from core.staff.viewsets import StaffViewSet


# Mixed into Wagtail's views, which have no types.
Mixin: Any = object


class InViewSet(AsksFirst):
    """A view of a StaffViewSet: it sees the records that the viewset lets this user see."""

    viewset: StaffViewSet = None  # type: ignore[assignment]  # the viewset puts itself here
    request: HttpRequest

    def get_queryset(self) -> QuerySet:
        """Hold the same borders as the list."""
        return self.viewset.base_queryset(self.request)


class RoomForTheTitle(Mixin):
    """A page whose header keeps a few buttons, so that its title can be read; the others move into the menu beside."""

    header_buttons_shown = 3

    def get_header_buttons(self) -> list[BaseButton]:
        """Return the first few, and the menu."""
        buttons = super().get_header_buttons()
        in_header = [button for button in buttons if isinstance(button, HeaderButton)]
        moved = set(map(id, in_header[self.header_buttons_shown :]))
        return [button for button in buttons if id(button) not in moved]

    def get_header_more_buttons(self) -> list[BaseButton]:
        """Return the menu: what moved there first, in its order."""
        moved = sorted(self.header_buttons)[self.header_buttons_shown :]
        return [
            *(Button(b.label, url=b.url, icon_name=b.icon_name, attrs=b.attrs) for b in moved),
            *super().get_header_more_buttons(),
        ]


class StaffIndexView(RoomForTheTitle, RemembersFilters, generic.IndexView):
    """The list."""

    viewset: StaffViewSet = None  # type: ignore[assignment]  # the viewset puts itself here
    table_class = StaffTable
    template_name = "wagtailadmin/steward/index.html"
    results_template_name = "wagtailadmin/steward/index_results.html"

    @property
    def remember_as(self) -> str:
        """The key under which this list's filters are remembered."""
        return f"staff.{self.viewset.url_namespace}"

    def get_base_queryset(self) -> QuerySet:
        """Return what this user may see, ready to be listed."""
        return self.viewset.base_queryset(self.request)

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        """Search the viewset's way when it has one."""
        if self.is_searching and self.viewset.search is not None:
            return self.viewset.search(queryset, self.search_query)
        return super().search_queryset(queryset)

    @cached_property
    def is_searchable(self) -> bool:
        """Offer the search box when the viewset can search."""
        return self.viewset.search is not None or super().is_searchable

    def _get_title_column(
        self, field_name: str, column_class: type[TitleColumn] = TitleColumn, **kwargs: Any
    ) -> TitleColumn:
        # Wagtail links to the form; ours to the record's page, when there is one.
        column_class = self._get_title_column_class(column_class)

        def get_url(instance: Model) -> str | None:
            return self.get_inspect_url(instance) or self.get_edit_url(instance)

        def get_title_id(instance: Model) -> str:
            return f"{self.model._meta.model_name}_{quote(instance.pk)}_title"

        return self._get_custom_column(field_name, column_class, get_url=get_url, get_title_id=get_title_id, **kwargs)

    @cached_property
    def columns(self) -> list[Column]:
        """Let columns take after their fields; add boxes to tick when there is something to do to many rows."""
        columns = super().columns
        for column in columns:
            if isinstance(column, FieldColumn):
                column.learn(self.model)
        if self.bulk_actions:
            columns = [BulkActionsCheckboxColumn("bulk_actions", obj_type=self.model._meta.model_name), *columns]
        return columns

    @cached_property
    def bulk_actions(self) -> list[Any]:
        """What this user may do to many rows at once."""
        known = bulk_action_registry.get_bulk_actions_for_model(self.model._meta.app_label, self.model._meta.model_name)
        allowed = [action for action in known if action.is_permitted(self.request.user)]
        return sorted(allowed, key=lambda action: action.action_priority)

    def get_list_more_buttons(self, instance: Model) -> list[Any]:
        """Offer the verbs that apply to this row."""
        return [*super().get_list_more_buttons(instance), *self.viewset.verb_buttons(self.request, instance, Button)]

    @cached_property
    def add_button(self) -> HeaderButton:
        """Stand first, so that it keeps its place in the header."""
        button = super().add_button
        button.priority = 10
        return button

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Offer the verbs that need no record beside "Add"."""
        return [*super().header_buttons, *self.viewset.verb_buttons(self.request, None, HeaderButton)]

    @cached_property
    def no_results_message(self) -> str:
        """Say what to do first, while there is nothing at all."""
        if self.viewset.empty_message and not (self.is_searching or self.is_filtering):
            return self.viewset.empty_message
        return super().no_results_message

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the totals over everything the filters let through, not only this page."""
        context = super().get_context_data(*args, **kwargs)
        totals = self.viewset.totals
        paginator = context.get("paginator")
        return context | {
            "totals": totals(paginator.object_list) if totals and paginator and paginator.count else [],
            "bulk_actions": self.bulk_actions,
            "empty_message": self.viewset.empty_message,
        }

    # Export: Wagtail's own asks no permission and writes formulas verbatim, so it never runs.

    @cached_property
    def show_export_buttons(self) -> bool:
        """Offer an export to those who may take one."""
        return bool(self.list_export) and self.request.user.has_perm(self.viewset.export_permission)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer with the list, or with the file when that is asked for: nothing of the page is made then."""
        if not self.is_export:
            return super().get(request, *args, **kwargs)
        if not self.show_export_buttons:
            raise PermissionDenied
        try:
            return self.viewset.export(self, self.get_queryset(), request.GET["export"])
        except ExportError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(self.get_index_url())

    def describe_filters(self) -> str:
        """Return the search and the filters in words, for the audit of an export."""
        parts = [f"“{self.search_query}”"] if self.search_query else []
        return "; ".join([*parts, *(f"{f.field_label}: {f.value}" for f in self.active_filters)])


class SaysNo(Mixin):
    """A form view that shows a refused change on its form instead of failing."""

    #: What Wagtail says above the form: left unset by it until a form was found wrong.
    produced_error_code = "validation_error"
    produced_error_message: str | None = None

    def form_valid(self, form: BaseForm) -> HttpResponseBase:
        """Save, or say why not."""
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except REFUSALS as error:
            add_to_form(form, error)
            return self.refuse(form)

    def refuse(self, form: BaseForm) -> HttpResponse:
        """Show the form again, with what is wrong."""
        self.produced_error_message = self.get_error_message()
        return self.form_invalid(form)


class LandsOnRecord(Mixin):
    """After saving, go to the record's page rather than back to the list, when it has one."""

    viewset: StaffViewSet = None  # type: ignore[assignment]  # the viewset puts itself here

    def get_success_url(self) -> str:
        """Return the record's page, else the list."""
        if self.viewset.inspect_view_enabled and self.object.pk:
            return self.viewset.record_url(self.object)
        return super().get_success_url()

    def get_success_buttons(self) -> list[Any]:
        """The page one lands on has the buttons."""
        return []


class StaffCreateView(AsksFirst, SaysNo, SentOnce, LandsOnRecord, generic.CreateView):
    """Add a record; a form that is sent twice adds one."""

    template_name = "wagtailadmin/steward/create.html"
    object: Model | None = None

    def form_valid(self, form: BaseForm) -> HttpResponseBase:
        """Keep where it went together with the record."""
        with transaction.atomic():
            response = super().form_valid(form)
            if isinstance(response, HttpResponseRedirect):
                self.sending.done(response.url)
        return response

    def save_instance(self) -> Model:
        """Save it, unless this very form has been saved meanwhile."""
        self.sending.claim()
        return super().save_instance()


class StaffEditView(SaysNo, InViewSet, LandsOnRecord, generic.EditView):
    """Change a record."""

    template_name = "wagtailadmin/steward/edit.html"


class StaffDeleteView(InViewSet, generic.DeleteView):
    """Delete a record, or say why it stays."""

    def form_valid(self, form: BaseForm) -> HttpResponseBase:
        """Delete, or say why not."""
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except REFUSALS as error:
            messages.error(self.request, explain(error))
            return HttpResponseRedirect(self.viewset.url_of(self.object))


class StaffInspectView(AsksFirst, RoomForTheTitle, generic.InspectView):
    """Every field of a record, for those who may look and not change."""

    viewset: StaffViewSet = None  # type: ignore[assignment]  # the viewset puts itself here

    def get_object(self, queryset: QuerySet | None = None) -> Model:
        """Hold the same borders as the list."""
        return get_object_or_404(self.viewset.base_queryset(self.request), pk=self.pk)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Offer the verbs that apply."""
        return self.viewset.verb_buttons(self.request, self.object, HeaderButton)
