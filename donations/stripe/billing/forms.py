"""What staff fill in to change a recurring gift that Stripe charges."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from core import clock
from core.staff.verbs import ReasonForm
from donations.models import Fund
from donations.money_fields import AmountInput
from donations.promises.forms import FrequencyFields, MoneyForm


class OnlineAmountForm(MoneyForm, ReasonForm):
    """Another amount."""

    amount = AmountInput(label=_("Amount each time"))
    field_order = ["amount", "reason"]

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        self.currency = currency
        super().__init__(*args, **kwargs)
        self.fields["amount"].help_text = _("In %(currency)s.") % {"currency": currency}

    def currency_of(self) -> str:
        """That of the recurring gift."""
        return self.currency


class OnlineRhythmForm(FrequencyFields, OnlineAmountForm):
    """Another rhythm, with the amount and the day of the next charge."""

    on = forms.DateField(
        label=_("Next charge on"),
        widget=AdminDateInput,
        help_text=_("Nothing is charged before. What was paid already is not paid back or counted against it."),
    )
    field_order = ["every", "unit", "amount", "on", "reason"]


class OnlineDayForm(ReasonForm):
    """Another day."""

    on = forms.DateField(
        label=_("Next charge on"),
        widget=AdminDateInput,
        help_text=_("Nothing is charged before; from then on it is charged on that day."),
    )
    field_order = ["on", "reason"]


class OnlineFundForm(ReasonForm):
    """Another fund."""

    fund = forms.ModelChoiceField(Fund.objects.none(), label=_("All of it to the fund"), empty_label=None)
    field_order = ["fund", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fund"].queryset = Fund.objects.open_on(clock.today())  # type: ignore[attr-defined]


class OnlinePauseForm(ReasonForm):
    """Until when."""

    until = forms.DateField(
        label=_("Goes on from"),
        widget=AdminDateInput,
        required=False,
        help_text=_("It does so by itself. Empty: until somebody lets it go on."),
    )
    field_order = ["until", "reason"]
