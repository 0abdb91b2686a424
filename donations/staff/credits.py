"""Soft credits on a gift's page: who is recognised for it besides its donor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.money import Money
from core.organisation import current_organisation
from donations.gift_forms import SoftCreditForm
from donations.models import Gift, GivingTotals, SoftCredit
from donations.models.gift import COUNTED_STATUSES
from donations.services.recognition import credit, withdraw_credit
from donations.staff.links import page_of
from donations.staff.verb import GiftPartVerb, GiftVerb


def soft_credits_of(gift: Gift) -> dict[str, Any] | None:
    """Return who is recognised for the gift; None while there is nothing to recognise anybody for."""
    soft_credits = [(each, page_of(each.constituent)) for each in gift.soft_credits.select_related("constituent")]
    for each, _url in soft_credits:
        each.gift = gift
    if not soft_credits and gift.status not in COUNTED_STATUSES:
        return None
    return {"soft_credits": soft_credits}


class CreditView(GiftVerb):
    """Recognise somebody."""

    offered = False
    permission = "donations.change_gift"
    title = _("Recognise somebody")
    question = _("Who else is behind the gift of %(object)s?")
    explanation = _(
        "They are thanked and found as if they had given; the money stays the donor’s, and no total counts it twice."
    )
    icon = "user"
    form_class = SoftCreditForm
    success_message = _("They are recognised for the gift.")

    def run(self, form: forms.BaseForm) -> SoftCredit:
        """Recognise them for the whole gift, unless a part is named."""
        cleaned = form.cleaned_data
        return credit(
            self.object,
            constituent=cleaned["constituent"],
            role=cleaned["role"],
            money=Money(cleaned["amount"], self.object.currency) if cleaned["amount"] else None,
            note=cleaned["note"],
            by=self.acting,
        )


class WithdrawCreditView(GiftPartVerb):
    """Take it back."""

    verb = staticmethod(withdraw_credit)
    title = _("Withdraw")
    question = _("Is %(part)s not to be recognised for this gift?")
    explanation = _("The gift itself does not change.")
    success_message = _("The recognition is withdrawn.")

    def parts(self) -> QuerySet[SoftCredit]:
        """The gift's soft credits."""
        return SoftCredit.objects.filter(gift=self.object).select_related("constituent")


VERBS = {"recognise": CreditView, "withdraw-recognition": WithdrawCreditView}


def with_recognition(totals: GivingTotals) -> Money:
    """Return what somebody gave and is recognised for together."""
    return Money(totals.with_recognition, current_organisation().base_currency)
