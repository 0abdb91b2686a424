"""What work tells Wagtail; imported by constituents.wagtail_hooks."""

from __future__ import annotations

from django.templatetags.static import static
from django.urls import URLPattern
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from constituents.staff import work
from constituents.staff.follow_ups import FollowUpViewSet
from constituents.staff.mailbox import AddressDecisionViewSet, IncomingMailViewSet
from constituents.staff.plans import PlanRunViewSet, PlanViewSet, StartPlanForMany
from constituents.staff.rules import RuleRunViewSet, RuleViewSet
from core.staff.viewsets import StaffViewSet


# After the chooser of constituents, which these forms use.
@hooks.register("register_admin_viewset", order=10)
def work_viewsets() -> list[StaffViewSet]:
    """Follow-ups, plans and their runs."""
    return [
        FollowUpViewSet("follow_ups", url_prefix="follow-ups"),
        PlanViewSet("plans"),
        PlanRunViewSet("plan_runs", url_prefix="plan-runs"),
        RuleViewSet("rules"),
        RuleRunViewSet("rule_runs", url_prefix="rule-log"),
        IncomingMailViewSet("mail", url_prefix="incoming-mail"),
        AddressDecisionViewSet("mail_addresses", url_prefix="mail-addresses"),
    ]


@hooks.register("register_admin_urls")
def work_addresses() -> list[URLPattern]:
    """My work."""
    return work.addresses()


@hooks.register("insert_global_admin_css")
def work_styles() -> str:
    """The looks of work, beside those of the other staff pages."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/work.css"))


@hooks.register("insert_editor_js")
def rule_script() -> str:
    """A rule's form shows only what counts for the kind of action that is chosen."""
    return format_html('<script defer src="{}"></script>', static("js/rules.js"))


@hooks.register("register_admin_menu_item")
def work_menu_item() -> MenuItem:
    """My work, first in the menu."""
    return work.menu_item()


hooks.register("register_bulk_action", StartPlanForMany)
