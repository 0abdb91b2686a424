"""What online giving tells Wagtail; imported by donations.wagtail_hooks."""

from __future__ import annotations

from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet

from donations.staff.online_deposit import DepositLinesView
from donations.staff.online_payouts import PayoutViewSet, deposit_report


@hooks.register("register_admin_viewset")
def online_viewsets() -> list[ViewSet]:
    """Payments, disputes, events, payouts."""
    return [PayoutViewSet("payouts")]


@hooks.register("register_admin_urls")
def online_addresses() -> list[URLPattern]:
    """A deposit line by line, and on paper."""
    return [
        path("payouts/<int:pk>/lines/", DepositLinesView.as_view(), name="deposit_lines"),
        path("payouts/<int:pk>/report.pdf", deposit_report, name="deposit_report"),
    ]


@hooks.register("insert_global_admin_css")
def online_styles() -> SafeString:
    """How a deposit adds up, and how things stand with Stripe."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/online.css"))
