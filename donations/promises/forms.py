"""What staff fill in about promises."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import formfield_for_dbfield
from wagtail.admin.widgets import AdminDateInput

from core import clock
from core.choices import offer, offer_records
from core.money import Money
from core.organisation import current_organisation
from core.staff.verbs import ReasonForm
from donations.models import Appeal, Campaign, Fund, Gift, Method, Pledge
from donations.models.rate import accepted_currencies
from donations.money_fields import AmountInput, SplitsOverFunds, refuse_fractions
from donations.promises.errors import ScheduleError
from donations.promises.pledging import Due, check_schedule, even_instalments
from donations.promises.schedule import Frequency, Unit
from donations.services.gifts import default_fund

OWN_ROWS = range(1, 13)


def donor_field() -> forms.Field:
    """Return the field that says who promised, as every other staff form has it."""
    return formfield_for_dbfield(Pledge._meta.get_field("donor"), label=_("Donor"))


class MoneyForm(forms.Form):
    """A form with an amount: in the right places, more than nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "currency" in self.fields:
            codes = accepted_currencies()
            offer(self, "currency", [(code, code) for code in codes])
            self.fields["currency"].initial = codes[0]
            if len(codes) == 1:
                self.fields["currency"].widget = forms.HiddenInput()

    def currency_of(self) -> str:
        """Return the currency the amounts are in."""
        return str(self.cleaned_data.get("currency") or current_organisation().base_currency)

    def clean(self) -> dict[str, Any]:
        """Refuse amounts that the currency has no coins for."""
        super().clean()
        refuse_fractions(self, self.currency_of())
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, Decimal) and value <= 0:
                self.add_error(name, _("Write more than nothing."))
        return self.cleaned_data


class SplitFields(MoneyForm, SplitsOverFunds):
    """What it is for: a fund, and up to two more with their parts."""

    split_rows = (1, 2)
    part_labels = (_("Further fund"), _("Its part"))
    parts_exceed = _("The parts are more than the whole.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_funds(Fund.objects.open_on(clock.today()))
        if "fund" not in self.initial and Fund.objects.exists():
            self.fields["fund"].initial = default_fund().pk

    def clean(self) -> dict[str, Any]:
        """Bring amount and parts together as `allocations`."""
        cleaned = super().clean()
        if cleaned.get("amount") and cleaned.get("fund"):
            cleaned["allocations"] = self.parts_of(cleaned["amount"])
        return cleaned


class FrequencyFields(forms.Form):
    """How often."""

    every = forms.IntegerField(label=_("Every"), min_value=1, max_value=60, initial=1)
    unit = forms.ChoiceField(label=_("Weeks, months, …"), choices=Unit, initial=Unit.MONTH)

    def frequency(self) -> Frequency | None:
        """Return what was filled in, as far as it makes sense."""
        every, unit = self.cleaned_data.get("every"), self.cleaned_data.get("unit")
        return Frequency(every, Unit(unit)) if every and unit else None


class ScheduleFields(FrequencyFields):
    """When a sum falls due: in equal parts, or on dates of its own."""

    number = forms.IntegerField(label=_("Instalments"), min_value=1, max_value=1_040, initial=1)
    first_due_on = forms.DateField(
        label=_("First due on"),
        widget=AdminDateInput,
        help_text=_("The last day of a month stays the last day of each."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in OWN_ROWS:
            self.fields[f"own_date_{row}"] = forms.DateField(label=_("Due on"), required=False, widget=AdminDateInput)
            self.fields[f"own_amount_{row}"] = AmountInput(label=_("Amount"), required=False)
        if self.is_bound and self.has_own_rows:
            for name in ("number", "first_due_on", "every", "unit"):
                self.fields[name].required = False

    @property
    def own_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The rows for dates and amounts of its own."""
        return [(self[f"own_date_{row}"], self[f"own_amount_{row}"]) for row in OWN_ROWS]

    @property
    def has_own_rows(self) -> bool:
        """Whether one of them was filled in."""
        return any(self.data.get(self.add_prefix(f"own_amount_{row}")) for row in OWN_ROWS)

    def instalments(self, money: Money) -> list[Due]:
        """Return the schedule of a sum. Raises ScheduleError when it is none."""
        cleaned = self.cleaned_data
        if self.has_own_rows:
            rows = [(cleaned.get(f"own_date_{row}"), cleaned.get(f"own_amount_{row}")) for row in OWN_ROWS]
            if any(bool(on) != bool(amount) for on, amount in rows):
                raise ScheduleError(_("Each instalment needs a day and an amount."))
            dues = [Due(on, amount) for on, amount in rows if on and amount]
            check_schedule(money, dues)
            return dues
        frequency, first, number = self.frequency(), cleaned.get("first_due_on"), cleaned.get("number")
        if frequency is None or first is None or not number:
            raise ScheduleError(_("Say when it falls due."))
        return even_instalments(money, first=first, frequency=frequency, number=number)


class PledgeForm(ScheduleFields, SplitFields):
    """A promise as it was made."""

    amount = AmountInput(label=_("Total promised"), error_messages={"required": _("Say how much it is.")})
    currency = forms.ChoiceField(label=_("Currency"))
    pledged_on = forms.DateField(label=_("Promised on"), widget=AdminDateInput)
    campaign = forms.ModelChoiceField(Campaign.objects.order_by("name"), label=_("Campaign"), required=False)
    appeal = forms.ModelChoiceField(
        Appeal.objects.select_related("campaign"),
        label=_("Appeal"),
        required=False,
        help_text=_("Credits its campaign."),
    )
    reference = forms.CharField(
        label=_("Payment reference"), required=False, max_length=60, help_text=_("Empty: one is made.")
    )
    wants_reminders = forms.BooleanField(
        label=_("Remind the donor when a part falls due"), required=False, initial=True
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["donor"] = donor_field()
        self.fields["pledged_on"].initial = clock.today()
        self.fields["first_due_on"].initial = clock.today()

    def clean_pledged_on(self) -> dt.date:
        """Refuse the future."""
        return not_to_come(self.cleaned_data["pledged_on"])

    def clean(self) -> dict[str, Any]:
        """Make the schedule, where there is an amount to make it of."""
        cleaned = super().clean()
        if cleaned.get("amount") and not self.errors:
            try:
                cleaned["instalments"] = self.instalments(Money(cleaned["amount"], cleaned["currency"]))
            except ScheduleError as error:
                self.add_error("own_amount_1" if self.has_own_rows else "number", str(error))
        return cleaned

    @property
    def details(self) -> dict[str, Any]:
        """What goes on the pledge beside donor, amount, dates and funds."""
        cleaned = self.cleaned_data
        appeal = cleaned["appeal"]
        return {
            "campaign": cleaned["campaign"] or (appeal.campaign if appeal else None),
            "appeal": appeal,
            "reference": cleaned["reference"].strip(),
            "wants_reminders": cleaned["wants_reminders"],
            "note": cleaned["note"],
        }


class RescheduleForm(ScheduleFields, MoneyForm):
    """What is still to come, on other days."""

    amount = AmountInput(
        label=_("Still to come"),
        help_text=_("More or less than now: the donor promises that much more or less."),
    )
    reason = ReasonForm.base_fields["reason"]

    def __init__(self, *args: Any, pledge: Pledge, **kwargs: Any) -> None:
        self.pledge = pledge
        super().__init__(*args, **kwargs)
        self.fields["amount"].initial = pledge.left.plain
        self.fields["first_due_on"].initial = max(pledge.next_due_on or clock.today(), clock.today())

    def currency_of(self) -> str:
        """The pledge's."""
        return self.pledge.currency

    def clean(self) -> dict[str, Any]:
        """Make the schedule."""
        cleaned = super().clean()
        if cleaned.get("amount") and not self.errors:
            try:
                cleaned["instalments"] = self.instalments(Money(cleaned["amount"], self.pledge.currency))
            except ScheduleError as error:
                self.add_error("own_amount_1" if self.has_own_rows else "number", str(error))
        return cleaned


class CameForm(MoneyForm):
    """Money that came for a promise, to be recorded as a gift."""

    amount = AmountInput(label=_("Amount"))
    received_on = forms.DateField(
        label=_("Gift date"), widget=AdminDateInput, help_text=_("For a cheque by post, its postmark.")
    )
    method = forms.ChoiceField(label=_("Method"), choices=Method)
    reference = forms.CharField(
        label=_("Reference"), required=False, max_length=120, help_text=_("Cheque number, transfer text.")
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        self.currency = currency
        super().__init__(*args, **kwargs)
        self.fields["received_on"].initial = clock.today()

    def currency_of(self) -> str:
        """The promise's."""
        return self.currency

    def clean_received_on(self) -> dt.date:
        """Refuse the future."""
        return not_to_come(self.cleaned_data["received_on"])


class GiftChoice(forms.ModelChoiceField):
    """A gift, with its day, amount and reference."""

    widget = forms.RadioSelect

    def label_from_instance(self, gift: Gift) -> str:
        """Say which it is."""
        return " · ".join(filter(None, [str(gift), gift.get_method_display(), gift.reference]))


class HereForm(forms.Form):
    """A gift that is here already."""

    gift = GiftChoice(Gift.objects.none(), label=_("Gift"), empty_label=None)

    def __init__(self, *args: Any, gifts: QuerySet[Gift], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_records(self, "gift", gifts)


class RecurringForm(FrequencyFields, SplitFields):
    """A standing order as the donor told us of it."""

    amount = AmountInput(label=_("Amount each time"), error_messages={"required": _("Say how much it is.")})
    currency = forms.ChoiceField(label=_("Currency"))
    starts_on = forms.DateField(
        label=_("First gift expected on"),
        widget=AdminDateInput,
        help_text=_("The last day of a month stays the last day of each."),
    )
    ends_on = forms.DateField(
        label=_("Last day"), widget=AdminDateInput, required=False, help_text=_("Empty: until further notice.")
    )
    count = forms.IntegerField(
        label=_("Or so many gifts"), min_value=1, max_value=1_000, required=False, help_text=_("Empty: no limit.")
    )
    method = forms.ChoiceField(label=_("Method"), choices=Method, initial=Method.TRANSFER)
    reference = forms.CharField(
        label=_("Payment reference"),
        required=False,
        max_length=120,
        help_text=_("What the donor's bank sends along, so that the statement finds it."),
    )
    campaign = forms.ModelChoiceField(Campaign.objects.order_by("name"), label=_("Campaign"), required=False)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["donor"] = donor_field()
        self.fields["starts_on"].initial = clock.today()

    @property
    def details(self) -> dict[str, Any]:
        """What goes on it beside donor, amount, dates and funds."""
        return {
            name: self.cleaned_data[name] for name in ("ends_on", "count", "method", "reference", "campaign", "note")
        }


class ChangeRecurringForm(FrequencyFields, MoneyForm):
    """Another amount or another rhythm, from a day on."""

    amount = AmountInput(label=_("Amount each time"))
    day = forms.IntegerField(
        label=_("Day of the month"), min_value=1, max_value=31, help_text=_("31 is always the last day.")
    )
    effective_on = forms.DateField(
        label=_("From"), widget=AdminDateInput, help_text=_("A day to come makes it a plan.")
    )
    fund = forms.ModelChoiceField(
        Fund.objects.none(),
        label=_("All of it to the fund"),
        required=False,
        help_text=_("Empty: shared by its funds as it is now."),
    )
    reason = ReasonForm.base_fields["reason"]

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        self.currency = currency
        super().__init__(*args, **kwargs)
        self.fields["effective_on"].initial = clock.today()
        offer_records(self, "fund", Fund.objects.open_on(clock.today()))

    def currency_of(self) -> str:
        """That of the recurring gift."""
        return self.currency


class PauseForm(ReasonForm):
    """Until when, and why."""

    until = forms.DateField(
        label=_("Goes on from"),
        widget=AdminDateInput,
        required=False,
        help_text=_("It does so by itself. Empty: until somebody lets it go on."),
    )
    field_order = ["until", "reason"]


class EndForm(ReasonForm):
    """From when on, and why."""

    on = forms.DateField(label=_("Nothing is expected from"), widget=AdminDateInput)
    field_order = ["on", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.today()


class GoOnForm(forms.Form):
    """Why it goes on, if somebody wants to say."""

    reason = forms.CharField(label=_("Note"), required=False, max_length=500)


class WhichPromiseForm(forms.Form):
    """Which promise a gift keeps."""

    key = forms.ChoiceField(label=_("It pays"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "key", choices)
        if choices:
            self.fields["key"].initial = choices[0][0]


def not_to_come(day: dt.date) -> dt.date:
    """Return the day; raise ValidationError when it is still to come."""
    if day > clock.today():
        raise forms.ValidationError(_("This day is still to come."))
    return day
