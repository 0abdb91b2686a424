"""What somebody fills in about a recurring gift of their own that is charged online."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core import clock
from core.money import Money, currency_places, quantize
from donations.models import Fund, RecurringGift
from donations.money_fields import AmountInput
from donations.promises.rhythms import as_much, others_than
from donations.promises.schedule import Frequency, Series
from donations.stripe.billing.asking import LONGEST_PUT_OFF

REASONS = [
    ("", _("I would rather not say")),
    (_("I cannot afford it at the moment"), _("I cannot afford it at the moment")),
    (_("I give in another way"), _("I give in another way")),
    (_("I give to something else now"), _("I give to something else now")),
    (_("I did not like something you did"), _("I did not like something you did")),
]


class _DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class _OwnForm(forms.Form):
    """A form about one recurring gift."""

    def __init__(self, *args: Any, recurring: RecurringGift, **kwargs: Any) -> None:
        self.recurring = recurring
        super().__init__(*args, **kwargs)


class _MoneyForm(_OwnForm):
    """With an amount in the currency of the gift."""

    def clean_amount(self) -> Decimal | None:
        """Refuse what is no amount of the currency, or nothing."""
        amount: Decimal | None = self.cleaned_data["amount"]
        if amount is None:
            return None
        if amount <= 0:
            raise forms.ValidationError(_("Write more than nothing. To give no more, stop it."))
        if -int(amount.normalize().as_tuple().exponent) > currency_places(self.recurring.currency):
            raise forms.ValidationError(_("%(currency)s has no smaller part.") % {"currency": self.recurring.currency})
        return amount


class AmountForm(_MoneyForm):
    """Another amount."""

    amount = AmountInput(label=_("New amount"), error_messages={"required": _("Say how much it should be.")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["amount"]
        field.initial = self.recurring.money.plain
        field.help_text = _("In %(currency)s, %(often)s, from the next time on.") % {
            "currency": self.recurring.currency,
            "often": self.recurring.frequency,
        }

    @property
    def wanted(self) -> dict[str, Any]:
        """What the verb is called with."""
        return {"money": Money(self.cleaned_data["amount"], self.recurring.currency)}


class RhythmForm(_MoneyForm):
    """Another rhythm, with the amount and the day of the next gift; looked over before it is sent."""

    often = forms.ChoiceField(
        label=_("How often?"), widget=forms.RadioSelect, error_messages={"required": _("Choose how often.")}
    )
    amount = AmountInput(
        label=_("Amount each time"),
        required=False,
        help_text=_("Leave it empty to give as much in a year as now."),
    )
    on = _DayField(
        label=_("Next gift on"), help_text=_("Nothing is charged before. From then on it is charged on that day.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = others_than(self.recurring)
        self.fields["often"].choices = [  # type: ignore[attr-defined]
            (key, self._in_words(often)) for key, often in self.offered.items()
        ]
        self["often"].css_classes = lambda extra_classes=None: "choices choices--rows"  # type: ignore[method-assign]
        self.fields["on"].initial = self.recurring.next_due_on
        self.fields["on"].widget.attrs["min"] = (clock.today() + dt.timedelta(days=1)).isoformat()

    def _in_words(self, often: Frequency) -> str:
        words = {"often": capfirst(str(often)), "money": self._as_much(often)}
        return _t("%(often)s: %(money)s comes to as much as now") % words

    def _as_much(self, often: Frequency) -> Money:
        return as_much(self.recurring, often)

    def clean_on(self) -> dt.date:
        """Refuse a day gone by, or far away, before it is looked over."""
        on: dt.date = self.cleaned_data["on"]
        if not clock.today() < on <= clock.today() + LONGEST_PUT_OFF:
            raise forms.ValidationError(_("Choose a day after today, within a year."))
        return on

    @property
    def wanted(self) -> dict[str, Any]:
        """What the verb is called with."""
        frequency, amount = self.offered[self.cleaned_data["often"]], self.cleaned_data["amount"]
        money = self._as_much(frequency) if amount is None else Money(amount, self.recurring.currency)
        return {"frequency": frequency, "money": money, "on": self.cleaned_data["on"]}

    @property
    def review(self) -> dict[str, Any]:
        """What is looked over: how it will be, and when the next two are; and the fields that say so again."""
        wanted = self.wanted
        on, frequency, money = wanted["on"], wanted["frequency"], wanted["money"]
        return {
            **wanted,
            "after": Series(on, frequency, on.day).nth(1),
            "yearly": Money(quantize(frequency.a_month(money.amount) * 12, money.currency), money.currency),
            "fields": {"often": self.cleaned_data["often"], "amount": money.plain, "on": on.isoformat()},
        }


class DayForm(_OwnForm):
    """Another day."""

    on = _DayField(
        label=_("Next gift on"), help_text=_("From then on it is charged on that day. Nothing is charged before.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = self.recurring.next_due_on
        self.fields["on"].widget.attrs["min"] = clock.today().isoformat()

    @property
    def wanted(self) -> dict[str, Any]:
        """What the verb is called with."""
        return {"on": self.cleaned_data["on"]}


class FundForm(_OwnForm):
    """Another fund."""

    fund = forms.ModelChoiceField(
        Fund.objects.none(), label=_("What your gift is for"), empty_label=None, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fund"].queryset = Fund.objects.open_on(clock.today()).filter(is_public=True)  # type: ignore[attr-defined]
        parts = list(self.recurring.allocations.all())
        self.fields["fund"].initial = parts[0].fund_id if len(parts) == 1 else None
        self["fund"].css_classes = lambda extra_classes=None: "choices choices--rows"  # type: ignore[method-assign]

    @property
    def wanted(self) -> dict[str, Any]:
        """What the verb is called with."""
        return {"fund": self.cleaned_data["fund"]}


class PauseForm(_OwnForm):
    """Until when nothing is charged."""

    until = _DayField(
        label=_("Go on from"),
        required=False,
        help_text=_("It goes on by itself then. Leave it empty to pause until you say so."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].widget.attrs["min"] = clock.today().isoformat()

    @property
    def wanted(self) -> dict[str, Any]:
        """What the verb is called with."""
        return {"until": self.cleaned_data["until"]}


class StopForm(_OwnForm):
    """Why, if one wants to say."""

    why = forms.ChoiceField(
        label=_("Would you tell us why?"), choices=REASONS, required=False, widget=forms.RadioSelect
    )
    words = forms.CharField(label=_("In your own words"), max_length=300, required=False, widget=forms.TextInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].initial = ""
        self["why"].css_classes = lambda extra_classes=None: "choices choices--rows"  # type: ignore[method-assign]

    @property
    def wanted(self) -> dict[str, Any]:
        """What the verb is called with."""
        said = (self.cleaned_data["why"], self.cleaned_data["words"].strip())
        return {"reason": ". ".join(part for part in said if part)}
