"""Online giving at a glance: whether it works, what waits, and how it is set up at Stripe."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.staff.parts import Figure
from donations.models import EventState
from donations.stripe.events import handled_types
from donations.stripe.health import Health, look
from donations.stripe.mode import Mode

_SEE = "donations.view_onlinepayment"
MODE_WORDS = {
    Mode.OFF: (_("Not set up"), "quiet"),
    Mode.DEMO: (_("Demo: no real money"), "waiting"),
    Mode.TEST: (_("Test key: no real money"), "waiting"),
    Mode.LIVE: (_("Live"), "good"),
}


class OnlineGivingView(WagtailAdminTemplateMixin, PermissionRequiredMixin, TemplateView):
    """How online giving stands."""

    permission_required = _SEE
    raise_exception = True
    template_name = "wagtailadmin/giving/online_giving.html"
    page_title = _("Online giving")
    header_icon = "globe"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, here."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What stands, what waits, how it is set up."""
        health = look()
        word, tone = MODE_WORDS[health.mode]
        return super().get_context_data(**kwargs) | {
            "health": health,
            "mode_word": word,
            "mode_tone": tone,
            "figures": figures_of(health, self.request),
            "webhook_url": f"{settings.BASE_URL}{reverse('stripe_webhook')}",
            "types": handled_types(),
            "may_set_up": self.request.user.has_perm("donations.change_onlinegivingsettings"),
        }


def figures_of(health: Health, request: HttpRequest) -> list[Figure]:
    """Return the numbers at the top, each with the list behind it."""
    events = reverse("stripe_events:index") if request.user.has_perm("donations.view_stripeevent") else ""
    return [
        Figure(_("Events in 24 hours"), f"{health.events_today:,}", events),
        Figure(_("Failed events"), f"{health.failed_events:,}", events and f"{events}?state={EventState.FAILED.value}"),
        Figure(_("Unmatched payments"), f"{health.unmatched:,}", f"{reverse('online_payments:index')}?unmatched=true"),
        Figure(_("Disputes to answer"), f"{health.open_disputes:,}", reverse("disputes:index")),
        Figure(_("Payouts that do not add up"), f"{health.payouts_off:,}", reverse("payouts:index")),
    ]


class OnlineGivingMenuItem(MenuItem):
    """For those who may see online payments."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Follow the page's own rule."""
        return request.user.has_perm(_SEE)
