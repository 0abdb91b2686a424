"""Claims on small donations: the list, the page of one with its lines, what may be done with it, its record."""

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
from core.staff.columns import AmountColumn, StatusChipColumn
from core.staff.parts import Action, Chip, Figure, Panel
from core.staff.records import RecordView
from core.staff.verbs import VerbView
from core.staff.views import StaffIndexView
from core.staff.viewsets import StaffViewSet
from donations.gift_aid import small_claiming, small_record
from donations.gift_aid.forms import GatherSmallForm, SendForm
from donations.gift_aid.small import small_donations
from donations.models import ClaimState, FileFormat, SmallClaim
from donations.models.hmrc_claim import CURRENCY
from donations.staff.claim_verbs import CLAIM_TONES, ClaimVerb, GatherAgain, NotePayment, Withdraw
from donations.staff.links import page_of
from donations.staff.only_verbs import OnlyByVerbs

_ROWS = 100
_FILES = {
    FileFormat.ODS: (small_record.as_spreadsheet, "application/vnd.oasis.opendocument.spreadsheet"),
    FileFormat.CSV: (small_record.as_csv, "text/csv; charset=utf-8"),
}


class GatherSmallView(VerbView):
    """Begin a claim: which year."""

    verb = staticmethod(small_claiming.gather_small_claim)
    permission = "add"
    needs_object = False
    title = _("Begin a claim")
    question = _("Begin a claim on small donations")
    explanation = _(
        "Gathers what nothing was claimed on yet, the oldest first, up to what the year allows. Nothing is sent yet: "
        "look at it, then send it."
    )
    submit_label = _("Gather it")
    icon = "plus"
    form_class = GatherSmallForm
    success_message = _("The claim is gathered. Look at it, then send it.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the years with something left."""
        if not hasattr(self, "_years"):
            self._years = [year for year in small_donations(clock.today()) if year.claimable]
        return super().get_form_kwargs() | {"years": self._years}

    def get_initial(self) -> dict[str, Any]:
        """The year the address names; else the one that closes first."""
        asked = self.request.GET.get("tax_year", "")
        return super().get_initial() | ({"tax_year": asked} if asked.isdecimal() else {})

    def run(self, form: BaseForm) -> SmallClaim:
        """Gather, and remember which."""
        self.claim = small_claiming.gather_small_claim(by=self.acting, **form.cleaned_data)
        return self.claim

    def get_success_url(self) -> str:
        """Look at it."""
        claim = getattr(self, "claim", None)
        return self.viewset.url_of(claim) if claim else reverse("gift_aid_small")


class SmallClaimVerb(ClaimVerb):
    """What the verbs about one claim show before one decides."""

    permission = "donations.submit_smallclaim"

    def facts(self) -> Iterable[tuple[Any, Any]]:
        """What HMRC's form asks for."""
        claim = self.object
        return [
            (_("Tax year"), small_claiming.name_of_year(claim)),
            (_("Claimed on"), claim.money),
            (_("Top-up"), Money(claim.top_up, CURRENCY)),
            (_("Owed back from earlier claims"), Money(claim.owed_back, CURRENCY) if claim.owed_back else ""),
            (_("To be paid"), claim.expected_money),
        ]


class GatherSmallAgainView(GatherAgain, SmallClaimVerb):
    """Take in what came since."""

    verb = staticmethod(small_claiming.gather_small_claim_again)
    explanation = _("Takes in what came since, and leaves out what cannot be claimed on any more.")


class SendSmallView(SmallClaimVerb):
    """It was entered in HMRC's form."""

    verb = staticmethod(small_claiming.send_small_claim)
    title = _("Send")
    question = _("Send %(object)s?")
    explanation = _(
        "Its lines stay for ever as they are now, and no other claim takes them. Then enter the tax year and the "
        "amount in HMRC’s Charities Online, beside your Gift Aid claim."
    )
    submit_label = _("Close the claim")
    icon = "upload"
    priority = 10
    form_class = SendForm
    success_message = _("%(object)s is closed. Enter its year and amount in Charities Online.")


class SmallPaymentView(NotePayment, SmallClaimVerb):
    """HMRC paid."""


class WithdrawSmallView(Withdraw, SmallClaimVerb):
    """Discard a draft, or take back what HMRC refused."""

    verb = staticmethod(small_claiming.withdraw_small_claim)
    explanation = _("It stays on record; its gifts and collections can be claimed on again.")


class SmallClaimIndexView(OnlyByVerbs, StaffIndexView):
    """The list of claims."""


class SmallClaimRecordView(OnlyByVerbs, RecordView):
    """One claim: the figures for HMRC's form, day by day what they are made of."""

    def subtitle(self) -> Any:
        """Of which year."""
        return _("Tax year %(year)s") % {"year": small_claiming.name_of_year(self.object)}

    def chips(self) -> Iterable[Chip]:
        """How it stands."""
        yield Chip(self.object.get_state_display(), CLAIM_TONES.get(self.object.state, "quiet"))

    def figures(self) -> Iterable[Figure]:
        """What to enter, what comes."""
        claim = self.object
        yield Figure(_("Tax year end"), str(claim.tax_year))
        yield Figure(_("Amount of donations"), str(claim.money))
        if claim.owed_back:
            yield Figure(_("Owed back"), str(-Money(claim.owed_back, CURRENCY)))
        yield Figure(_("To be paid"), str(claim.expected_money))
        if claim.paid_amount:
            yield Figure(_("Paid"), str(Money(claim.paid_amount, CURRENCY)))

    def actions(self) -> Iterable[Action]:
        """The record behind it, for the file and for an inspector."""
        claim = self.object
        if claim.amount and self.request.user.has_perm("donations.export_smallclaim"):
            for form in FileFormat:
                url = reverse("small_claim_file", args=[claim.uuid, form.value])
                yield Action(_("Record (.%(form)s)") % {"form": form.value}, url, icon="download")

    def panels(self) -> Iterable[Panel]:
        """What it is made of, and the facts."""
        if self.object.state == ClaimState.WITHDRAWN and not self.object.submitted_on:
            return [self._facts()]
        lines = Panel("lines", _("What it is made of"), "wagtailadmin/giving/panels/small_claim_rows.html", self._rows)
        return [lines, self._facts()]

    def _rows(self, claim: SmallClaim) -> dict[str, Any]:
        page = Paginator(small_record.rows_of(claim), _ROWS).get_page(self.request.GET.get("p"))
        return {"page": page}

    def _facts(self) -> Panel:
        claim = self.object
        facts = [
            (_("Most in a year"), Money(claim.most, CURRENCY), None),
            (_("Gift Aid claimed on, of that year"), Money(claim.gift_aided, CURRENCY), None),
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


@permission_required("donations.export_smallclaim")
def download(request: HttpRequest, uuid: Any, form: str) -> HttpResponse:
    """Answer with the record behind a claim; each copy taken is in the history."""
    claim = get_object_or_404(SmallClaim, uuid=uuid)
    draw, content_type = _FILES[FileFormat(form)]
    name = f"small-donations-{claim.tax_year}-{claim.pk}.{form}"
    response = HttpResponse(draw(claim), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    audit.record("small_claim.downloaded", claim, by=acting(request), new={"file": name})
    return response


class SmallClaimViewSet(StaffViewSet):
    """Every claim on small donations; withdrawn ones stay."""

    model = SmallClaim
    icon = "form"
    index_view_class = SmallClaimIndexView
    inspect_view_enabled = True
    inspect_view_class = SmallClaimRecordView
    list_display = [
        TitleColumn("__str__", label=_("Claim"), get_url=page_of),
        Column("tax_year", label=_("Tax year to 5 April"), sort_key="tax_year"),
        AmountColumn("amount", label=_("Claimed on"), currency=None),
        AmountColumn("top_up", label=_("Top-up"), currency=None),
        AmountColumn("owed_back", label=_("Owed back"), currency=None),
        AmountColumn("paid_amount", label=_("Paid"), currency=None),
        Column("reference", label=_("HMRC’s reference")),
        StatusChipColumn("state", label=_("State"), tones=CLAIM_TONES),
    ]
    list_filter = ["state", "tax_year"]
    list_export = [
        "pk",
        "tax_year",
        "state",
        "amount",
        "top_up",
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
        "gather": GatherSmallView,
        "send": SendSmallView,
        "again": GatherSmallAgainView,
        "payment": SmallPaymentView,
        "withdraw": WithdrawSmallView,
    }
    empty_message = _("No claim yet. Begin one from “Small donations”: it shows what each tax year would bring.")

    def base_queryset(self, request: HttpRequest) -> QuerySet[SmallClaim]:
        """Every claim."""
        return SmallClaim.objects.select_related("made_by", "submitted_by")

    def totals(self, queryset: QuerySet[SmallClaim]) -> list[tuple[Any, Any]]:
        """What was claimed and paid."""
        sent = queryset.order_by().exclude(state__in=[ClaimState.DRAFT, ClaimState.WITHDRAWN])
        sums = sent.aggregate(top_up=Sum("top_up"), paid=Sum("paid_amount"))
        return [
            (_("Top-up claimed"), Money(sums["top_up"] or Decimal(0), CURRENCY)),
            (_("Paid"), Money(sums["paid"] or Decimal(0), CURRENCY)),
        ]
