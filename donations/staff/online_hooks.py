"""What online giving tells Wagtail; imported by donations.wagtail_hooks."""

from __future__ import annotations

from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from core.staff.menu import Area, menu_group
from donations.staff.online_deposit import DepositLinesView
from donations.staff.online_disputes import DisputeViewSet, FraudWarningViewSet
from donations.staff.online_events import StripeEventViewSet
from donations.staff.online_health import OnlineGivingMenuItem, OnlineGivingView
from donations.staff.online_payments import OnlinePaymentViewSet
from donations.staff.online_payouts import PayoutViewSet, deposit_report


@hooks.register("register_admin_viewset")
def online_viewsets() -> list[ViewSet]:
    """Payments, disputes, events, payouts."""
    return [
        OnlinePaymentViewSet("online_payments", url_prefix="online-payments"),
        DisputeViewSet("disputes"),
        FraudWarningViewSet("fraud_warnings", url_prefix="fraud-warnings"),
        StripeEventViewSet("stripe_events", url_prefix="stripe-events"),
        PayoutViewSet("payouts"),
    ]


@hooks.register("register_admin_urls")
def online_addresses() -> list[URLPattern]:
    """How it all stands; a deposit line by line, and on paper."""
    return [
        path("online-giving/", OnlineGivingView.as_view(), name="online_giving"),
        path("payouts/<int:pk>/lines/", DepositLinesView.as_view(), name="deposit_lines"),
        path("payouts/<int:pk>/report.pdf", deposit_report, name="deposit_report"),
    ]


@hooks.register("insert_global_admin_css")
def online_styles() -> SafeString:
    """How a deposit adds up, and how things stand with Stripe."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/online.css"))


@hooks.register(menu_group(Area.GIVING))
def online_giving_menu_item() -> MenuItem:
    """How online giving stands."""
    return OnlineGivingMenuItem(_("Online giving"), reverse("online_giving"), icon_name="globe", order=38)
