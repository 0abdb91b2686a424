"""What goods and securities were worth, on the gift's page."""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm
from django.utils.translation import gettext_lazy as _

from donations.gift_forms import ValuationForm
from donations.models import Gift, Valuation
from donations.receipts.regimes.base import GOODS_METHODS
from donations.services.valuing import value_gift
from donations.staff.verb import GiftVerb


def valuation_of(gift: Gift) -> dict[str, Any] | None:
    """Return what was given and at what it was valued; None for money."""
    valuation = Valuation.objects.filter(gift=gift).first()
    if valuation is None and gift.method not in GOODS_METHODS:
        return None
    if valuation is not None:
        valuation.gift = gift
    return {"valuation": valuation}


class ValueGiftView(GiftVerb):
    """Put the valuation on record, or correct it."""

    offered = False
    permission = "donations.change_gift"
    title = _("Valuation")
    question = _("What was it worth?")
    explanation = _(
        "For the books and the file. A receipt describes what was given; what it prints of the value is the law’s "
        "business, not this form’s. To change what the books hold, adjust the gift."
    )
    icon = "tag"
    submit_label = _("Save the valuation")
    form_class = ValuationForm
    success_message = _("The valuation is on record.")

    @classmethod
    def refusal(cls, gift: Gift) -> Any:
        """Money needs none."""
        return "" if gift.method in GOODS_METHODS else _("Only goods and securities are valued.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Begin with what is on record, or with what the books hold."""
        existing = Valuation.objects.filter(gift=self.object).first()
        first = {"amount": self.object.money.plain, "valued_on": self.object.received_on}
        initial = first if existing is None else {"amount": existing.money.plain}
        kwargs = super().get_form_kwargs()
        return kwargs | {"instance": existing, "initial": kwargs["initial"] | initial}

    def run(self, form: BaseForm) -> Valuation:
        """Keep it, with old and new values in the history."""
        return value_gift(self.object, by=self.acting, **form.cleaned_data)


VERBS = {"value": ValueGiftView}
