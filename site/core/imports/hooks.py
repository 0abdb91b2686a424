"""Where the wizard stands in the workspace."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from core.imports import views
from core.staff.menu import Area, menu_group


class ImportsMenuItem(MenuItem):
    """Shown to those who may import."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Follow the permission of the pages."""
        return request.user.has_perm(views.PERMISSION)


@hooks.register(menu_group(Area.PEOPLE))
def imports_menu_item() -> MenuItem:
    """Stand last among the people."""
    return ImportsMenuItem(_("Import"), reverse("imports"), name="imports", icon_name="upload", order=900)


@hooks.register("register_admin_urls")
def import_addresses() -> list[URLPattern]:
    """The wizard's pages."""
    return [
        path("imports/", views.ImportList.as_view(), name="imports"),
        path("imports/new/", views.Upload.as_view(), name="imports_new"),
        path("imports/<uuid:uuid>/", views.Show.as_view(), name="imports_show"),
        path("imports/<uuid:uuid>/read/", views.Read.as_view(), name="imports_read"),
        path("imports/<uuid:uuid>/run/", views.Run.as_view(), name="imports_run"),
        path("imports/<uuid:uuid>/undo/", views.Undo.as_view(), name="imports_undo"),
        path("imports/<uuid:uuid>/start-over/", views.StartOver.as_view(), name="imports_start_over"),
        path("imports/<uuid:uuid>/discard/", views.Discard.as_view(), name="imports_discard"),
        path("imports/<uuid:uuid>/try-again/", views.TryAgain.as_view(), name="imports_try_again"),
        path("imports/<uuid:uuid>/errors.csv", views.Errors.as_view(), name="imports_errors"),
    ]
