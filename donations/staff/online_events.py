"""What Stripe told us: each event, what became of it, and having it handled once more."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn

from core.staff.columns import MomentColumn, NumberColumn, StatusChipColumn
from core.staff.parts import Chip, Panel
from core.staff.records import RecordView
from core.staff.views import StaffIndexView
from donations.errors import OnlineGivingError
from donations.models import EventState, OnlinePayment, StripeEvent
from donations.staff.links import page_of
from donations.staff.online_verb import AsksStripe, KeptByStripe, money_chip
from donations.staff.only_verbs import NeverDeleted
from donations.stripe import inbox
from donations.stripe.event_words import in_words

EVENT_TONES = {
    EventState.RECEIVED: "waiting",
    EventState.DONE: "good",
    EventState.IGNORED: "quiet",
    EventState.FAILED: "wrong",
}
#: Who sets online giving up also reads what an event carried.
_READ = "donations.change_onlinegivingsettings"


class EventFilterSet(WagtailFilterSet):
    """What one asks of a list of events."""

    state = django_filters.MultipleChoiceFilter(choices=EventState, label=_("State"))
    type = django_filters.AllValuesMultipleFilter(label=_("Type"))
    received_at = django_filters.DateFromToRangeFilter(label=_("Received on"), widget=DateRangePickerWidget)

    class Meta:
        model = StripeEvent
        fields = ["state", "type", "received_at"]


class TryAgainView(AsksStripe):
    """Have an event handled once more."""

    permission = "donations.retry_stripeevent"
    title = _("Try again")
    question = _("Handle %(object)s once more?")
    explanation = _("What it is about is asked for anew at Stripe. Doing so twice changes nothing twice.")
    success_message = _("The event is handled.")
    icon = "rotate"
    priority = 10

    @classmethod
    def refusal(cls, event: StripeEvent) -> Any:
        """Only what was not handled, or is worth another look."""
        return _("Nobody here makes use of events of this type.") if event.state == EventState.IGNORED else ""

    def run(self, form: BaseForm) -> StripeEvent:
        """Handle it now; what goes wrong stands on the form."""
        event = inbox.handle(self.object)
        if event.state == EventState.FAILED:
            raise OnlineGivingError(_("It went wrong again: %(error)s") % {"error": event.error})
        return event


class EventRecordView(NeverDeleted, RecordView):
    """One event."""

    def subtitle(self) -> Any:
        """Stripe's own name for it, and what it is about."""
        return f"{self.object.type} · {self.object.object_id}" if self.object.object_id else self.object.type

    def get_page_title(self) -> str:
        """What happened."""
        return str(in_words(self.object.type))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page is named by what happened; Stripe's names for it stand below."""
        return super().get_context_data(**kwargs) | {"name": self.get_page_title()}

    def chips(self) -> Iterable[Chip]:
        """What became of it."""
        yield Chip(self.object.get_state_display(), EVENT_TONES[EventState(self.object.state)])
        yield from money_chip(self.object)

    def panels(self) -> Iterable[Panel]:
        """What went wrong, the facts, and for whoever set it up, what came."""
        return [
            Panel("error", "", "wagtailadmin/giving/panels/event_error.html", _error_of),
            Panel("facts", _("Facts"), "wagtailadmin/giving/panels/facts.html", _facts_of),
            Panel(
                "payload",
                _("What came"),
                "wagtailadmin/giving/panels/event_payload.html",
                lambda event: {"payload": json.dumps(event.payload, indent=2, ensure_ascii=False, sort_keys=True)},
                permission=_READ,
            ),
        ]


def _error_of(event: StripeEvent) -> dict[str, Any] | None:
    if event.state != EventState.FAILED:
        return None
    again = event.tries < inbox.MOST_TRIES and event.handled_at
    return {"again": event.handled_at + inbox.pause_after(event.tries) if again and event.handled_at else None}


def _facts_of(event: StripeEvent) -> dict[str, Any]:
    payment = (
        OnlinePayment.objects.select_related("gift__donor").filter(payment_intent=event.object_id).first()
        or OnlinePayment.objects.select_related("gift__donor").filter(charge_id=event.object_id).first()
        if event.object_id
        else None
    )
    facts = [
        (_("Payment"), payment, page_of(payment) if payment else None),
        (_("Id"), event.pk, None),
        (_("About"), event.object_id, None),
        (_("Happened at Stripe"), event.created, None),
        (_("Received at"), event.received_at, None),
        (_("Handled at"), event.handled_at, None),
        (_("Tries"), event.tries, None),
    ]
    return {"facts": [fact for fact in facts if fact[1]]}


def _breakable(event: StripeEvent) -> str:
    """Return the type with places where a narrow column may break it."""
    return str(event.type).replace(".", ".\u200b").replace("_", "_\u200b")


class EventIndexView(NeverDeleted, StaffIndexView):
    """The list of events."""


class StripeEventViewSet(KeptByStripe):
    """Every event, the latest first."""

    model = StripeEvent
    icon = "history"
    index_view_class = EventIndexView
    inspect_view_class = EventRecordView
    filterset_class = EventFilterSet
    list_display = [
        MomentColumn("received_at", label=_("Received at"), sort_key="received_at"),
        TitleColumn("type", label=_("What happened"), get_url=page_of, accessor=lambda row: in_words(row.type)),
        Column("at_stripe", label=_("At Stripe"), accessor=_breakable),
        StatusChipColumn("state", label=_("State"), tones=EVENT_TONES),
        NumberColumn("tries", label=_("Tries")),
        Column("error", label=_("Error"), accessor=lambda row: row.error[:120]),
    ]
    search_fields = ["id", "object_id", "type"]
    ordering = ["-received_at", "-pk"]
    verb_views = {"again": TryAgainView}
    empty_message = _(
        "Stripe has not told us anything yet. Enter the address of the webhook at Stripe, as the page “Online giving” "
        "says it, and make a test payment."
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[StripeEvent]:
        """Without what each carried: the page of one has it."""
        return StripeEvent.objects.defer("payload")
