"""Receipts: the list, the page of one, downloads."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import permission_required
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import TitleColumn

from constituents.models import Constituent
from core import audit, clock
from core.documents import bind
from core.organisation import current_organisation
from core.staff.asked import acting
from core.staff.bulk import StaffBulkAction
from core.staff.columns import AmountColumn, DateColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.parts import Action, Chip, Figure, Panel
from core.staff.records import RecordView
from core.staff.verbs import ReasonForm, VerbView
from core.staff.views import StaffIndexView
from core.staff.viewsets import StaffViewSet
from donations.forms import EmailReceiptForm
from donations.models import Gift, Receipt, ReceiptState
from donations.receipts.delivery import receipt_response, send_receipt
from donations.services.receipt_files import finish_after_commit, in_postal_order, receipt_bytes
from donations.services.receipt_numbers import number_receipt
from donations.services.receipts import reissue_receipt, void_receipt
from donations.staff.consolidating import ConsolidateView
from donations.staff.links import page_of
from donations.staff.only_verbs import OnlyByVerbs
from donations.staff.receipt_settings import ReceiptSettingsView
from donations.staff.tones import RECEIPT_TONES
from donations.staff.yearly import EmailYearView, PrintYearView, YearlyRunView


def download_url(receipt: Receipt) -> str:
    """Return where staff download a receipt."""
    return reverse("receipt_download", args=[receipt.uuid])


@permission_required("donations.view_receipt")
def download(request: HttpRequest, uuid: uuid.UUID) -> HttpResponse:
    """Answer with the receipt's file; `?copy=1` with the same page marked COPY, `?show=1` to look at it."""
    receipt = get_object_or_404(Receipt, uuid=uuid)
    copy = "copy" in request.GET
    response = receipt_response(receipt, copy=copy, inline="show" in request.GET)
    audit.record("receipt.downloaded", receipt, by=acting(request), new={"copy": copy}, about=receipt.recipient)
    return response


class ReceiptFilterSet(WagtailFilterSet):
    """What one asks of a list of receipts."""

    issued_on = django_filters.DateFromToRangeFilter(label=_("Issued on"), widget=DateRangePickerWidget)
    state = django_filters.MultipleChoiceFilter(choices=ReceiptState, label=_("State"))

    class Meta:
        model = Receipt
        fields = ["issued_on", "state", "covers_year"]


class ReceiptVerb(VerbView):
    """What the verbs about one receipt show before one decides."""

    permission = "donations.void_receipt"

    @classmethod
    def refusal(cls, receipt: Receipt) -> Any:
        """A void receipt stays as it is."""
        return _("This receipt is void.") if receipt.is_void else ""

    def facts(self) -> Iterable[tuple[Any, Any]]:
        """Whose, how much, when."""
        return [
            (_("Made out to"), self.object.snapshot["recipient"]["name"]),
            (_("Eligible"), self.object.eligible_money),
            (_("Issued on"), self.object.issued_on),
        ]


class SendReceiptView(ReceiptVerb):
    """E-mail thanks with the receipt."""

    verb = staticmethod(send_receipt)
    permission = "donations.issue_receipt"
    title = _("E-mail it")
    question = _("Where shall receipt %(object)s go?")
    explanation = _("A few words of thanks, with the PDF attached.")
    icon = "mail"
    priority = 10
    form_class = EmailReceiptForm
    success_message = _("Receipt %(object)s is on its way.")

    def get_initial(self) -> dict[str, Any]:
        """The donor's own address."""
        return super().get_initial() | {"to": self.object.recipient.primary_email}


class ReissueView(ReceiptVerb):
    """Put a right one in the place of a wrong one."""

    title = _("Replace")
    question = _("Replace receipt %(object)s?")
    explanation = _(
        "It becomes void, and a new one with the next number takes its place, with name and address of today."
    )
    icon = "rotate"
    priority = 70
    form_class = ReasonForm
    success_message = _("Receipt %(object)s is replaced.")

    def run(self, form: BaseForm) -> Receipt:
        """Void and number; the file is drawn right after."""
        self.replacement = reissue_receipt(self.object, by=self.acting, reason=form.cleaned_data["reason"])
        return self.replacement

    def get_success_url(self) -> str:
        """Go and look at the new one."""
        replacement = getattr(self, "replacement", None)
        return (replacement and page_of(replacement)) or super().get_success_url()


class VoidReceiptView(ReceiptVerb):
    """Take a receipt back."""

    verb = staticmethod(void_receipt)
    title = _("Void")
    question = _("Void receipt %(object)s?")
    explanation = _("It keeps its number and its copy, marked VOID. Its gifts may be receipted again.")
    icon = "cross"
    danger = True
    priority = 80
    form_class = ReasonForm
    success_message = _("Receipt %(object)s is void.")


class ReceiptIndexView(OnlyByVerbs, StaffIndexView):
    """The list of receipts."""


class ReceiptRecordView(OnlyByVerbs, RecordView):
    """One receipt, as it was issued."""

    def subtitle(self) -> Any:
        """To whom."""
        return self.object.snapshot["recipient"]["name"]

    def chips(self) -> Iterable[Chip]:
        """How it stands."""
        yield Chip(self.object.get_state_display(), RECEIPT_TONES.get(self.object.state, "quiet"))
        if self.object.covers_year:
            yield Chip(_("Year %(year)s") % {"year": self.object.covers_year})

    def figures(self) -> Iterable[Figure]:
        """What it certifies."""
        yield Figure(_("Given"), str(self.object.money))
        yield Figure(_("Eligible"), str(self.object.eligible_money))

    def actions(self) -> Iterable[Action]:
        """The file."""
        yield Action(_("Download"), download_url(self.object), icon="download", primary=True)
        yield Action(_("Look at it"), f"{download_url(self.object)}?show=1", icon="view")
        if not self.object.is_void:
            yield Action(_("Download a copy"), f"{download_url(self.object)}?copy=1", icon="copy")

    def panels(self) -> Iterable[Panel]:
        """What it is over."""
        return [Panel("lines", _("Gifts on it"), "wagtailadmin/giving/panels/receipt_lines.html", _lines_of)]

    def side_panels(self) -> Iterable[Panel]:
        """The facts of the receipt."""
        receipt = self.object
        replaced_by = getattr(receipt, "replaced_by", None)
        facts = [
            (_("Donor"), receipt.recipient, page_of(receipt.recipient)),
            (_("Issued on"), receipt.issued_on, None),
            (_("Issued by"), receipt.issued_by, None),
            (_("Replaces"), receipt.replaces, page_of(receipt.replaces) if receipt.replaces else None),
            (_("Replaced by"), replaced_by, page_of(replaced_by) if replaced_by else None),
            (_("Void since"), clock.local_date(receipt.voided_at) if receipt.voided_at else None, None),
            (_("Voided by"), receipt.voided_by, None),
            (_("Why"), receipt.void_reason, None),
            (_("SHA-256"), receipt.sha256, None),
        ]
        shown = [fact for fact in facts if fact[1]]
        return [Panel("facts", _("Facts"), "wagtailadmin/giving/panels/facts.html", lambda obj: {"facts": shown})]


def _lines_of(receipt: Receipt) -> dict[str, Any]:
    lines = receipt.lines.select_related("gift")
    return {"lines": [(line, page_of(line.gift)) for line in lines]}


class ReceiptViewSet(StaffViewSet):
    """Every receipt there is; void ones stay."""

    model = Receipt
    icon = "doc-full"
    menu_label = _("Receipts")
    menu_area = Area.GIVING
    menu_order = 30
    index_view_class = ReceiptIndexView
    inspect_view_enabled = True
    inspect_view_class = ReceiptRecordView
    filterset_class = ReceiptFilterSet
    list_display = [
        TitleColumn("serial", label=_("Number"), sort_key="serial", get_url=page_of),
        DateColumn("issued_on", label=_("Issued on"), sort_key="issued_on"),
        TitleColumn("recipient", label=_("Donor"), get_url=lambda receipt: page_of(receipt.recipient)),
        AmountColumn("eligible", label=_("Eligible"), sort_key="eligible"),
        StatusChipColumn("state", label=_("State"), tones=RECEIPT_TONES),
    ]
    list_export = [
        "serial",
        "issued_on",
        "recipient",
        "amount",
        "advantage",
        "eligible",
        "currency",
        "state",
        "void_reason",
        "replaces",
    ]
    ordering = ["-year", "-number"]
    form_fields = []
    verb_views = {
        "yearly": YearlyRunView,
        "consolidate": ConsolidateView,
        "settings": ReceiptSettingsView,
        "email-year": EmailYearView,
        "print-year": PrintYearView,
        "send": SendReceiptView,
        "replace": ReissueView,
        "void": VoidReceiptView,
    }
    empty_message = _("No receipt yet. Open a gift to issue one, or issue the receipts of a whole year.")

    def base_queryset(self, request: HttpRequest) -> QuerySet[Receipt]:
        """Every receipt, with what the list shows beside it."""
        return Receipt.objects.for_list().select_related("issued_by", "voided_by")

    def search(self, queryset: QuerySet[Receipt], query: str) -> QuerySet[Receipt]:
        """Find by number or donor."""
        return queryset.filter(Q(serial__icontains=query) | Q(recipient__in=Constituent.objects.search(query)))


class IssueReceiptsForGifts(StaffBulkAction):
    """A receipt for each of the chosen gifts."""

    verb = staticmethod(lambda gift, *, by: finish_after_commit(number_receipt([gift], by=by)))
    permission = "donations.issue_receipt"
    action_type = "issue_receipts"
    display_name = _("Issue receipts")
    question = _("Issue a receipt for each of these gifts?")
    explanation = _("Gifts that have one already, or get none, are left out and named.")
    models = [Gift]


class PrintReceipts(StaffBulkAction):
    """One PDF of many receipts, in postal order, for the printer."""

    verb = staticmethod(receipt_bytes)
    permission = "donations.export_receipt"
    action_type = "print"
    display_name = _("Print")
    question = _("Make one PDF of these receipts?")
    explanation = _("In postal order, as they were issued. Void ones are left out.")
    models = [Receipt]

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Answer with the file instead of going back to the list."""
        if self.request.POST.get("count") != str(self.count) or self.count > self.most:
            return super().form_valid(form)
        receipts = in_postal_order(receipt for receipt in self.chosen if not receipt.is_void)
        if not receipts:
            form.add_error(None, gettext("All of these receipts are void."))
            return self.form_invalid(form)
        out = BytesIO()
        bind((receipt_bytes(receipt) for receipt in receipts), out)
        response = HttpResponse(out.getvalue(), content_type="application/pdf")
        response["Content-Disposition"] = 'attachment; filename="receipts.pdf"'
        response["Cache-Control"] = "private, no-store"
        audit.record(
            "receipt.bulk_print",
            current_organisation(),
            by=self.request.user,
            new={"count": len(receipts), "first": receipts[0].serial, "last": receipts[-1].serial},
        )
        return response
