"""Recording a gift: the form that is open all morning, so it asks little and forgets nothing between two gifts."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import BaseForm, Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.auth import permission_required

from core.money import Money
from core.staff.verbs import VerbView
from donations.forms import RecordGiftForm, find_donors
from donations.models import Fund, Gift, NoticeWay
from donations.promises.matching import apply_expected
from donations.receipts.delivery import send_receipt
from donations.services.gifts import record_gift
from donations.services.receipt_files import finish_after_commit
from donations.services.receipt_numbers import number_receipt
from donations.services.recognition import credit
from donations.services.tributes import dedicate, notify_of


class RecordGiftView(VerbView):
    """Record a gift, then show it, or be ready for the next one of the pile."""

    permission = "donations.add_gift"
    needs_object = False
    title = gettext_lazy("Record a gift")
    submit_label = gettext_lazy("Record gift")
    icon = "plus"
    form_class = RecordGiftForm
    template_name = "wagtailadmin/giving/record_gift.html"

    def get_initial(self) -> dict[str, Any]:
        """Take over what the address says: the donor one came from, or what the last gift had."""
        asked = {name: self.request.GET[name] for name in ("donor", *RecordGiftForm.KEPT) if name in self.request.GET}
        return super().get_initial() | asked

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Without a fund there is nothing to give to yet."""
        if not Fund.objects.exists():
            return super().get_context_data(**kwargs, form=Form()) | {"no_fund_yet": True}
        return super().get_context_data(**kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Ids of their own, so that labels and errors find their fields."""
        return super().get_form_kwargs() | {"auto_id": "gift-%s"}

    def run(self, form: BaseForm) -> Gift:
        """Record it, post it unless it is only expected, and receipt it if so asked."""
        cleaned = form.cleaned_data
        self.gift = gift = record_gift(
            donor=cleaned["donor"],
            money=Money(cleaned["amount"], cleaned["currency"]),
            received_on=cleaned["received_on"],
            by=self.acting,
            allocations=cleaned["allocations"],
            post=not cleaned["expected"],
            **form.details,  # type: ignore[attr-defined]
        )
        self._add_what_hangs_on_it(gift, cleaned)
        if (promise := self.request.POST.get("promise")) and gift.is_posted:
            apply_expected(gift, promise, by=self.acting)
        if cleaned["issue_receipt"] and not cleaned["expected"]:
            if not self.request.user.has_perm("donations.issue_receipt"):
                raise PermissionDenied
            receipt = number_receipt([gift], by=self.acting)
            finish_after_commit(receipt)
            if cleaned["send_receipt"]:
                transaction.on_commit(lambda: send_receipt(receipt, by=self.acting), robust=True)
        return gift

    def _add_what_hangs_on_it(self, gift: Gift, cleaned: dict[str, Any]) -> None:
        """Dedicate it, put on the list who is to be told, recognise who else is behind it."""
        by = self.acting
        if cleaned["dedication_kind"]:
            name = cleaned["honouree_name"]
            tribute = dedicate(gift, kind=cleaned["dedication_kind"], honouree_name=name, by=by)
            if cleaned["notify_name"]:
                notify_of(
                    tribute,
                    by=by,
                    name=cleaned["notify_name"],
                    street=cleaned["notify_address"],
                    city=cleaned["notify_city"],
                    postal_code=cleaned["notify_postal_code"],
                    email=cleaned["notify_email"],
                    way=NoticeWay.LETTER if cleaned["notify_address"] else NoticeWay.EMAIL,
                )
        if cleaned["credit_to"]:
            credit(gift, constituent=cleaned["credit_to"], role=cleaned["credit_role"], by=by)

    def get_success_message(self, outcome: Gift) -> str:
        """Say whose and how much, so that a slip shows at once."""
        words = {"money": outcome.money, "donor": outcome.donor, "funds": outcome.fund_names}
        if not outcome.is_posted:
            return _("%(money)s expected from %(donor)s.") % words
        return _("%(money)s from %(donor)s recorded for %(funds)s.") % words

    def get_success_url(self) -> str:
        """Go to the gift, or to an empty form that keeps what the next gift shares."""
        gift = getattr(self, "gift", None)
        if gift is None:
            return reverse(self.viewset.get_url_name("index"))
        if "and_next" in self.request.POST:
            kept = {name: self.request.POST[name] for name in RecordGiftForm.KEPT if self.request.POST.get(name)}
            return f"{self.request.path}?{urlencode(kept)}"
        return self.viewset.url_of(gift)


@permission_required("donations.add_gift")
def donors(request: HttpRequest) -> HttpResponse:
    """Show whom the words typed fit, to choose the donor from."""
    query = request.GET.get("donor_search", "")
    return render(
        request, "wagtailadmin/giving/donors.html", {"donors": find_donors(query), "query": query.strip(), "chosen": ""}
    )
