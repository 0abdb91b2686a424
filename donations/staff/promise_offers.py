"""“This looks like instalment 3 of the pledge”: offered while a gift is recorded, and on its page."""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import permission_required

from constituents.models import Constituent
from core.money import InvalidAmountError, Money, parse_amount
from core.organisation import current_organisation
from core.staff.asked import record_asked_for
from core.staff.verbs import VerbView
from donations.models import Gift
from donations.promises.forms import WhichPromiseForm
from donations.promises.matching import LIKELY, Expected, apply_expected, expected_for
from donations.promises.paying import unapplied
from donations.staff.links import page_of


@permission_required("donations.post_gift")
def promises_for_form(request: HttpRequest) -> HttpResponse:
    """Show which promises the gift being recorded looks like, to choose from; nothing while nobody is chosen."""
    donor = record_asked_for(request, "donor", Constituent.objects.current())
    found: list[Expected] = []
    if donor is not None:
        found = expected_for(
            donor=donor,
            money=_money(request),
            on=_day(request),
            reference=request.GET.get("reference", ""),
        )
    chosen = request.GET.get("promise")
    if chosen is None and found and found[0].score >= LIKELY:
        chosen = found[0].key
    return render(request, "wagtailadmin/giving/promise_choices.html", {"found": found, "chosen": chosen or ""})


def _money(request: HttpRequest) -> Money | None:
    currency = request.GET.get("currency") or current_organisation().base_currency
    try:
        return Money(parse_amount(request.GET.get("amount", "")), currency)
    except InvalidAmountError:
        return None


def _day(request: HttpRequest) -> Any:
    try:
        return parse_date(request.GET.get("received_on", ""))
    except ValueError:
        return None


def promises_of(gift: Gift) -> dict[str, Any] | None:
    """Return what a gift pays, or else what it looks like; None when it has to do with no promise."""
    payments = list(gift.pledge_payments.select_related("instalment__pledge").order_by("instalment__number"))
    kept = [(payment, page_of(payment.instalment.pledge)) for payment in payments]
    recurring = gift.recurring
    looks_like = None if kept or recurring else next(iter(_expected(gift)), None)
    if not kept and recurring is None and looks_like is None:
        return None
    return {
        "kept": kept,
        "recurring": recurring,
        "recurring_url": page_of(recurring) if recurring is not None else "",
        "looks_like": looks_like,
    }


def _expected(gift: Gift) -> list[Expected]:
    if not gift.is_counted or not unapplied(gift):
        return []
    found = expected_for(
        donor=gift.donor, money=unapplied(gift), on=gift.received_on, reference=gift.reference
    )  # fmt: skip
    return [each for each in found if gift.recurring_id is None or each.instalment is not None]


class KeepPromiseView(VerbView):
    """A gift that is here keeps a promise."""

    permission = "donations.post_gift"
    offered = False
    title = _("Apply to a promise")
    question = _("Which promise does %(object)s keep?")
    icon = "link"
    form_class = WhichPromiseForm
    object: Gift

    @classmethod
    def refusal(cls, gift: Gift) -> Any:
        """Something of it must be here."""
        return "" if gift.is_counted else _("Nothing of this gift is here.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer what it looks like, the likeliest first."""
        choices = [(each.key, f"{each.donor}: {each.words} ({each.open})") for each in _expected(self.object)]
        return super().get_form_kwargs() | {"choices": choices}

    def run(self, form: BaseForm) -> None:
        """Apply it."""
        apply_expected(self.object, form.cleaned_data["key"], by=self.acting)

    def get_success_message(self, outcome: None) -> str:
        """Say so."""
        return _t("The gift is applied.")
