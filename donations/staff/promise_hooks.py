"""What pledges and recurring gifts tell Wagtail; imported by the app's wagtail_hooks."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from donations.staff.pledge_verbs import schedule_preview
from donations.staff.pledges import pledges
from donations.staff.promise_offers import promises_for_form
from donations.staff.promise_reports import MovementView, PromisedView
from donations.staff.recurring import recurring_gifts
from donations.staff.reminder_letters import MarkLettersWritten, PrintReminders, reminder_letters


@hooks.register("register_admin_viewset")
def promise_viewsets() -> list[ViewSet]:
    """The lists and pages."""
    return [pledges, recurring_gifts, reminder_letters]


@hooks.register("register_admin_urls")
def promise_addresses() -> list[URLPattern]:
    """The reports, the promises a gift looks like, and the schedule that a form would make."""
    return [
        path("reports/promised/", PromisedView.as_view(), name="report_promised"),
        path("reports/recurring/", MovementView.as_view(), name="report_recurring"),
        path("giving/promises/", promises_for_form, name="giving_promises"),
        path("giving/pledge-schedule/", schedule_preview, name="pledge_schedule_preview"),
    ]


class PermittedItem(MenuItem):
    """A report for those who may open it."""

    def __init__(self, *args: object, permission: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.permission = permission

    def is_shown(self, request: HttpRequest) -> bool:
        """Only with the permission."""
        return request.user.has_perm(self.permission)


@hooks.register("register_reports_menu_item")
def promised_item() -> MenuItem:
    """Promised and came, in the menu."""
    url = reverse("report_promised")
    permission = "donations.view_pledge"
    return PermittedItem(
        _("Promised and came"), url, name="promised", icon_name="calendar-alt", order=30, permission=permission
    )  # fmt: skip


@hooks.register("register_reports_menu_item")
def recurring_item() -> MenuItem:
    """Recurring giving, in the menu."""
    url, permission = reverse("report_recurring"), "donations.view_recurringgift"
    return PermittedItem(
        _("Recurring giving"), url, name="recurring", icon_name="rotate", order=32, permission=permission
    )  # fmt: skip


__all__ = ["MarkLettersWritten", "PrintReminders"]
