"""Custom fields: the settings screen, their place on the constituent form and page, and in the list's export."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import permission_required
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.coreutils import multigetattr

from constituents.custom_field_forms import CustomFieldForm, is_custom
from constituents.models import Constituent, CustomField
from constituents.resources.custom_fields import with_custom_values
from constituents.services.custom_fields import show_sensitive
from constituents.services.field_setup import add_field, change_field, remove_field, switch_field
from core.exports import download_response
from core.staff.columns import NumberColumn
from core.staff.menu import Area
from core.staff.parts import Panel
from core.staff.verbs import VerbView
from core.staff.views import StaffIndexView
from core.staff.viewsets import StaffViewSet

SENSITIVE = "constituents.view_sensitive_constituent"


class SwitchOffView(VerbView):
    """Take a field out of use; its values stay."""

    title, icon = _("Switch off"), "view"
    question = _("Switch “%(object)s” off?")
    explanation = _("It leaves forms, pages, lists and searches. Its values stay, and come back when you switch it on.")
    success_message = _("“%(object)s” is switched off. Its values are kept.")
    priority = 20

    @classmethod
    def refusal(cls, obj: Any) -> Any:
        """Only what is on can go off."""
        return "" if obj.is_active else _("This field is off already.")

    def run(self, form: forms.BaseForm) -> Any:
        """Switch it off."""
        return switch_field(self.object, by=self.acting, on=False)


class SwitchOnView(VerbView):
    """Take a field back into use."""

    title, icon = _("Switch on"), "check"
    question = _("Take “%(object)s” back into use?")
    success_message = _("“%(object)s” is in use again, with the values it had.")
    priority = 21

    @classmethod
    def refusal(cls, obj: Any) -> Any:
        """Only what is off can come on."""
        return _("This field is in use.") if obj.is_active else ""

    def run(self, form: forms.BaseForm) -> Any:
        """Switch it on."""
        return switch_field(self.object, by=self.acting, on=True)


class SureForm(forms.Form):
    """Asked only where values would go."""

    with_values = forms.BooleanField(label=_("Delete the values too. They cannot be brought back."))


class DeleteFieldView(VerbView):
    """Delete a field, and say first how many values go with it."""

    verb = staticmethod(remove_field)
    permission = "delete"
    title, icon, danger = _("Delete"), "bin", True
    question = _("Delete the field “%(object)s”?")
    success_message = _("“%(object)s” is deleted.")
    priority = 90

    def get_form_class(self) -> type[forms.Form]:
        """Ask twice only where something is lost."""
        return SureForm if self._values() else forms.Form

    def facts(self) -> Iterable[tuple[Any, Any]]:
        """How much would go."""
        yield _("Records with a value"), self._values()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say what would go, and what to do instead."""
        context = super().get_context_data(**kwargs)
        values = self._values()
        context["explanation"] = (
            ngettext(
                "%(count)s record loses what it holds here. To keep it, switch the field off instead.",
                "%(count)s records lose what they hold here. To keep it, switch the field off instead.",
                values,
            )
            % {"count": values}
            if values
            else _now("No record holds a value in it, so nothing is lost.")
        )
        return context

    def _values(self) -> int:
        return self.object.values.count()

    def get_success_url(self) -> str:
        """The list: the record's page is gone."""
        return reverse(self.viewset.get_url_name("index"))


class CustomFieldViewSet(StaffViewSet):
    """What the organisation wants to know besides."""

    model = CustomField
    icon = "form"
    menu_area = Area.SETTINGS
    menu_order = 220
    delete_view_enabled = False
    list_display = [
        "label",
        Column("get_value_type_display", label=_("Holds"), sort_key="value_type"),
        Column("get_applies_to_display", label=_("On records of"), sort_key="applies_to"),
        NumberColumn("held", label=_("Values")),
        Column("traits", label=_("Besides")),
    ]
    list_filter = ["value_type", "applies_to", "is_sensitive", "is_active"]
    search_fields = ["label", "key", "help_text"]
    ordering = ["position", "label"]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("label"),
                    FieldPanel("help_text"),
                    FieldRowPanel([FieldPanel("value_type"), FieldPanel("applies_to")]),
                    FieldPanel("choices"),
                ],
                heading=_("The field"),
            ),
            MultiFieldPanel([FieldPanel("is_sensitive"), FieldPanel("why_held")], heading=_("Privacy")),
            MultiFieldPanel(
                [
                    FieldPanel("in_search"),
                    FieldPanel("identifies"),
                    FieldRowPanel([FieldPanel("position"), FieldPanel("key")]),
                ],
                heading=_("More"),
            ),
        ],
        base_form_class=CustomFieldForm,
    )
    verbs = {"create": add_field, "edit": change_field}
    verb_views = {"switch-off": SwitchOffView, "switch-on": SwitchOnView, "delete": DeleteFieldView}
    empty_message = _(
        "Nothing of your own yet. Add a field for what no other holds, such as T-shirt size or allergies; it appears "
        "on the form and the page of every person at once."
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[CustomField]:
        """Every field with how many records hold something in it."""
        return CustomField.objects.annotate(held=Count("values"))


class CustomFieldsPanel(MultiFieldPanel):
    """Where the custom fields stand on the constituent form: those that the form has, in their order."""

    class BoundPanel(MultiFieldPanel.BoundPanel):
        """The section; not there while there is no field."""

        @property
        def children(self) -> list[Any]:
            """A panel for each custom field of the form."""
            names = [name for name in self.form.fields if is_custom(name)]
            return [
                FieldPanel(name)
                .bind_to_model(self.panel.model)
                .get_bound_panel(
                    instance=self.instance, request=self.request, form=self.form, prefix=f"{self.prefix}-child-{name}"
                )
                for name in names
            ]

        @property
        def visible_children_with_identifiers(self) -> list[tuple[Any, str]]:
            """Each with its own name."""
            return [(child, child.field_name) for child in self.children]

        visible_children = children

        def is_shown(self) -> bool:
            """Only with something in it."""
            return bool(self.children)


def about_them(constituent: Constituent) -> dict[str, Any] | None:
    """What the page shows of a record's custom fields; nothing at all where it holds none."""
    values = list(constituent.custom_values.shown())
    if not values:
        return None
    plain = [value for value in values if not value.field.is_sensitive]
    return {"values": plain, "hidden": len(values) - len(plain)}


def panel() -> Panel:
    """The panel on every constituent's page."""
    return Panel("custom", _("More about them"), "wagtailadmin/people/panels/custom.html", about_them, order=60)


@never_cache
@permission_required(SENSITIVE)
def sensitive_details(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is hidden on the page, once, and write down who looked."""
    constituent = get_object_or_404(Constituent.objects.current(), pk=pk)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("constituents:inspect", args=[pk]))
    values = show_sensitive(constituent, by=request.user)  # type: ignore[arg-type]
    return render(request, "wagtailadmin/people/sensitive.html", {"constituent": constituent, "values": values})


def export_with_custom_fields(
    viewset: StaffViewSet, view: StaffIndexView, queryset: QuerySet[Constituent], fmt: str
) -> HttpResponseBase:
    """Answer with the filtered list as a file, with the custom fields that the user may see behind its own columns."""
    fields = list(CustomField.objects.active().open_to(view.request.user))
    rows = queryset.iterator(chunk_size=2_000) if isinstance(queryset, QuerySet) else queryset
    return download_response(
        view.request,
        name=viewset.model_opts.verbose_name_plural,
        columns=[
            *(view.get_heading(Constituent.objects, name) for name in view.list_export),
            *(field.label for field in fields),
        ],
        rows=(
            [*(_told(multigetattr(row, name)) for name in view.list_export), *values]
            for row, values in with_custom_values(rows, fields)
        ),
        fmt=fmt,
        permission=viewset.export_permission,
        filter_description=view.describe_filters(),
    )


def _told(value: Any) -> Any:
    return str(value) if isinstance(value, Model) else value
