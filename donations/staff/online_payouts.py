"""Payouts: what Stripe sent to the bank, what each is made of down to the gift, and the deposit report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import permission_required
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import TitleColumn

from core import audit
from core.money import Money
from core.staff.asked import acting
from core.staff.columns import AmountColumn, LinkColumn, NumberColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.parts import Action, Chip, Figure, Panel
from core.staff.records import RecordView
from core.staff.views import StaffIndexView
from core.theme.figures import day_in_words
from donations.documents.deposit_report import draw_deposit_report
from donations.models import Payout, PayoutStatus, Tie
from donations.staff.links import page_of
from donations.staff.online_unmatched import unmatched_url
from donations.staff.online_verb import AsksStripe, KeptByStripe, money_chip
from donations.staff.only_verbs import NeverDeleted
from donations.stripe.deposits import Deposit, DepositRow, deposit_of, rows_of
from donations.stripe.syncing import payouts as syncing

STATUS_TONES = {
    PayoutStatus.PENDING: "waiting",
    PayoutStatus.IN_TRANSIT: "waiting",
    PayoutStatus.PAID: "good",
    PayoutStatus.FAILED: "wrong",
    PayoutStatus.CANCELED: "wrong",
}
TIE_TONES = {Tie.EXACT: "good", Tie.OFF: "wrong", Tie.WAITING: "waiting", Tie.UNKNOWABLE: "quiet"}
#: How many lines a payout's page shows; the list behind it has all.
SHOWN = 100
_SEE = "donations.view_payout"


class PayoutFilterSet(WagtailFilterSet):
    """What one asks of a list of payouts."""

    arrives_on = django_filters.DateFromToRangeFilter(label=_("In the bank on"), widget=DateRangePickerWidget)
    status = django_filters.MultipleChoiceFilter(choices=PayoutStatus, label=_("Status"))
    on_statement = django_filters.BooleanFilter(
        label=_("Found on a bank statement"), field_name="bank_credit", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = Payout
        fields = ["status", "arrives_on", "on_statement"]


class FetchPayoutView(AsksStripe):
    """Ask Stripe once more."""

    permission = "donations.sync_payout"
    title = _("Fetch again")
    question = _("Ask Stripe once more about %(object)s?")
    explanation = _(
        "For a payout whose status or list is behind what Stripe shows. What is known already stays as it is; what is "
        "missing is added."
    )
    success_message = _("The payout is as Stripe has it now.")
    icon = "rotate"
    priority = 60

    def run(self, form: BaseForm) -> Payout:
        """Fetch it."""
        return syncing.sync(self.object.payout_id)


class PayoutRecordView(NeverDeleted, RecordView):
    """One payout: what it is made of, and whether that adds up."""

    @cached_property
    def deposit(self) -> Deposit:
        """The payout, added up once for all that shows it."""
        return deposit_of(self.object)

    @cached_property
    def rows(self) -> list[DepositRow]:
        """Its lines."""
        return rows_of(self.object)

    def subtitle(self) -> Any:
        """When it reaches the bank."""
        day = day_in_words(self.object.arrives_on, "medium")
        words = _("Taken from the bank on %(day)s") if self.object.amount < 0 else _("In the bank on %(day)s")
        return words % {"day": day}

    def chips(self) -> Iterable[Chip]:
        """How it stands, and whether it adds up."""
        yield Chip(self.object.get_status_display(), STATUS_TONES[PayoutStatus(self.object.status)])
        yield Chip(self.deposit.tie.label, TIE_TONES[self.deposit.tie])
        yield from money_chip(self.object)

    def figures(self) -> Iterable[Figure]:
        """The sum as it is done on paper."""
        yield Figure(_("Payments"), str(self.deposit.gross))
        yield Figure(_("Fees"), str(self.deposit.fees))
        for label, money in (
            (_("Refunds"), self.deposit.refunds),
            (_("Disputes"), self.deposit.disputes),
            (_("Other"), self.deposit.other),
        ):
            if money:
                yield Figure(label, str(money))
        yield Figure(_("Deposit"), str(self.object.money))

    def actions(self) -> Iterable[Action]:
        """The report."""
        if self.deposit.count and self.request.user.has_perm("donations.export_payout"):
            url = reverse("deposit_report", args=[self.object.pk])
            yield Action(_("Deposit report"), url, icon="doc-full", primary=True)
        if self.deposit.count:
            yield Action(_("Every line"), reverse("deposit_lines", args=[self.object.pk]), icon="list-ul")

    def panels(self) -> Iterable[Panel]:
        """Whether it adds up, the sum, the lines."""
        return [
            Panel("tie", "", "wagtailadmin/giving/panels/deposit_tie.html", self._tie),
            Panel("sum", _("What it is made of"), "wagtailadmin/giving/panels/deposit_sum.html", self._sum),
            Panel("lines", _("Line by line"), "wagtailadmin/giving/panels/deposit_lines.html", self._lines),
        ]

    def side_panels(self) -> Iterable[Panel]:
        """What Stripe and the bank say."""
        payout = self.object
        credit = getattr(payout, "bank_credit", None)
        facts = [
            (_("On the bank statement"), credit or _("Not found yet"), page_of(credit) if credit else None),
            (_("Sent on"), payout.sent_at, None),
            (_("By schedule"), _("Yes") if payout.is_automatic else _("No, asked for by hand"), None),
            (_("Text on the statement"), payout.descriptor, None),
            (_("Trace number"), payout.trace_id, None),
            (_("Id at Stripe"), payout.payout_id, None),
            (_("As of"), payout.synced_at, None),
        ]
        shown = [fact for fact in facts if fact[1]]
        return [Panel("facts", _("Facts"), "wagtailadmin/giving/panels/facts.html", lambda obj: {"facts": shown})]

    def _tie(self, payout: Payout) -> dict[str, Any] | None:
        unknown = [row for row in self.rows if row.is_unknown]
        if self.deposit.tie == Tie.EXACT and not unknown and not payout.has_failed:
            return None
        return {
            "deposit": self.deposit,
            "tie": self.deposit.tie.value,
            "unknown": unknown[:20],
            "unknown_count": len(unknown),
            "unknown_url": unmatched_url() if any(row.payment for row in unknown) else "",
            "unknown_sum": sum((row.line.net_money for row in unknown), Money.zero(payout.currency)),
        }

    def _sum(self, payout: Payout) -> dict[str, Any] | None:
        return {"deposit": self.deposit} if self.deposit.count else None

    def _lines(self, payout: Payout) -> dict[str, Any] | None:
        rows = self.rows
        if not rows:
            return None
        url = reverse("deposit_lines", args=[payout.pk])
        shown = [(row, page_of(row.gift or row.payment) if row.payment else None) for row in rows[:SHOWN]]
        return {"rows": shown, "more": max(len(rows) - SHOWN, 0), "all_url": url}


class PayoutIndexView(NeverDeleted, StaffIndexView):
    """The list of payouts."""


class PayoutViewSet(KeptByStripe):
    """Every payout, the latest first."""

    model = Payout
    icon = "download"
    menu_label = _("Payouts")
    menu_area = Area.GIVING
    menu_order = 45
    index_view_class = PayoutIndexView
    inspect_view_class = PayoutRecordView
    filterset_class = PayoutFilterSet
    list_display = [
        TitleColumn(
            "arrives_on",
            label=_("In the bank on"),
            sort_key="arrives_on",
            get_url=page_of,
            accessor=lambda row: day_in_words(row.arrives_on, "medium"),
        ),
        AmountColumn("amount", label=_("Deposit"), sort_key="amount"),
        NumberColumn("line_count", label=_("Lines")),
        StatusChipColumn("status", label=_("Status"), tones=STATUS_TONES),
        StatusChipColumn("tie", label=_("Sum"), tones=TIE_TONES),
        LinkColumn(
            "bank_credit",
            label=_("On the bank statement"),
            accessor=lambda row: (
                day_in_words(row.bank_credit.booked_on, "medium") if hasattr(row, "bank_credit") else ""
            ),
            get_url=lambda row: page_of(row.bank_credit) if hasattr(row, "bank_credit") else None,
        ),
    ]
    list_export = ["arrives_on", "amount", "currency", "status", "payout_id", "descriptor", "trace_id", "line_count"]
    ordering = ["-arrives_on", "-pk"]
    verb_views = {"fetch": FetchPayoutView}
    empty_message = _(
        "No payout yet. Stripe sends what donors paid to your bank every few days; each payout then stands here with "
        "the gifts in it, so that you can tick it off on the bank statement."
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[Payout]:
        """With what adds them up, and where they are on the statement."""
        return Payout.objects.with_lines().select_related("bank_credit__statement__account")


@permission_required("donations.export_payout")
def deposit_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the report of one deposit as PDF."""
    payout = get_object_or_404(Payout, pk=pk)
    content = draw_deposit_report(deposit_of(payout), rows_of(payout))
    audit.record("payout.report_printed", payout, by=acting(request))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="deposit-{payout.arrives_on:%Y-%m-%d}-{payout.pk}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
