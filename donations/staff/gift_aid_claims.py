"""Gift Aid claims: what could be claimed now, the list, the page of one with its rows, and its files."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet, Sum
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import permission_required
from wagtail.admin.ui.tables import Column, TitleColumn

from core import audit, clock
from core.money import Money
from core.staff.asked import acting
from core.staff.columns import AmountColumn, DateColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.parts import Chip, Figure, Panel
from core.staff.records import RecordView
from core.staff.verbs import VerbView
from core.staff.views import StaffIndexView
from core.theme.figures import day_in_words
from donations.gift_aid import claiming
from donations.gift_aid.files import file_bytes, finish_after_commit
from donations.gift_aid.forms import GatherForm, SendForm
from donations.gift_aid.schedule import Mend
from donations.models import ClaimFile, ClaimState, FileFormat, GiftAidClaim, Grouping, OwedBack
from donations.models.hmrc_claim import CURRENCY
from donations.staff.claim_verbs import CLAIM_TONES, ClaimVerb, GatherAgain, NotePayment, Withdraw
from donations.staff.gift_aid import OnlyInTheUnitedKingdom
from donations.staff.links import page_of
from donations.staff.only_verbs import OnlyByVerbs

_ROWS = 100
_TYPES = {FileFormat.ODS: "application/vnd.oasis.opendocument.spreadsheet", FileFormat.CSV: "text/csv; charset=utf-8"}


def owed_back_now() -> Money:
    """Return the tax that the next claim has to give back."""
    open_ones = OwedBack.objects.filter(settled_by__isnull=True, taken_back_on__isnull=True)
    return Money(open_ones.aggregate(total=Sum("tax"))["total"] or Decimal(0), CURRENCY)


class GatherClaimView(VerbView):
    """Begin a claim; shows first what it would hold."""

    verb = staticmethod(claiming.gather_claim)
    permission = "add"
    needs_object = False
    title = _("Begin a claim")
    question = _("Begin a claim")
    explanation = _(
        "Gathers every gift up to the day whose tax can be claimed. Nothing is sent yet: look at it, mend what is "
        "missing, then send it."
    )
    submit_label = _("Gather it")
    icon = "plus"
    form_class = GatherForm
    template_name = "wagtailadmin/giving/gift_aid_gather.html"
    success_message = _("The claim is gathered. Look at it, then send it.")

    def get_initial(self) -> dict[str, Any]:
        """Up to today, a row a gift."""
        return super().get_initial() | {"up_to": clock.today(), "grouping": Grouping.GIFT}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show what a claim up to today would hold; it writes nothing."""
        preview = claiming.preview_claim(up_to=clock.today())
        mends = [*preview.schedule.mends, *preview.held_back]
        return super().get_context_data(**kwargs) | {
            "preview": preview,
            "owed_back": owed_back_now(),
            "mends": [(mend, mend_url(mend)) for mend in mends[:20]],
            "mend_count": len(mends),
            "has_draft": GiftAidClaim.objects.filter(state=ClaimState.DRAFT).first(),
        }

    def run(self, form: BaseForm) -> GiftAidClaim:
        """Gather, and remember which."""
        self.claim = claiming.gather_claim(by=self.acting, **form.cleaned_data)
        return self.claim

    def get_success_url(self) -> str:
        """Look at it."""
        claim = getattr(self, "claim", None)
        return self.viewset.url_of(claim) if claim else super().get_success_url()


def mend_url(mend: Mend) -> str:
    """Return where it is mended: the declaration's address, or the donor's record for a name."""
    if mend.line.declaration.waits_for_record:
        return reverse("gift_aid_declarations:confirm", args=[mend.line.declaration_id])
    if mend.line.declaration.has_address:
        return page_of(mend.person) or ""
    return reverse("gift_aid_declarations:mend", args=[mend.line.declaration_id])


class GiftAidClaimVerb(ClaimVerb):
    """What the verbs about one claim show before one decides."""

    permission = "donations.submit_giftaidclaim"

    def facts(self) -> Iterable[tuple[Any, Any]]:
        """How much, up to when."""
        claim = self.object
        return [
            (_("Gifts up to"), claim.up_to),
            (_("Gifts"), claim.gifts_money),
            (_("Tax claimed"), claim.tax_money),
            (_("Owed back from earlier claims"), Money(claim.owed_back, CURRENCY)),
            (_("To be paid"), claim.expected_money),
        ]


class GatherAgainView(GatherAgain, GiftAidClaimVerb):
    """Take in what was mended."""

    verb = staticmethod(claiming.gather_again)
    explanation = _("Takes in what was mended or came since, and leaves out what cannot be claimed any more.")


class SendClaimView(GiftAidClaimVerb):
    """Close it and make the files."""

    title = _("Send")
    question = _("Send %(object)s?")
    explanation = _(
        "Its rows and files are made and stay for ever as they are now. Then download the spreadsheet and attach it to "
        "your claim in HMRC’s Charities Online. Incomplete rows are left out and wait for the next claim."
    )
    submit_label = _("Make the files")
    icon = "upload"
    priority = 10
    form_class = SendForm
    success_message = _("%(object)s is closed. Download its files and attach them in Charities Online.")

    def run(self, form: BaseForm) -> GiftAidClaim:
        """Freeze the rows; the files are drawn right after."""
        return finish_after_commit(claiming.send_claim(self.object, by=self.acting, **form.cleaned_data))


class PaymentView(NotePayment, GiftAidClaimVerb):
    """HMRC paid."""


class WithdrawClaimView(Withdraw, GiftAidClaimVerb):
    """Discard a draft, or take back what HMRC refused."""

    verb = staticmethod(claiming.withdraw_claim)
    explanation = _("It stays on record; its gifts can be claimed again. For a claim that HMRC refused as a whole.")


class ClaimIndexView(OnlyByVerbs, StaffIndexView):
    """The list of claims."""


class ClaimRecordView(OnlyByVerbs, RecordView):
    """One claim: its figures, its rows as HMRC sees them, what is to be mended, its files."""

    def subtitle(self) -> Any:
        """Up to when."""
        return _("Gifts up to %(day)s") % {"day": day_in_words(self.object.up_to, "medium")}

    def chips(self) -> Iterable[Chip]:
        """How it stands."""
        yield Chip(self.object.get_state_display(), CLAIM_TONES.get(self.object.state, "quiet"))

    def figures(self) -> Iterable[Figure]:
        """What was given, what is claimed, what comes."""
        claim = self.object
        yield Figure(_("Gifts"), str(claim.gifts_money))
        yield Figure(_("Tax claimed"), str(claim.tax_money))
        if claim.owed_back:
            yield Figure(_("Owed back"), str(-Money(claim.owed_back, CURRENCY)))
        yield Figure(_("To be paid"), str(claim.expected_money))
        if claim.paid_amount:
            yield Figure(_("Paid"), str(Money(claim.paid_amount, CURRENCY)))

    def panels(self) -> Iterable[Panel]:
        """The rows; before them, in a draft, what is to be mended; after them, once sent, the files."""
        if self.object.state == ClaimState.WITHDRAWN and not self.object.submitted_on:
            return [self._facts()]
        # The rows need the whole width: the facts stand below them instead of beside.
        panels = [Panel("rows", _("Rows"), "wagtailadmin/giving/panels/gift_aid_rows.html", self._rows), self._facts()]
        if self.object.is_draft:
            mends = Panel("mends", _("To be mended"), "wagtailadmin/giving/panels/gift_aid_mends.html", self._mends)
            return [mends, *panels]
        return [Panel("files", _("Files"), "wagtailadmin/giving/panels/gift_aid_files.html", _files_of), *panels]

    def _facts(self) -> Panel:
        claim = self.object
        facts = [
            (_("Gifts up to"), claim.up_to, None),
            (_("Earliest gift"), claim.earliest_on, None),
            (_("One row for"), claim.get_grouping_display(), None),
            (_("Small gifts"), _("added together") if claim.aggregates else "", None),
            (_("Gathered by"), claim.made_by, None),
            (_("Sent on"), claim.submitted_on, None),
            (_("Sent by"), claim.submitted_by, None),
            (_("HMRC’s reference"), claim.reference, None),
            (_("Paid on"), claim.paid_on, None),
            (_("Withdrawn on"), claim.withdrawn_on, None),
            (_("Why"), claim.withdraw_reason, None),
        ]
        shown = [fact for fact in facts if fact[1]]
        return Panel("facts", _("Facts"), "wagtailadmin/giving/panels/facts.html", lambda obj: {"facts": shown})

    def _schedule(self) -> Any:
        if not hasattr(self, "_drafted"):
            self._drafted = claiming.draft_schedule(self.object)
        return self._drafted

    def _mends(self, claim: GiftAidClaim) -> dict[str, Any] | None:
        mends = [*self._schedule().mends, *claiming.held_back(claim.up_to)]
        return {"mends": [(mend, mend_url(mend)) for mend in mends[:50]], "count": len(mends)} if mends else None

    def _rows(self, claim: GiftAidClaim) -> dict[str, Any]:
        rows = self._schedule().rows if claim.is_draft else claim.rows.all()
        page = Paginator(rows, _ROWS).get_page(self.request.GET.get("p"))
        return {"page": page, "several": self._files(page)}

    @staticmethod
    def _files(page: Any) -> bool:
        return any(row.file_number > 1 for row in page) or page.has_previous()


def _files_of(claim: GiftAidClaim) -> dict[str, Any]:
    files = claim.files.all()
    return {"files": [(file, reverse("gift_aid_file", args=[claim.uuid, file.number, file.format])) for file in files]}


@permission_required("donations.export_giftaidclaim")
def download(request: HttpRequest, uuid: Any, number: int, form: str) -> HttpResponse:
    """Answer with a file of a claim, the very bytes that were kept; each copy taken is on record."""
    file = get_object_or_404(ClaimFile.objects.select_related("claim"), claim__uuid=uuid, number=number, format=form)
    response = HttpResponse(file_bytes(file), content_type=_TYPES[FileFormat(file.format)])
    response["Content-Disposition"] = f'attachment; filename="{file.file_name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    audit.record("gift_aid.downloaded", file.claim, by=acting(request), new={"file": file.file_name})
    return response


class ClaimViewSet(OnlyInTheUnitedKingdom):
    """Every claim; withdrawn ones stay."""

    model = GiftAidClaim
    icon = "form"
    menu_label = _("Gift Aid claims")
    menu_area = Area.GIVING
    menu_order = 61
    index_view_class = ClaimIndexView
    inspect_view_enabled = True
    inspect_view_class = ClaimRecordView
    list_display = [
        TitleColumn("__str__", label=_("Claim"), get_url=page_of),
        DateColumn("up_to", label=_("Gifts up to"), sort_key="up_to"),
        AmountColumn("gift_amount", label=_("Gifts"), currency=None),
        AmountColumn("tax_amount", label=_("Tax claimed"), currency=None),
        AmountColumn("owed_back", label=_("Owed back"), currency=None),
        AmountColumn("paid_amount", label=_("Paid"), currency=None),
        Column("reference", label=_("HMRC’s reference")),
        StatusChipColumn("state", label=_("State"), tones=CLAIM_TONES),
    ]
    list_filter = ["state"]
    list_export = [
        "pk",
        "up_to",
        "state",
        "gift_amount",
        "tax_amount",
        "owed_back",
        "submitted_on",
        "reference",
        "paid_on",
        "paid_amount",
        "withdraw_reason",
    ]
    ordering = ["-pk"]
    form_fields = []
    verb_views = {
        "gather": GatherClaimView,
        "send": SendClaimView,
        "again": GatherAgainView,
        "payment": PaymentView,
        "withdraw": WithdrawClaimView,
    }
    empty_message = _("No claim yet. Begin one: it shows first what it would bring, and sends nothing.")

    def base_queryset(self, request: HttpRequest) -> QuerySet[GiftAidClaim]:
        """Every claim."""
        return GiftAidClaim.objects.select_related("made_by", "submitted_by")

    def totals(self, queryset: QuerySet[GiftAidClaim]) -> list[tuple[Any, Any]]:
        """What was claimed and paid, and what is still owed back."""
        sent = queryset.order_by().exclude(state__in=[ClaimState.DRAFT, ClaimState.WITHDRAWN])
        sums = sent.aggregate(tax=Sum("tax_amount"), paid=Sum("paid_amount"))
        figures: list[tuple[Any, Any]] = [
            (_("Tax claimed"), Money(sums["tax"] or Decimal(0), CURRENCY)),
            (_("Paid"), Money(sums["paid"] or Decimal(0), CURRENCY)),
        ]
        if owed := owed_back_now():
            figures.append((_("To be given back with the next claim"), owed))
        return figures
