"""The menu, by what people do. Each app hangs its own screens into an area; nobody lists everybody's.

A viewset says `menu_area = Area.GIVING`. A page that is no viewset registers a menu item in its wagtail_hooks.py:

    @hooks.register(menu_group(Area.GIVING))
    def reconcile_menu_item():
        return MenuItem(_("Reconcile"), reverse("reconcile"), icon_name="check", order=40)

An area shows itself when the signed-in person may see something in it.
"""

from __future__ import annotations

from django.conf import settings
from django.db.models import TextChoices
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.auth import user_has_any_page_permission
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.documents.wagtail_hooks import register_documents_menu_item
from wagtail.images.wagtail_hooks import register_images_menu_item


class Area(TextChoices):
    """The areas of the menu, in their order. Reports and Settings are Wagtail's own menus."""

    PEOPLE = "people", _("People")
    GIVING = "giving", _("Giving")
    MEMBERSHIP = "membership", _("Membership")
    VOLUNTEERING = "volunteering", _("Volunteering")
    COMMUNICATION = "communication", _("Communication")
    REPORTS = "reports", _("Reports")
    WEBSITE = "website", _("Website")
    SETTINGS = "settings", _("Settings")


_ICONS = {
    Area.PEOPLE: "group",
    Area.GIVING: "pick",
    Area.MEMBERSHIP: "tag",
    Area.VOLUNTEERING: "calendar-check",
    Area.COMMUNICATION: "mail",
    Area.WEBSITE: "desktop",
}
# Wagtail's Reports stand at 9000, its Settings at 10000.
_ORDER = dict.fromkeys(_ICONS, 0) | {
    Area.PEOPLE: 100,
    Area.GIVING: 200,
    Area.MEMBERSHIP: 300,
    Area.VOLUNTEERING: 400,
    Area.COMMUNICATION: 500,
    Area.WEBSITE: 9_500,
}
# What Wagtail puts at the top and we put under Website, or nowhere: links out of the house, workflow nobody uses, and
# the reports about pages, among them a history of which our audit tells more.
_MOVED = {"explorer", "images", "documents", "snippets"}
_PAGE_REPORTS = {"locked-pages", "aging-pages", "page-types-usage", "site-history"}
_WORKFLOW = {"workflows", "workflow-tasks"}


def menu_group(area: Area | str) -> str:
    """Return the name of the hook that adds a menu item to the area. Raises ValueError for an area that is not one."""
    return f"register_{Area(area).value}_menu_item"


class PagesMenuItem(MenuItem):
    """The page tree, for those who may edit some page."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Follow Wagtail's own rule."""
        return user_has_any_page_permission(request.user)


def _pages() -> MenuItem:
    return PagesMenuItem(
        _("Pages"), reverse("wagtailadmin_explore_root"), name="pages", icon_name="folder-open-inverse", order=10
    )


def _area_item(area: Area) -> SubmenuMenuItem:
    return SubmenuMenuItem(
        area.label,
        Menu(register_hook_name=menu_group(area)),
        name=area.value,
        icon_name=_ICONS[area],
        order=_ORDER[area],
    )


def register_menu() -> None:
    """Hang the areas into Wagtail's menu and move what stood there; called once from wagtail_hooks.py."""
    for area in _ICONS:
        hooks.register("register_admin_menu_item", lambda area=area: _area_item(area))
    website = menu_group(Area.WEBSITE)
    hooks.register(website, _pages)
    hooks.register(website, register_images_menu_item)
    hooks.register(website, register_documents_menu_item)
    hooks.register("construct_main_menu", lambda request, items: _drop(items, _MOVED))
    hooks.register("construct_reports_menu", lambda request, items: _drop(items, _PAGE_REPORTS | _workflow()))
    hooks.register("construct_settings_menu", lambda request, items: _drop(items, _workflow()))
    hooks.register("construct_help_menu", _drop_links_out)


def _workflow() -> set[str]:
    return set() if getattr(settings, "WAGTAIL_WORKFLOW_ENABLED", True) else _WORKFLOW


def _drop(items: list[MenuItem], names: set[str]) -> None:
    items[:] = [item for item in items if item.name not in names]


def _drop_links_out(request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if not item.url.startswith(("http:", "https:"))]
