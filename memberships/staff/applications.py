"""Who asked to join or renew: the list, the answer, and the dues that came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.staff.columns import AmountColumn, DateColumn, StatusChipColumn, TitleColumn
from core.staff.menu import Area
from core.staff.verbs import ReasonForm, VerbView
from core.staff.viewsets import StaffViewSet
from donations.services.gifts import post_gift
from memberships.forms import ReceivedForm
from memberships.models import Application
from memberships.models.application import ApplicationState
from memberships.services import joining


class ApproveView(VerbView):
    """Say yes to somebody who asked to join."""

    verb = staticmethod(joining.approve_application)
    permission = "memberships.answer_application"
    title = _("Approve")
    question = _("Approve %(object)s?")
    explanation = _("The dues are expected from here on; the term begins when they have come.")
    icon = "check"
    form_class = forms.Form
    success_message = _("%(object)s: approved, the dues are expected.")
    priority = 10

    @classmethod
    def refusal(cls, obj: Application) -> Any:
        """Only what waits for it."""
        return "" if obj.state == ApplicationState.APPROVAL else _("It does not wait for approval.")


class DeclineView(VerbView):
    """Say no, or give up waiting."""

    verb = staticmethod(joining.decline_application)
    permission = "memberships.answer_application"
    title = _("Decline")
    question = _("Decline %(object)s?")
    explanation = _("Dues that were expected no longer are.")
    icon = "cross"
    danger = True
    form_class = ReasonForm
    success_message = _("%(object)s: declined.")
    priority = 20

    @classmethod
    def refusal(cls, obj: Application) -> Any:
        """Only what is open."""
        return "" if obj.is_open else _("It was answered already.")


class ReceiveView(VerbView):
    """The expected dues have come."""

    permission = "memberships.join_membership"
    title = _("Dues received")
    question = _("Have the dues of %(object)s come?")
    explanation = _("They are entered as received, and the term begins that day or follows the one that runs.")
    icon = "pick"
    form_class = ReceivedForm
    success_message = _("%(object)s: dues received.")
    priority = 5

    @classmethod
    def refusal(cls, obj: Application) -> Any:
        """Only what waits for payment."""
        return "" if obj.state == ApplicationState.PAYMENT else _("It does not wait for payment.")

    def facts(self) -> list[tuple[Any, Any]]:
        """Say what was expected."""
        gift = self.object.gift
        return [(_("Expected"), gift.money), (_("By"), gift.get_method_display()), (_("Reference"), gift.reference)]

    def run(self, form: ReceivedForm) -> Any:  # type: ignore[override]
        """Post the gift; the membership hears of it by itself."""
        return post_gift(self.object.gift, by=self.acting, received_on=form.cleaned_data["received_on"])


class ApplicationViewSet(StaffViewSet):
    """Who asked to join or renew, and waits for an answer or has yet to pay."""

    model = Application
    icon = "form"
    form_fields: Sequence[str] = ()
    menu_label = _("Applications")
    menu_area = Area.MEMBERSHIP
    menu_order = 30
    url_namespace = "membership_applications"
    inspect_view_enabled = True
    select_related = ["membership__constituent", "membership__household", "level", "gift"]
    list_display = [
        TitleColumn(
            "holder",
            label=_("Who"),
            accessor="membership.holder",
            get_url=lambda row: reverse("memberships:inspect", args=[row.membership_id]),
        ),
        "level",
        StatusChipColumn("state", tones={"approval": "waiting", "payment": "waiting", "done": "good"}),
        AmountColumn("expected", label=_("Expected"), accessor="gift.money", currency=None),
        DateColumn("asked_on", label=_("Asked on"), sort_key="asked_on"),
    ]
    list_filter = ["state", "level"]
    empty_message = _("Nobody waits. Who asks to join on the website appears here.")
    verb_views = {"received": ReceiveView, "approve": ApproveView, "decline": DeclineView}
