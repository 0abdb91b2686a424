"""StaffViewSet: the screens of one kind of record.

class FundViewSet(StaffViewSet):
    model = Fund
    icon = "folder"
    menu_area = Area.GIVING
    list_display = ["name", "code", AmountColumn("goal"), StatusChipColumn("status", tones={"open": "good"})]
    list_filter = ["status"]
    search_fields = ["name", "code"]
    select_related = ["campaign"]            # one query for the list, however long
    panels = [FieldPanel("name"), FieldPanel("campaign", widget=CampaignChooser)]
    verb_views = {"close": CloseFundView}    # buttons on the row and on the record's page
    list_export = ["name", "code", "goal"]   # needs ("export_fund", ...) in Fund.Meta.permissions
    empty_message = _("Every gift goes to a fund. Add your first one, such as “Where it is needed most”.")

@hooks.register("register_admin_viewset")
def viewsets():
    return [FundViewSet("funds")]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.admin.utils import quote
from django.contrib.auth import get_permission_codename
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from wagtail.admin.admin_url_finder import ModelAdminURLFinder
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import BaseButton
from wagtail.coreutils import multigetattr
from wagtail.permissions import policy_registry

from core.exports import download_response
from core.staff.actions import Verb, VerbName, register_verbs
from core.staff.history import StaffHistoryView
from core.staff.menu import Area, menu_group
from core.staff.views import (
    StaffCreateView,
    StaffDeleteView,
    StaffEditView,
    StaffIndexView,
    StaffInspectView,
)

if TYPE_CHECKING:
    from core.staff.verbs import VerbView


def _exported(value: Any) -> Any:
    return str(value) if isinstance(value, Model) else value


class StaffURLFinder(ModelAdminURLFinder):
    """Where a record is found in the workspace: its page when it has one, else its form."""

    viewset: ClassVar[StaffViewSet]

    def construct_edit_url(self, instance: Model) -> str:
        """Return the address, whoever asks."""
        return self.viewset.url_of(instance)

    def get_edit_url(self, instance: Model) -> str | None:
        """Return the address for those who may look."""
        if self.user and not self.viewset.may_see(self.user):
            return None
        return self.construct_edit_url(instance)


class StaffViewSet(ModelViewSet):
    """The screens of one kind of record; see the module."""

    # A task for every save, and half the time of an import, for a usage count nobody asks of these records.
    add_to_reference_index = False
    copy_view_enabled = False
    list_per_page = 50
    index_view_class = StaffIndexView
    add_view_class = StaffCreateView
    edit_view_class = StaffEditView
    delete_view_class = StaffDeleteView
    inspect_view_class = StaffInspectView
    history_view_class = StaffHistoryView

    #: Turn off for records that only verbs make, change or end: no address, no button, whatever the permissions.
    add_view_enabled = True
    edit_view_enabled = True
    delete_view_enabled = True

    #: The fields of the form that Wagtail makes by itself; none for records that only verbs make and change.
    form_fields: Sequence[str]
    #: The area of the menu; None keeps it out of the menu.
    menu_area: Area | None = None
    #: Followed by the list, so that it asks the same number of questions however long it is.
    select_related: Sequence[str] = ()
    prefetch_related: Sequence[Any] = ()
    #: What Wagtail's create, edit and delete run: see core.staff.actions.
    verbs: Mapping[VerbName, Verb] = {}
    #: Pages for the other verbs, by the last part of their address: see core.staff.verbs.
    verb_views: Mapping[str, type[VerbView]] = {}
    #: What the empty list says: what to do first.
    empty_message: Any = ""
    #: A method `search(self, queryset, query) -> queryset`, for more than `search_fields` can do.
    search: Callable[[QuerySet, str], QuerySet] | None = None
    #: A method `totals(self, queryset) -> [(label, value), ...]`: below the list, over all its filters let through.
    totals: Callable[[QuerySet], Iterable[tuple[Any, Any]]] | None = None

    def base_queryset(self, request: HttpRequest) -> QuerySet:
        """Return the records this user may see. Every screen of the viewset holds to it."""
        queryset = self.model._default_manager.all()
        if self.select_related:
            queryset = queryset.select_related(*self.select_related)
        if self.prefetch_related:
            queryset = queryset.prefetch_related(*self.prefetch_related)
        return queryset

    # Addresses

    def record_url(self, instance: Model) -> str:
        """Return the address of the record's page."""
        return reverse(self.get_url_name("inspect"), args=[quote(instance.pk)])

    def history_url(self, instance: Model) -> str:
        """Return the address of the record's history."""
        return reverse(self.get_url_name("history"), args=[quote(instance.pk)])

    def url_of(self, instance: Model) -> str:
        """Return where to look at the record: its page when it has one, else its form."""
        if self.inspect_view_enabled:
            return self.record_url(instance)
        return reverse(self.get_url_name("edit" if self.edit_view_enabled else "history"), args=[quote(instance.pk)])

    def may_see(self, user: Any) -> bool:
        """Return whether the user may see these records at all."""
        policy = policy_registry.get_by_type(self.model)
        return policy.user_has_any_permission(user, self.index_view_class.any_permission_required)

    # Verbs

    def verb_buttons(
        self, request: HttpRequest, instance: Model | None, button_class: type[BaseButton]
    ) -> list[BaseButton]:
        """Return a button for each verb this user may run on the record now (None: for verbs that need none)."""
        return [
            button_class(
                view.title,
                url=view.url(self, slug, instance),
                icon_name=view.icon,
                priority=view.priority,
            )
            for slug, view in self.verb_views.items()
            if view.offered
            and view.needs_object == (instance is not None)
            and view.is_permitted(request.user, self.model)
            and (instance is None or not view.refusal(instance))
        ]

    # Export

    @property
    def export_permission(self) -> str:
        """The permission to take these records out of the house."""
        return f"{self.app_label}.{get_permission_codename('export', self.model_opts)}"

    def export(self, view: StaffIndexView, queryset: QuerySet, fmt: str) -> HttpResponseBase:
        """Answer with the filtered list as a file, written row by row by the one safe writer."""
        rows = queryset.iterator(chunk_size=2_000) if isinstance(queryset, QuerySet) else queryset
        return download_response(
            view.request,
            name=self.model_opts.verbose_name_plural,
            columns=[view.get_heading(self.model.objects, field) for field in view.list_export],
            rows=([_exported(multigetattr(row, field)) for field in view.list_export] for row in rows),
            fmt=fmt,
            permission=self.export_permission,
            filter_description=view.describe_filters(),
        )

    # Wagtail

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Hand the viewset to its views, and hide from them the views there are not."""
        absent = {f"{name}_url_name": None for name in self._absent}
        return super().get_common_view_kwargs(**{"viewset": self, **absent, **kwargs})

    @property
    def _absent(self) -> list[str]:
        # Without a reference index there is no usage to show.
        switches = {"add": self.add_view_enabled, "edit": self.edit_view_enabled, "delete": self.delete_view_enabled}
        return ["usage", *(name for name, enabled in switches.items() if not enabled)]

    def get_urlpatterns(self) -> list[URLPattern]:
        """Add the verbs' addresses; leave out those of the views there are not."""
        patterns = [pattern for pattern in super().get_urlpatterns() if pattern.name not in self._absent]
        for slug, view in self.verb_views.items():
            route = f"{slug}/<{self.pk_path_converter}:pk>/" if view.needs_object else f"{slug}/"
            patterns.append(path(route, self.construct_view(view), name=slug))
        return patterns

    @property
    def url_finder_class(self) -> type[StaffURLFinder]:
        """Let Wagtail link to the record's page."""
        return type(f"{self.model.__name__}URLFinder", (StaffURLFinder,), {"viewset": self})

    @property
    def menu_hook(self) -> str | None:
        """Stand in the menu's area."""
        return menu_group(self.menu_area) if self.menu_area else None

    def get_permissions_to_register(self) -> QuerySet:
        """Offer all of the model's permissions to the roles, reading among them."""
        return (
            super()
            .get_permissions_to_register()
            .model.objects.filter(content_type__app_label=self.app_label, content_type__model=self.model_name)
        )

    def on_register(self) -> None:
        """Put the verbs in place of Wagtail's actions; insist on a permission for the export."""
        super().on_register()
        register_verbs(self.model, dict(self.verbs))
        self.check_export_permission()

    def check_export_permission(self) -> None:
        """Raise ImproperlyConfigured when there is an export and no permission that a role could be given for it."""
        codename = get_permission_codename("export", self.model_opts)
        declared = [name for name, _label in self.model_opts.permissions]
        if self.list_export and self.list_export is not self.UNDEFINED and codename not in declared:
            raise ImproperlyConfigured(
                f"{type(self).__name__} has a list_export: add ({codename!r}, _(...)) to the Meta.permissions of "
                f"{self.model_opts.label}, so that a role can be given it."
            )
