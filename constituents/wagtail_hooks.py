"""What this app tells Wagtail."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.auth import permission_required
from wagtail.admin.search import SearchArea

from constituents.services.duplicates import likely_matches
from constituents.staff.choosers import constituent_chooser
from constituents.staff.documents import download, photo
from constituents.staff.households import HouseholdViewSet
from constituents.staff.people import constituent_viewset
from constituents.staff.relationships import RelationshipTypeViewSet
from constituents.staff.setup import TagViewSet
from constituents.work import hooks as work_hooks  # noqa: F401  registers itself
from core.staff.viewsets import StaffViewSet


@hooks.register("register_admin_viewset")
def viewsets() -> list[StaffViewSet]:
    """The lists, pages and choosers."""
    return [
        constituent_viewset,
        HouseholdViewSet("households"),
        RelationshipTypeViewSet("relationship_types"),
        TagViewSet("tags"),
        constituent_chooser,
    ]


@permission_required("constituents.add_constituent")
def matches(request: HttpRequest) -> HttpResponse:
    """Show who may be on record already, while somebody new is being typed."""
    name = " ".join(request.GET.get(part, "") for part in ("given_name", "family_name", "organisation_name")).strip()
    found = likely_matches(name=name, email=request.GET.get("email", ""), phone=request.GET.get("phone", ""))
    return render(request, "wagtailadmin/people/matches.html", {"matches": found})


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    """The live look at who is on record; documents and photos, for those who may see them."""
    return [
        path("people/matches/", matches, name="constituent_matches"),
        path("people/documents/<int:pk>/", download, name="constituent_document"),
        path("people/photos/<int:pk>/", photo, name="constituent_photo"),
    ]


class PeopleSearchArea(SearchArea):
    """The workspace's search box begins with people."""

    def is_shown(self, request: HttpRequest) -> bool:
        """For those who may see them."""
        return request.user.has_perm("constituents.view_constituent")


@hooks.register("register_admin_search_area")
def people_search_area() -> SearchArea:
    """Search people from anywhere."""
    return PeopleSearchArea(_("People"), reverse("constituents:index"), name="people", icon_name="user", order=1)
