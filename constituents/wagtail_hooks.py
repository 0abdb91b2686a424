"""What this app tells Wagtail."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.auth import permission_required
from wagtail.admin.search import SearchArea

from constituents.duplicates.live import Typed, matches_for
from constituents.staff.bulk import ACTIONS
from constituents.staff.choosers import constituent_chooser
from constituents.staff.custom_fields import CustomFieldViewSet, sensitive_details
from constituents.staff.documents import download, photo
from constituents.staff.duplicates import DismissPairs, duplicate_viewset
from constituents.staff.households import HouseholdViewSet
from constituents.staff.merging import MergeViewSet
from constituents.staff.naming import menu_item as naming_menu_item
from constituents.staff.naming import naming_settings
from constituents.staff.people import constituent_viewset
from constituents.staff.relationships import RelationshipTypeViewSet
from constituents.staff.search import EverythingSearchArea, SearchResultsView, SearchView
from constituents.staff.segments import SegmentViewSet, SnapshotViewSet, criteria_fragment
from constituents.staff.setup import TagViewSet
from constituents.work import hooks as work_hooks  # noqa: F401  registers itself
from core.staff.viewsets import StaffViewSet


@hooks.register("register_admin_viewset")
def viewsets() -> list[StaffViewSet]:
    """The lists, pages and choosers."""
    return [
        constituent_viewset,
        duplicate_viewset,
        HouseholdViewSet("households"),
        RelationshipTypeViewSet("relationship_types"),
        MergeViewSet("merges"),
        SegmentViewSet("segments"),
        SnapshotViewSet("lists"),
        TagViewSet("tags"),
        CustomFieldViewSet("custom_fields"),
        constituent_chooser,
    ]


@permission_required("constituents.add_constituent")
def matches(request: HttpRequest) -> HttpResponse:
    """Show who may be on record already, while somebody new is being typed."""
    found = matches_for(Typed.read(request.GET))
    return render(request, "wagtailadmin/people/matches.html", {"matches": found})


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    """The live look at who is on record, documents and photos, the search page, the builder of conditions."""
    return [
        path("people/matches/", matches, name="constituent_matches"),
        path("people/<int:pk>/sensitive/", sensitive_details, name="constituent_sensitive"),
        path("people/documents/<int:pk>/", download, name="constituent_document"),
        path("people/photos/<int:pk>/", photo, name="constituent_photo"),
        path("search/", SearchView.as_view(), name="steward_search"),
        path("search/results/", SearchResultsView.as_view(), name="steward_search_results"),
        path("segments/criteria/", criteria_fragment, name="segment_criteria"),
    ]


@hooks.register("register_admin_search_area")
def search_area() -> SearchArea:
    """Search everything from anywhere."""
    return EverythingSearchArea(
        _("Everything"), reverse("steward_search"), name="everything", icon_name="search", order=1
    )


@hooks.register("insert_global_admin_js")
def live_search() -> SafeString:
    """Let the search box answer while one types, and "/" lead to it from every screen."""
    return format_html(
        '<script type="module" src="{}" data-find-address="{}" data-page="{}" data-label="{}" data-hint="{}"></script>',
        static("js/find.js"),
        reverse("steward_search_results"),
        reverse("steward_search"),
        _("Find anyone or anything"),
        _("Name, e-mail, telephone, postcode, receipt number …"),
    )


@hooks.register("register_admin_urls")
def naming_address() -> list[URLPattern]:
    """The rules by which households are named."""
    return [path("settings/households/", naming_settings, name="household_naming")]


for action in ACTIONS:
    hooks.register("register_bulk_action", action)
hooks.register("register_settings_menu_item", naming_menu_item)


hooks.register("register_bulk_action", DismissPairs)
