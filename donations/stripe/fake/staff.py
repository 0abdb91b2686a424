"""The demo's panel: staff play the bank, the calendar and Stripe itself, and see what Steward makes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core.staff.menu import Area, menu_group
from donations.stripe import mode
from donations.stripe.fake import acting, showing
from donations.stripe.fake.problems import ApiError
from donations.stripe.fake.store import Thing

PERMISSION = "donations.retry_stripeevent"
# What the buttons do; each takes the id of its row.
VERBS: dict[str, Callable[[str], Any]] = {
    "settle_debit": acting.settle_debit,
    "return_debit": acting.return_debit,
    "renew": acting.renew,
    "fail_renewal": lambda subscription: acting.renew(subscription, succeed=False),
    "ask_renewal": lambda subscription: acting.renew(subscription, needs_approval=True),
    "retry": acting.retry,
    "fail_retry": lambda invoice: acting.retry(invoice, succeed=False),
    "refund": acting.refund_at_stripe,
    "dispute": acting.dispute,
    "win": lambda dispute: acting.close_dispute(dispute, won=True),
    "lose": lambda dispute: acting.close_dispute(dispute, won=False),
    "warn": acting.warn,
    "payout": acting.payout,
}
# The last events once more, in the order they were sent, backwards, or in any.
AGAIN = {"replay": "sent", "reverse": "reversed", "shuffle": "shuffled"}
ANSWERED = 200


class DemoPanel(WagtailAdminTemplateMixin, PermissionRequiredMixin, TemplateView):
    """What waits in the double, with a button for each thing that may happen."""

    permission_required = PERMISSION
    raise_exception = True
    template_name = "wagtailadmin/giving/demo_stripe.html"
    page_title = gettext_lazy("Play the bank")
    header_icon = "history"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Exist in the demo only."""
        if mode.current() is not mode.Mode.DEMO:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, this page."""
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The parts of the panel, and the last events."""
        found = showing.parts()
        return super().get_context_data(**kwargs) | {
            "parts": found,
            "is_empty": not any(part.rows for part in found),
            "events": showing.last_events(),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Act, let the webhook hear of it, and say what it answered."""
        verb, subject = request.POST.get("verb", ""), request.POST.get("id", "")
        if verb in AGAIN:
            self._say(acting.deliver(showing.last_events()[::-1], order=AGAIN[verb]))
        elif verb in VERBS:
            self._act(VERBS[verb], subject)
        return redirect(reverse("demo_stripe"))

    def _act(self, verb: Callable[[str], Thing], subject: str) -> None:
        mark = acting.cursor()
        try:
            verb(subject)
        except ApiError as refused:
            messages.error(self.request, str(refused))
            return
        acting.book_fees()
        self._say(acting.deliver(acting.events(mark)))

    def _say(self, sent: list[acting.Delivery]) -> None:
        refused = [delivery for delivery in sent if delivery.status != ANSWERED]
        if refused:
            names = ", ".join(f"{delivery.kind} ({delivery.status})" for delivery in refused)
            messages.error(self.request, _("Not taken by the webhook: %(names)s") % {"names": names})
            return
        words = ngettext(
            "%(count)s event was sent to Steward, as Stripe would.",
            "%(count)s events were sent to Steward, as Stripe would.",
            len(sent),
        )
        messages.success(self.request, words % {"count": len(sent)})


class DemoMenuItem(MenuItem):
    """In the demo, for those who look after what Stripe says."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Follow the page's own rule."""
        return mode.current() is mode.Mode.DEMO and request.user.has_perm(PERMISSION)


@hooks.register("register_admin_urls")
def demo_addresses() -> list[URLPattern]:
    """The panel."""
    return [path("giving/demo/", DemoPanel.as_view(), name="demo_stripe")]


@hooks.register(menu_group(Area.GIVING))
def demo_menu_item() -> MenuItem:
    """The panel, at the end of Giving."""
    return DemoMenuItem(gettext_lazy("Play the bank (demo)"), reverse("demo_stripe"), icon_name="history", order=990)
