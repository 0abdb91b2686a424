"""Online payments: the list, and the page of one: what Stripe says, what it is here, and what went back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import Count, QuerySet, Sum
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn

from core import clock
from core.money import Money
from core.staff.columns import AmountColumn, LinkColumn, MomentColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.parts import Chip, Figure, Panel
from core.staff.records import RecordView
from core.staff.verbs import VerbView
from core.staff.views import StaffIndexView
from donations.forms import RefundForm
from donations.models import (
    BalanceLine,
    OnlinePayment,
    OnlineRefund,
    PaymentStatus,
    RefundStatus,
    Resolution,
    StripeEvent,
)
from donations.staff.links import page_of
from donations.staff.online_unmatched import MatchView, NoGiftView, TakeBackView
from donations.staff.online_verb import AsksStripe, KeptByStripe, money_chip
from donations.staff.only_verbs import NeverDeleted
from donations.stripe.refunding import ask_refund, refundable
from donations.stripe.syncing import payments

PAYMENT_TONES = {
    PaymentStatus.SUCCEEDED: "good",
    PaymentStatus.PROCESSING: "waiting",
    PaymentStatus.STARTED: "waiting",
    PaymentStatus.FAILED: "wrong",
    PaymentStatus.CANCELED: "quiet",
}
REFUND_TONES = {
    RefundStatus.ASKED: "waiting",
    RefundStatus.PENDING: "waiting",
    RefundStatus.REQUIRES_ACTION: "waiting",
    RefundStatus.SUCCEEDED: "good",
    RefundStatus.FAILED: "wrong",
    RefundStatus.CANCELED: "quiet",
}
_PANELS = "wagtailadmin/giving/panels/"
_YES = [("true", _("Yes"))]


class PaymentFilterSet(WagtailFilterSet):
    """What one asks of a list of payments."""

    charged_at = django_filters.DateFromToRangeFilter(label=_("Paid on"), widget=DateRangePickerWidget)
    status = django_filters.MultipleChoiceFilter(choices=PaymentStatus, label=_("Status"))
    unmatched = django_filters.ChoiceFilter(
        label=_("Waits for somebody to say what it is"), choices=_YES, method="filter_unmatched"
    )
    refunded = django_filters.ChoiceFilter(
        label=_("Refunded, in whole or in part"), choices=_YES, method="filter_refunded"
    )

    class Meta:
        model = OnlinePayment
        fields = ["status", "charged_at", "unmatched", "refunded"]

    def filter_unmatched(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Paid, and nobody has said what for."""
        return queryset.filter(pk__in=OnlinePayment.objects.unmatched().values("pk")) if value else queryset

    def filter_refunded(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Something went back at Stripe."""
        return queryset.filter(refunded_minor__gt=0) if value else queryset


class RefundPaymentView(VerbView):
    """Money goes back to the donor by the way it came."""

    permission = "donations.void_gift"
    title = _("Refund")
    question = _("Give money of this payment back?")
    explanation = _(
        "Stripe sends it to the card or account it came from, in five to ten days; its fee is not given back. As soon "
        "as Stripe has it, the gift shrinks, its receipt becomes void, and a new one is issued over what is left."
    )
    submit_label = _("Refund it")
    icon = "rotate"
    danger = True
    priority = 30
    form_class = RefundForm

    @classmethod
    def refusal(cls, payment: OnlinePayment) -> Any:
        """Something of it must be there."""
        if not payment.is_paid:
            return _("Only what was paid can be refunded.")
        return "" if payment.refunded_minor < payment.amount_minor else _("All of it has gone back already.")

    def get_form(self, form_class: Any = None) -> Any:
        """Say in which currency."""
        form = super().get_form(form_class)
        form.fields["amount"].help_text = _("In %(currency)s.") % {"currency": self.object.currency}
        return form

    @cached_property
    def left(self) -> Money:
        """What may still go back."""
        return refundable(self.object)

    def facts(self) -> Iterable[tuple[Any, Any]]:
        """What was paid, by whom, what may go back."""
        payment = self.object
        donor = payment.gift.donor if payment.gift else payment.payer_name
        facts = [
            (_("Donor"), donor),
            (_("Paid"), payment.money),
            (_("Paid with"), payment.paid_with),
            (_("May go back"), self.left),
        ]
        return [fact for fact in facts if fact[1]]

    def get_initial(self) -> dict[str, Any]:
        """All of it, to be lowered."""
        return super().get_initial() | {"amount": self.left.plain}

    def run(self, form: BaseForm) -> OnlineRefund:
        """Ask Stripe for it."""
        return ask_refund(
            self.object,
            money=Money(form.cleaned_data["amount"], self.object.currency),
            by=self.acting,
            reason=form.cleaned_data["reason"],
            token=self.sending.token,
        )

    def get_success_message(self, outcome: OnlineRefund) -> str:
        """It is on its way."""
        return str(_("The refund of %(money)s is asked of Stripe.") % {"money": outcome.money})


class FetchPaymentView(AsksStripe):
    """Ask Stripe once more."""

    permission = "donations.retry_stripeevent"
    title = _("Fetch again")
    question = _("Ask Stripe once more about this payment?")
    explanation = _("For a payment that looks other than at Stripe. What Stripe says now is brought to our books.")
    success_message = _("The payment is as Stripe has it now.")
    icon = "rotate"
    priority = 60

    def facts(self) -> Iterable[tuple[Any, Any]]:
        """Which it is, and how it stands here."""
        payment = self.object
        yield _("Payment"), _("%(money)s from %(donor)s") % {"money": payment.money, "donor": payment.who}
        yield _("Status"), payment.get_status_display()
        yield _("As of"), payment.fetched_at

    def run(self, form: BaseForm) -> OnlinePayment | None:
        """Read it whole: charge, fee, refunds, disputes."""
        if self.object.payment_intent:
            return payments.sync(self.object.payment_intent, hint="refund")
        return payments.sync_charge(self.object.charge_id or "", hint="refund")


class PaymentRecordView(NeverDeleted, RecordView):
    """One payment."""

    def get_page_title(self) -> str:
        """How much, from whom."""
        payment = self.object
        return str(_("%(money)s from %(donor)s") % {"money": payment.money, "donor": payment.who})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page is named by its title."""
        return super().get_context_data(**kwargs) | {"name": self.get_page_title()}

    def subtitle(self) -> Any:
        """What it was paid with."""
        return self.object.paid_with

    def chips(self) -> Iterable[Chip]:
        """How it stands."""
        payment = self.object
        yield Chip(payment.get_status_display(), PAYMENT_TONES[PaymentStatus(payment.status)])
        if payment.is_paid and payment.gift is None and not payment.resolution:
            yield Chip(_("Nobody knows what for"), "waiting")
        if payment.resolution == Resolution.NOT_OURS:
            yield Chip(_("No gift"))
        yield from money_chip(payment)

    def figures(self) -> Iterable[Figure]:
        """Gross, fee, net; what went back."""
        payment = self.object
        yield Figure(_("Paid"), str(payment.money))
        if payment.fee is not None and payment.net is not None:
            yield Figure(_("Fee"), str(Money(-payment.fee, payment.settled_currency)))
            yield Figure(_("Net"), str(Money(payment.net, payment.settled_currency)))
        if payment.refunded_minor:
            yield Figure(_("Refunded"), str(payment.refunded))

    def panels(self) -> Iterable[Panel]:
        """What Stripe says, what went back, what is questioned, where the money went."""
        return [
            Panel("says", _("What Stripe says"), f"{_PANELS}facts.html", _what_stripe_says),
            Panel("refunds", _("Refunds"), f"{_PANELS}online_refunds.html", _refunds_of),
            Panel("disputes", _("Disputes and warnings"), f"{_PANELS}online_disputes.html", _disputes_of),
            Panel("balance", _("In the balance at Stripe"), f"{_PANELS}online_lines.html", _lines_of),
            Panel(
                "events",
                _("What Stripe told us"),
                f"{_PANELS}online_events.html",
                _events_of,
                permission="donations.view_stripeevent",
            ),
        ]

    def side_panels(self) -> Iterable[Panel]:
        """What it is here."""
        payment = self.object
        decided = clock.local_date(payment.resolved_at) if payment.resolved_at else None
        rows = [
            (_("Gift"), payment.gift, page_of(payment.gift) if payment.gift else None),
            (_("Donor"), payment.gift and payment.gift.donor, page_of(payment.gift.donor) if payment.gift else None),
            (_("For"), payment.gift and payment.gift.fund_names, None),
            (_("Recurring gift"), payment.recurring, page_of(payment.recurring) if payment.recurring else None),
            (_("Decision"), payment.get_resolution_display(), None),
            (_("Why"), payment.resolution_reason, None),
            (_("Decided by"), payment.resolved_by, None),
            (_("Decided on"), decided, None),
        ]
        shown = [row for row in rows if row[1]]
        return [Panel("here", _("Here"), f"{_PANELS}facts.html", lambda obj: {"facts": shown} if shown else None)]


def _what_stripe_says(payment: OnlinePayment) -> dict[str, Any]:
    facts = [
        (_("Paid on"), payment.charged_at and clock.local_date(payment.charged_at)),
        (_("Paid with"), payment.paid_with),
        (_("Name of the payer"), payment.payer_name),
        (_("E-mail of the payer"), payment.payer_email),
        (_("Description"), payment.statement),
        (_("Why it failed"), payment.failure_message),
        (_("Failure code"), payment.failure_code),
        (_("Payment"), payment.payment_intent),
        (_("Charge"), payment.charge_id),
        (_("Invoice"), payment.invoice_id),
        (_("Customer"), payment.customer_id),
        (_("As of"), payment.fetched_at),
    ]
    return {"facts": [(label, value, None) for label, value in facts if value]}


def _refunds_of(payment: OnlinePayment) -> dict[str, Any] | None:
    rows = list(payment.refunds.select_related("by").order_by("asked_at", "pk"))
    return {"refunds": [(row, REFUND_TONES[RefundStatus(row.status)]) for row in rows]} if rows else None


def _disputes_of(payment: OnlinePayment) -> dict[str, Any] | None:
    disputes, warnings = list(payment.disputes.all()), list(payment.fraud_warnings.all())
    if not disputes and not warnings:
        return None
    return {
        "disputes": [(row, page_of(row)) for row in disputes],
        "warnings": [(row, page_of(row)) for row in warnings],
    }


def _ids_of(payment: OnlinePayment) -> list[str]:
    """Return every id at Stripe that has to do with a payment."""
    parts = [payment.payment_intent, payment.charge_id, payment.invoice_id]
    parts += payment.refunds.values_list("stripe_id", flat=True)
    parts += payment.disputes.values_list("stripe_id", flat=True)
    return [part for part in parts if part]


def _lines_of(payment: OnlinePayment) -> dict[str, Any] | None:
    rows = BalanceLine.objects.filter(source_id__in=_ids_of(payment)).select_related("payout")
    lines = [(line, page_of(line.payout) if line.payout else None) for line in rows.order_by("happened_at", "pk")]
    return {"lines": lines} if lines else None


def _events_of(payment: OnlinePayment) -> dict[str, Any] | None:
    rows = StripeEvent.objects.filter(object_id__in=_ids_of(payment)).defer("payload").order_by("created", "pk")[:40]
    events = [(event, page_of(event)) for event in rows]
    return {"events": events} if events else None


def _moment(payment: OnlinePayment) -> dt.datetime:
    return payment.charged_at or payment.created_at


def _went_back(payment: OnlinePayment) -> Money | None:
    return payment.refunded if payment.refunded_minor else None


def _what_it_is(payment: OnlinePayment) -> Any:
    if payment.gift is not None:
        return payment.gift.fund_names
    waits = payment.is_paid and not payment.resolution
    return _("Nobody knows what for") if waits else payment.get_resolution_display()


class PaymentIndexView(NeverDeleted, StaffIndexView):
    """The list of payments."""


class OnlinePaymentViewSet(KeptByStripe):
    """Every online payment, the latest first."""

    model = OnlinePayment
    icon = "globe"
    menu_label = _("Online payments")
    menu_area = Area.GIVING
    menu_order = 40
    index_view_class = PaymentIndexView
    inspect_view_class = PaymentRecordView
    filterset_class = PaymentFilterSet
    list_display = [
        MomentColumn(
            "created_at", label=_("When"), sort_key="created_at", accessor=lambda row: row.charged_at or row.created_at
        ),
        TitleColumn("who", label=_("From"), get_url=page_of),
        AmountColumn("amount", label=_("Amount"), sort_key="amount"),
        AmountColumn("fee", label=_("Fee"), currency="settled_currency"),
        AmountColumn("refunded", label=_("Refunded"), accessor=_went_back),
        Column("paid_with", label=_("Paid with")),
        StatusChipColumn("status", label=_("Status"), tones=PAYMENT_TONES),
        LinkColumn(
            "gift",
            label=_("Gift"),
            accessor=_what_it_is,
            get_url=lambda row: page_of(row.gift) if row.gift else None,
        ),
    ]
    list_export = [
        "charged_at",
        "who",
        "amount",
        "currency",
        "fee",
        "net",
        "settled_currency",
        "status",
        "paid_with",
        "payment_intent",
        "charge_id",
    ]
    search_fields = ["payment_intent", "charge_id", "payer_name", "payer_email", "gift__donor__sort_name"]
    ordering = ["-created_at", "-pk"]
    verb_views = {
        "match": MatchView,
        "no_gift": NoGiftView,
        "refund": RefundPaymentView,
        "fetch": FetchPaymentView,
        "back": TakeBackView,
    }
    empty_message = _(
        "Nobody has paid online yet. As soon as somebody does, the payment stands here with what Stripe says of it."
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[OnlinePayment]:
        """With the gift it is."""
        return OnlinePayment.objects.for_list().prefetch_related("gift__allocations__fund")

    def totals(self, queryset: Any) -> list[tuple[Any, Any]]:
        """What was paid, by currency."""
        rows = queryset.paid().order_by().values("currency").annotate(n=Count("pk"), sum=Sum("amount"))
        return [
            (_("Paid (%(count)s)") % {"count": row["n"]}, Money(row["sum"], row["currency"]))
            for row in rows.order_by("currency")
        ]
