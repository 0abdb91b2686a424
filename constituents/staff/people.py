"""People and organisations: the list, the form, and what may be done with one."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import HeaderButton

from constituents.filters import ConstituentFilters
from constituents.forms import ConstituentForm
from constituents.list_columns import list_columns_for
from constituents.models import Constituent, Kind
from constituents.services.custom_fields import note_a_look
from constituents.services.people import add_from_form, change_from_form
from constituents.staff import contact, contact_points, documents, life, relationships
from constituents.staff.custom_fields import CustomFieldsPanel, export_with_custom_fields
from constituents.staff.merging import MergeView
from constituents.staff.page import ConstituentRecordView
from constituents.staff.signposts import FollowsSignposts
from core.staff.asked import acting
from core.staff.columns import StatusChipColumn
from core.staff.menu import Area
from core.staff.views import StaffCreateView, StaffEditView, StaffIndexView
from core.staff.viewsets import StaffViewSet


class ConstituentCreateView(StaffCreateView):
    """Add a person, or with `?kind=organisation` an organisation."""

    def get_initial(self) -> dict[str, Any]:
        """Begin with what the address asks for."""
        known = ("kind", "given_name", "family_name", "email")
        return super().get_initial() | {name: self.request.GET[name] for name in known if name in self.request.GET}

    @cached_property
    def page_title(self) -> Any:
        """Say what is being added."""
        return _("Add an organisation") if self.request.GET.get("kind") == Kind.ORGANISATION else _("Add a person")


class ConstituentEditView(FollowsSignposts, StaffEditView):
    """Change a record; who opens the form on sensitive details has seen them. A merged one leads to the one kept."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the form, and write that down."""
        response = super().get(request, *args, **kwargs)
        # One who was merged into another leads there: nothing is shown.
        context = getattr(response, "context_data", None)
        if context and context["form"].shows_sensitive:
            note_a_look(self.object, by=acting(request))
        return response


def standing(constituent: Constituent) -> str:
    """Return what must be known before anything is done with them; for most people nothing."""
    if constituent.is_deceased:
        return str(_("Deceased"))
    if constituent.do_not_contact:
        return str(_("Do not contact"))
    return "" if constituent.is_person else constituent.get_kind_display()


class StandingColumn(StatusChipColumn):
    """What must be known first; somebody who asked to be left alone stands out."""

    def get_value(self, instance: Any) -> str:
        """Return it in words."""
        return standing(instance)

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        """Add the tone."""
        context = super().get_cell_context_data(instance, parent_context)
        return context | {"tone": "wrong" if instance.do_not_contact and not instance.is_deceased else ""}


def tags_in_words(constituent: Constituent) -> str:
    """Return the tags in one line; uses prefetched ones."""
    return ", ".join(tag.name for tag in constituent.tags.all())


class ConstituentIndexView(StaffIndexView):
    """Everyone, with a button for each kind of new record."""

    add_item_label = _("Add a person")

    @cached_property
    def columns(self) -> list[Column]:
        """Add what the apps above show of each person."""
        own = [
            StatusChipColumn(column.name, label=column.label, accessor=column.value)
            for column in list_columns_for(self.request.user)
        ]
        return [*super().columns, *own]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Person and organisation side by side."""
        buttons = super().header_buttons
        if self.add_url:
            url = f"{self.add_url}?{urlencode({'kind': Kind.ORGANISATION.value})}"
            buttons.append(HeaderButton(_("Add an organisation"), url=url, icon_name="plus", priority=20))
        return buttons


_PERSON = MultiFieldPanel(
    [
        FieldPanel("kind", classname="w-hidden"),
        FieldRowPanel([FieldPanel("title"), FieldPanel("given_name"), FieldPanel("family_name")]),
        FieldRowPanel([FieldPanel("middle_name"), FieldPanel("suffix"), FieldPanel("preferred_name")]),
        FieldPanel("organisation_name"),
        FieldRowPanel([FieldPanel("legal_name"), FieldPanel("registration_number")]),
        FieldPanel("parent"),
    ],
    heading=_("Name"),
)
_REACH = MultiFieldPanel(
    [
        FieldRowPanel([FieldPanel("email"), FieldPanel("phone")]),
        FieldPanel("street"),
        FieldPanel("extra"),
        FieldRowPanel([FieldPanel("city"), FieldPanel("region"), FieldPanel("postal_code")]),
        FieldPanel("country"),
        FieldPanel("is_someone_else"),
    ],
    heading=_("How to reach them"),
)
_MORE = MultiFieldPanel(
    [
        FieldRowPanel([FieldPanel("pronouns"), FieldPanel("former_names"), FieldPanel("occupation")]),
        FieldRowPanel([FieldPanel("birth_day"), FieldPanel("birth_month"), FieldPanel("birth_year")]),
        FieldRowPanel([FieldPanel("language"), FieldPanel("website")]),
        FieldPanel("biography"),
        FieldPanel("tags"),
        FieldPanel("do_not_contact"),
    ],
    heading=_("More"),
)


_OWN = CustomFieldsPanel([], heading=_("More about them"))


class ConstituentViewSet(StaffViewSet):
    """People and organisations."""

    model = Constituent
    icon = "user"
    menu_label = _("Everyone")
    menu_area = Area.PEOPLE
    menu_order = 10
    index_view_class = ConstituentIndexView
    add_view_class = ConstituentCreateView
    edit_view_class = ConstituentEditView
    create_template_name = "wagtailadmin/people/add.html"
    inspect_view_enabled = True
    inspect_view_class = ConstituentRecordView
    list_display = [
        "display_name",
        StandingColumn("standing", label=_("Note")),
        Column("household", label=_("Household")),
        Column("primary_email", label=_("E-mail")),
        Column("primary_phone", label=_("Telephone")),
        Column("tags", label=_("Tags"), accessor=tags_in_words),
    ]
    filterset_class = ConstituentFilters
    list_export = ["uuid", "display_name", "kind", "household", "primary_email", "primary_phone", "source"]
    ordering = ["sort_name", "pk"]
    edit_handler = ObjectList([_PERSON, _REACH, _MORE, _OWN], base_form_class=ConstituentForm)
    verbs = {"create": add_from_form, "edit": change_from_form}
    verb_views = {
        **contact.VERBS,
        **contact_points.VERBS,
        **life.VERBS,
        **relationships.VERBS,
        **documents.VERBS,
        "merge": MergeView,
    }
    empty_message = _("Nobody yet. Add your first person, or bring your old records in with an import.")

    def base_queryset(self, request: HttpRequest) -> QuerySet[Constituent]:
        """Everyone who was not merged into another, with what the list shows beside the name."""
        people = Constituent.objects.current().searched_by(request.user).for_list()
        return people.prefetch_related(*(column.prefetch() for column in list_columns_for(request.user)))

    def export(self, view: StaffIndexView, queryset: QuerySet[Constituent], fmt: str) -> HttpResponseBase:
        """Add the custom fields that this user may see."""
        return export_with_custom_fields(self, view, queryset, fmt)

    def search(self, queryset: QuerySet[Constituent], query: str) -> QuerySet[Constituent]:
        """Find by name in any order, e-mail, telephone, postal code, number."""
        return queryset.search(query)  # type: ignore[attr-defined]


# The one list of people: bulk actions of every app name it.
constituent_viewset = ConstituentViewSet("constituents", url_prefix="people")
