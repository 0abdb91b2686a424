"""One receipt over several gifts: chosen on a donor's page, or in the list of gifts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BaseForm
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from constituents.models import Constituent
from core.money import Money
from core.staff.bulk import StaffBulkAction
from core.staff.verbs import VerbView
from donations.models import Gift
from donations.receipts.regimes import current_regime
from donations.services.consolidating import Consolidated, consolidate, unreceipted_gifts
from donations.staff.links import page_of

_REASONS_SHOWN = 12


class ChooseGiftsForm(forms.Form):
    """Which gifts stand on the receipt."""

    def __init__(self, *args: Any, gifts: list[Gift], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gifts"] = forms.TypedMultipleChoiceField(
            label=_("Gifts"),
            choices=[(gift.pk, f"{gift} · {gift.goods or gift.fund_names}") for gift in gifts],
            initial=[gift.pk for gift in gifts],
            coerce=int,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Choose at least one gift.")},
        )


class ConsolidateView(VerbView):
    """Choose among a donor's gifts that no receipt has, and issue one over them."""

    permission = "donations.issue_receipt"
    needs_object = False
    offered = False
    title = _("Receipt over several gifts")
    submit_label = _("Issue the receipt")
    explanation = _("Gifts that cannot share a receipt, such as goods in some countries, get one of their own.")
    icon = "doc-full"
    form_class = ChooseGiftsForm
    template_name = "wagtailadmin/giving/consolidate.html"

    @cached_property
    def donor(self) -> Constituent:
        """Whose gifts: `?donor=` names them."""
        number = self.request.GET.get("donor", "")
        donor = Constituent.objects.current().filter(pk=number).first() if number.isdigit() else None
        if donor is None:
            raise Http404
        return donor

    @cached_property
    def _unreceipted(self) -> tuple[list[Gift], list[tuple[Gift, str]]]:
        return unreceipted_gifts(self.donor, current_regime())

    def get_page_subtitle(self) -> str:
        """The donor."""
        return str(self.donor)

    def get_form_kwargs(self) -> dict[str, Any]:
        """What there is to choose from."""
        return super().get_form_kwargs() | {"gifts": self._unreceipted[0]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say what would stand on it, and what cannot."""
        gifts, refused = self._unreceipted
        sums: dict[str, Money] = {}
        for gift in gifts:
            sums[gift.currency] = sums.get(gift.currency, Money.zero(gift.currency)) + gift.left
        return super().get_context_data(**kwargs) | {
            "question": gettext("Which gifts of %(donor)s stand on the receipt?") % {"donor": self.donor},
            "gifts": gifts,
            "sums": list(sums.values()),
            "refused": refused[:_REASONS_SHOWN],
        }

    def run(self, form: BaseForm) -> Consolidated:
        """Issue it."""
        chosen = set(form.cleaned_data["gifts"])
        self.outcome = consolidate([gift for gift in self._unreceipted[0] if gift.pk in chosen], by=self.acting)
        if not self.outcome.receipts:
            raise forms.ValidationError([why for _record, why in self.outcome.refused])
        return self.outcome

    def get_success_message(self, outcome: Consolidated) -> str:
        """Name the numbers."""
        count = len(outcome.receipts)
        words = {"serials": ", ".join(receipt.serial for receipt in outcome.receipts)}
        return ngettext("Receipt %(serials)s is issued.", "Receipts %(serials)s are issued.", count) % words

    def get_success_url(self) -> str:
        """Go and look at it; when the user changes their mind, back to the donor."""
        outcome = getattr(self, "outcome", None)
        target = outcome.receipts[0] if outcome and outcome.receipts else self.donor
        return page_of(target) or super().get_success_url()


class OneReceiptADonor(StaffBulkAction):
    """One receipt over the chosen gifts of each donor."""

    verb = staticmethod(consolidate)
    permission = "donations.issue_receipt"
    action_type = "consolidate_receipts"
    display_name = _("One receipt a donor")
    question = _("Issue one receipt for each donor over these gifts?")
    explanation = _("What cannot share a receipt gets one of its own. Gifts that get none are left out and named.")
    models = [Gift]

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Issue them donor by donor, and name what was left out."""
        if self.request.POST.get("count") != str(self.count) or self.count > self.most:
            return super().form_valid(form)
        outcome = consolidate(
            list(Gift.objects.filter(pk__in=self.chosen.values("pk")).for_receipt()), by=self.request.user
        )
        self._record(len(outcome.receipts), len(outcome.refused))
        if count := len(outcome.receipts):
            text = ngettext("%(count)d receipt issued.", "%(count)d receipts issued.", count)
            messages.success(self.request, text % {"count": count})
        for record, why in outcome.refused[: self.refusals_shown]:
            messages.warning(self.request, f"{record}: {why}")
        if (rest := len(outcome.refused) - self.refusals_shown) > 0:
            text = ngettext("%(count)d more was left out.", "%(count)d more were left out.", rest)
            messages.warning(self.request, text % {"count": rest})
        return HttpResponseRedirect(self.next_url)
