"""What this app tells Wagtail: the report pages, and what the first page shows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from constituents.work.waiting import waiting_for
from core.staff.home import home_panels
from office import today
from office.views import BoardView, ProspectsView


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    """The report pages."""
    return [
        path("reports/board/", BoardView.as_view(), name="office_board"),
        path("reports/prospects/", ProspectsView.as_view(), name="office_prospects"),
    ]


class GivingReportItem(MenuItem):
    """A report for those who see giving."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask the permission."""
        return request.user.has_perm("donations.view_giving")


@hooks.register("register_reports_menu_item")
def board_item() -> MenuItem:
    """The board's page in the menu."""
    return GivingReportItem(_("For the board"), reverse("office_board"), name="board", icon_name="view", order=10)


@hooks.register("register_reports_menu_item")
def prospects_item() -> MenuItem:
    """The prospect list in the menu."""
    return GivingReportItem(
        _("Whom to ask next"), reverse("office_prospects"), name="prospects", icon_name="pick", order=20
    )


class TodayPanel(Component):
    """What waits, how the year goes, and the latest gifts."""

    name = "today"
    template_name = "wagtailadmin/office/today.html"
    order = 10

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Gather it for the person who looks."""
        user = parent_context["request"].user
        return {
            "waiting": waiting_for(user),
            "numbers": today.numbers_for(user),
            "gifts": today.recent_gifts(user),
            "rooms": home_panels(parent_context["request"]),
            "may_see_people": user.has_perm("constituents.view_constituent"),
        }


@hooks.register("construct_homepage_panels")
def first_page(request: HttpRequest, panels: list[Any]) -> None:
    """Put our panel in place of the page-editing ones, which stand under Website."""
    panels[:] = [TodayPanel()]
