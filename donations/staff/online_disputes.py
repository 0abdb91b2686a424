"""Disputes and early fraud warnings: how they stand, until when an answer is due, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from core import clock
from core.staff.columns import AmountColumn, BooleanColumn, DateColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.parts import Action, Chip, Figure, Panel
from core.staff.records import RecordView
from core.staff.views import StaffIndexView
from core.theme.figures import day_in_words
from donations.models import Dispute, DisputeStatus, FraudWarning
from donations.models.dispute import WAITING_FOR_US
from donations.staff.links import page_of
from donations.staff.online_verb import KeptByStripe, money_chip
from donations.staff.only_verbs import NeverDeleted

DISPUTE_TONES = {
    DisputeStatus.WARNING_NEEDS_RESPONSE: "waiting",
    DisputeStatus.WARNING_UNDER_REVIEW: "waiting",
    DisputeStatus.WARNING_CLOSED: "good",
    DisputeStatus.NEEDS_RESPONSE: "wrong",
    DisputeStatus.UNDER_REVIEW: "waiting",
    DisputeStatus.PREVENTED: "good",
    DisputeStatus.WON: "good",
    DisputeStatus.LOST: "wrong",
    DisputeStatus.APPEAL_NEEDS_RESPONSE: "wrong",
    DisputeStatus.APPEAL_UNDER_REVIEW: "waiting",
}
_PANELS = "wagtailadmin/giving/panels/"


def dashboard_address(livemode: bool, *parts: str) -> str:
    """Return where something stands in Stripe's dashboard. Words to copy: no page of ours asks another host."""
    return "/".join(["dashboard.stripe.com", *([] if livemode else ["test"]), *parts])


class DisputeFilterSet(WagtailFilterSet):
    """What one asks of a list of disputes."""

    status = django_filters.MultipleChoiceFilter(choices=DisputeStatus, label=_("Status"))

    class Meta:
        model = Dispute
        fields = ["status"]


class DisputeRecordView(NeverDeleted, RecordView):
    """One dispute."""

    def get_page_title(self) -> str:
        """How much, by whom."""
        words = {"money": self.object.money, "donor": self.object.payment.who}
        return _text("Dispute over %(money)s of %(donor)s") % words

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page is named by its title."""
        return super().get_context_data(**kwargs) | {"name": self.get_page_title()}

    def chips(self) -> Iterable[Chip]:
        """How it stands."""
        yield Chip(self.object.get_status_display(), DISPUTE_TONES[DisputeStatus(self.object.status)])
        yield from money_chip(self.object)

    def figures(self) -> Iterable[Figure]:
        """What is questioned, and how long there is to answer."""
        dispute = self.object
        yield Figure(_("Questioned"), str(dispute.money))
        if dispute.answer_by:
            yield Figure(_("Answer by"), day_in_words(clock.local_date(dispute.answer_by), "medium"))

    def panels(self) -> Iterable[Panel]:
        """What to do, and the facts."""
        return [
            Panel("todo", "", f"{_PANELS}what_to_do.html", what_to_do_about),
            Panel("facts", _("Facts"), f"{_PANELS}facts.html", _dispute_facts),
        ]


def what_to_do_about(dispute: Dispute) -> dict[str, Any]:
    """Return what whoever looks at a dispute does next, in sentences."""
    status = DisputeStatus(dispute.status)
    tone: str = {"wrong": "wrong", "waiting": "waiting", "good": "good"}.get(DISPUTE_TONES[status], "")
    due = dispute.evidence_due_at
    if status in WAITING_FOR_US:
        title = (
            _text("Answer at Stripe by %(day)s") % {"day": day_in_words(clock.local_date(due), "medium")}
            if due
            else _text("Answer at Stripe")
        )
        sentences = [
            _text(
                "Write to the donor first: most disputes are a name on a card statement that nobody recognised. When "
                "they agree that it was their gift, ask them to withdraw the dispute at their bank, and say so at "
                "Stripe."
            ),
            _text(
                "Otherwise send Stripe what shows that the gift was meant: the thank-you, the receipt, earlier gifts. "
                "Who gives no answer loses."
            ),
        ]
        if status == DisputeStatus.WARNING_NEEDS_RESPONSE:
            sentences.append(_text("So far no money was taken: a refund now ends the inquiry and spares the fee."))
        if status == DisputeStatus.APPEAL_NEEDS_RESPONSE:
            sentences.append(_text("It was lost, and the gift is charged back. When an appeal is won it counts again."))
        return {"title": title, "sentences": sentences, "tone": tone, "address": _address(dispute)}
    words = {
        DisputeStatus.WON: (_text("Won"), _text("The money is back at Stripe, and the gift counts as before.")),
        DisputeStatus.LOST: (
            _text("Lost"),
            _text("The gift is charged back and its receipt void. Nothing more can be done at Stripe."),
        ),
        DisputeStatus.PREVENTED: (_text("Prevented"), _text("It was settled before it became a dispute.")),
        DisputeStatus.WARNING_CLOSED: (_text("Inquiry closed"), _text("No money was taken.")),
    }
    if status == DisputeStatus.PREVENTED and dispute.is_lost:
        words[status] = (_text("Prevented"), _text("The donor has the money back, and the gift is charged back."))
    title, sentence = words.get(
        status, (_text("The bank is deciding"), _text("There is nothing to do until it has, which takes weeks."))
    )
    return {"title": title, "sentences": [sentence], "tone": tone, "address": _address(dispute)}


def _address(dispute: Dispute) -> str:
    return dashboard_address(dispute.livemode, "disputes", dispute.stripe_id)


def _dispute_facts(dispute: Dispute) -> dict[str, Any]:
    payment = dispute.payment
    facts = [
        (_("Payment"), payment, page_of(payment)),
        (_("Donor"), payment.who, page_of(payment.gift.donor) if payment.gift else None),
        (_("Reason"), dispute.reason.replace("_", " ").capitalize(), None),
        (_("Opened on"), clock.local_date(dispute.opened_at), None),
        (_("Closed on"), clock.local_date(dispute.closed_at) if dispute.closed_at else None, None),
        (_("Id at Stripe"), dispute.stripe_id, None),
        (_("As of"), dispute.fetched_at, None),
    ]
    return {"facts": [fact for fact in facts if fact[1]]}


class DisputeIndexView(NeverDeleted, StaffIndexView):
    """The list of disputes, with the way to the warnings."""

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """The warnings."""
        warnings = HeaderButton(
            _("Fraud warnings"), url=reverse("fraud_warnings:index"), icon_name="warning", priority=60
        )
        return [*super().header_buttons, warnings]


class DisputeViewSet(KeptByStripe):
    """Every dispute, what has to be answered first."""

    model = Dispute
    icon = "warning"
    menu_label = _("Disputes")
    menu_area = Area.GIVING
    menu_order = 42
    index_view_class = DisputeIndexView
    inspect_view_class = DisputeRecordView
    filterset_class = DisputeFilterSet
    list_display = [
        DateColumn("opened_at", label=_("Opened on"), sort_key="opened_at"),
        TitleColumn("payment", label=_("Donor"), accessor="payment.who", get_url=page_of),
        AmountColumn("amount", label=_("Amount"), sort_key="amount"),
        Column("reason", label=_("Reason"), accessor=lambda row: row.reason.replace("_", " ").capitalize()),
        DateColumn("answer_by", label=_("Answer by"), sort_key="evidence_due_at"),
        StatusChipColumn("status", label=_("Status"), tones=DISPUTE_TONES),
    ]
    ordering = ["-opened_at", "-pk"]
    empty_message = _(
        "No payment is disputed. When a donor or a bank questions one, it stands here with the day an answer is due by."
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[Dispute]:
        """With whose payment it is."""
        return Dispute.objects.for_list()


class WarningRecordView(NeverDeleted, RecordView):
    """One early fraud warning."""

    def get_page_title(self) -> str:
        """How much, of whom."""
        words = {"money": self.object.payment.money, "donor": self.object.payment.who}
        return _text("Warning about %(money)s of %(donor)s") % words

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page is named by its title."""
        return super().get_context_data(**kwargs) | {"name": self.get_page_title()}

    def chips(self) -> Iterable[Chip]:
        """Whether something can be done."""
        yield _warning_chip(self.object)
        yield from money_chip(self.object)

    def actions(self) -> Iterable[Action]:
        """Go to the refund."""
        payment = self.object.payment
        if self.object.is_actionable and self.request.user.has_perm("donations.void_gift"):
            url = reverse("online_payments:refund", args=[payment.pk])
            yield Action(_("Refund the payment"), url, icon="rotate", primary=True)

    def panels(self) -> Iterable[Panel]:
        """What to do, and the facts."""
        return [
            Panel("todo", "", f"{_PANELS}what_to_do.html", _what_to_do_about_warning),
            Panel("facts", _("Facts"), f"{_PANELS}facts.html", _warning_facts),
        ]


def _warning_chip(warning: FraudWarning) -> Chip:
    if not warning.is_actionable:
        return Chip(_("Nothing to do any more"), "quiet")
    return Chip(_("A refund would help"), "waiting")


def _what_to_do_about_warning(warning: FraudWarning) -> dict[str, Any]:
    address = dashboard_address(warning.livemode, "payments", warning.payment.payment_intent or "")
    if not warning.is_actionable:
        sentence = _text("The payment was refunded, or is disputed already: the warning has no more weight.")
        return {"title": _text("Nothing to do any more"), "sentences": [sentence], "tone": "", "address": address}
    sentences = [
        _text(
            "The network that issued the card suspects that it was stolen. Most warnings become a dispute with a fee."
        ),
        _text("Do you know the donor? Ask them. If you do not, or they know nothing of it: refund the payment now."),
    ]
    return {"title": _text("Refund it, or ask"), "sentences": sentences, "tone": "waiting", "address": address}


def _warning_facts(warning: FraudWarning) -> dict[str, Any]:
    payment = warning.payment
    facts = [
        (_("Payment"), payment, page_of(payment)),
        (_("Donor"), payment.who, page_of(payment.gift.donor) if payment.gift else None),
        (_("Kind"), warning.type.replace("_", " ").capitalize(), None),
        (_("Warned on"), clock.local_date(warning.warned_at), None),
        (_("Id at Stripe"), warning.stripe_id, None),
    ]
    return {"facts": [fact for fact in facts if fact[1]]}


class WarningIndexView(NeverDeleted, StaffIndexView):
    """The list of warnings."""


class FraudWarningViewSet(KeptByStripe):
    """Every early fraud warning, the latest first."""

    model = FraudWarning
    icon = "warning"
    index_view_class = WarningIndexView
    inspect_view_class = WarningRecordView
    list_display = [
        DateColumn("warned_at", label=_("Warned on"), sort_key="warned_at"),
        TitleColumn("payment", label=_("Donor"), accessor="payment.who", get_url=page_of),
        AmountColumn("payment.amount", label=_("Amount"), currency="payment.currency"),
        Column("type", label=_("Kind"), accessor=lambda row: row.type.replace("_", " ").capitalize()),
        BooleanColumn("is_actionable", label=_("A refund would help")),
    ]
    ordering = ["-warned_at", "-pk"]
    empty_message = _("No warning. Card networks warn of payments that look like theft, often before a dispute.")

    def base_queryset(self, request: HttpRequest) -> QuerySet[FraudWarning]:
        """With whose payment it is about."""
        return FraudWarning.objects.select_related("payment__gift__donor")
