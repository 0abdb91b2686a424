"""StaffChooserViewSet: pick a record in a form, by typing part of anything it is known by.

class FundChooserViewSet(StaffChooserViewSet):
    model = Fund
    icon = "folder"
    search_fields = ["name", "code"]
    select_related = ["campaign"]
    form_fields = ["name"]          # optional: "not there yet? add it here", for those who may add

fund_chooser = FundChooserViewSet("fund_chooser")     # hooks.register("register_admin_viewset")
FieldPanel("fund")                                    # uses it by itself
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.actions import action_registry
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.permissions import policy_registry

from core.staff.refusals import REFUSALS, add_to_form

# Mixed into Wagtail's views, which have no types.
Mixin: Any = object


class MayLook(Mixin):
    """Choosing shows names: only for those who may see the records."""

    model: type[Model]
    viewset: StaffChooserViewSet = None  # type: ignore[assignment]  # the viewset puts itself here
    any_permission_required: tuple[str, ...] = ("add", "change", "delete", "view", "choose")

    @property
    def permission_policy(self) -> Any:
        """Wagtail's word on who may what with the records."""
        return policy_registry.get_by_type(self.model)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Let in who may see the records."""
        if not self.permission_policy.user_has_any_permission(request.user, self.any_permission_required):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_object_list(self) -> QuerySet:
        """Return what may be chosen."""
        return self.viewset.base_queryset(self.request)

    def get_object(self, pk: Any) -> Model:
        """Hold to what may be chosen."""
        return self.viewset.base_queryset(self.request).get(pk=pk)

    def get_objects(self, pks: Sequence[Any]) -> QuerySet:
        """Hold to what may be chosen."""
        return self.viewset.base_queryset(self.request).filter(pk__in=pks)

    def get_filter_form_class(self) -> type[forms.Form]:
        """Search the viewset's way."""
        return type("SearchForm", (SearchForm,), {"viewset": self.viewset})


class SearchForm(BaseFilterForm):
    """The box above the list."""

    viewset: StaffChooserViewSet
    q = forms.CharField(
        label=_("Search"), required=False, widget=forms.TextInput(attrs={"placeholder": _("Search"), "type": "search"})
    )

    def filter(self, objects: QuerySet) -> QuerySet:
        """Narrow the list to what was typed."""
        objects = super().filter(objects)
        if query := self.cleaned_data.get("q", "").strip():
            self.is_searching, self.search_query = True, query
            objects = self.viewset.find(objects, query)
        return objects


class StaffChooseView(MayLook, chooser.ChooseView):
    """The whole dialogue."""


class StaffChooseResultsView(MayLook, chooser.ChooseResultsView):
    """Its results, as one types."""


class StaffChosenView(MayLook, chooser.ChosenView):
    """What was chosen."""


class StaffChosenMultipleView(MayLook, chooser.ChosenMultipleView):
    """What were chosen."""


class StaffChooserCreateView(MayLook, chooser.CreateView):
    """Add a record without leaving the form."""

    any_permission_required = ("add",)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Add it as its own screen would: by its verb, with its audit entry."""
        self.form = form = self.get_creation_form()
        if not form.is_valid():
            return self.get_reshow_creation_form_response()
        action = action_registry.get_action_class(self.model_class, "create")
        try:
            action(form.instance, user=request.user, form=form).execute(skip_permission_checks=True)
        except REFUSALS as error:
            add_to_form(form, error)
            return self.get_reshow_creation_form_response()
        return self.get_chosen_response(form.instance)


class StaffChooserViewSet(ChooserViewSet):
    """Pick a record of one kind; see the module."""

    choose_view_class = StaffChooseView
    choose_results_view_class = StaffChooseResultsView
    chosen_view_class = StaffChosenView
    chosen_multiple_view_class = StaffChosenMultipleView
    create_view_class = StaffChooserCreateView

    per_page = 20
    search_fields: Sequence[str] = ()
    select_related: Sequence[str] = ()
    #: A method `search(self, queryset, query) -> queryset`, for more than `search_fields` can do.
    search: Callable[[QuerySet, str], QuerySet] | None = None

    def base_queryset(self, request: HttpRequest) -> QuerySet:
        """Return what this user may choose from."""
        queryset = self.model._default_manager.all()
        return queryset.select_related(*self.select_related) if self.select_related else queryset

    def find(self, queryset: QuerySet, query: str) -> QuerySet:
        """Return the records that have every word of the query somewhere in the search fields."""
        if self.search is not None:
            return self.search(queryset, query)
        for word in query.split():
            queryset = queryset.filter(
                reduce(or_, (Q(**{f"{field}__icontains": word}) for field in self.search_fields))
            )
        return queryset

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Hand the viewset to its views."""
        return super().get_common_view_kwargs(**{"viewset": self, **kwargs})
