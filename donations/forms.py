"""Forms for staff: recording a gift, deciding about one, and about its receipt."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from constituents.contact_forms import one_constituent
from constituents.models import Constituent
from core import clock
from core.choices import offer, offer_records
from core.money import Money
from core.organisation import current_organisation
from core.staff.verbs import ReasonForm
from donations.models import (
    AdvantageKind,
    Appeal,
    Campaign,
    DedicationKind,
    Fund,
    Gift,
    Method,
    SoftCreditRole,
)
from donations.models.rate import accepted_currencies
from donations.money_fields import AmountInput, SplitsOverFunds, refuse_fractions
from donations.services.duplicates import likely_twins
from donations.services.gifts import default_fund

_FOUND = 8


class GiftFactsForm(SplitsOverFunds):
    """The money facts of a gift: who, how much, when, how, what for, and what came or went besides."""

    donor = forms.ModelChoiceField(
        Constituent.objects.none(),
        label=_("Donor"),
        error_messages={"required": _("Choose who gave it."), "invalid_choice": _("Choose who gave it.")},
    )
    amount = AmountInput(label=_("Amount"), error_messages={"required": _("Say how much it is.")})
    currency = forms.ChoiceField(label=_("Currency"))
    received_on = forms.DateField(
        label=_("Gift date"), widget=AdminDateInput, help_text=_("For a cheque by post, its postmark.")
    )
    method = forms.ChoiceField(label=_("Method"), choices=Method)
    advantage_amount = AmountInput(
        label=_("What the donor got is worth"), required=False, help_text=_("A dinner, a book: its fair value.")
    )
    advantage_description = forms.CharField(label=_("What the donor got"), required=False, max_length=255)
    advantage_kind = forms.ChoiceField(label=_("Kind of return"), choices=AdvantageKind)
    description = forms.CharField(
        label=_("Goods given"), required=False, max_length=255, help_text=_("For gifts in kind and securities.")
    )
    quantity = forms.DecimalField(
        label=_("Quantity"), required=False, max_digits=14, decimal_places=4, help_text=_("120 shares, 6 boxes.")
    )
    quantity_unit = forms.CharField(label=_("Unit"), required=False, max_length=40)
    ticker = forms.CharField(label=_("Ticker or ISIN"), required=False, max_length=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_records(self, "donor", Constituent.objects.current())
        offer(self, "currency", [(code, code) for code in accepted_currencies()])
        self.offer_funds(Fund.objects.open_on(clock.today()))

    def clean_received_on(self) -> dt.date:
        """Refuse the future: a gift is dated by the day it was given."""
        date: dt.date = self.cleaned_data["received_on"]
        if date > clock.today():
            raise forms.ValidationError(_("This day is still to come."))
        return date

    def clean(self) -> dict[str, Any]:
        """Bring amounts and parts together as `allocations`."""
        cleaned = super().clean() or {}
        if not cleaned.get("amount") or not cleaned.get("currency"):
            return cleaned
        refuse_fractions(self, cleaned["currency"])
        if "amount" in cleaned and cleaned["amount"] <= 0:
            self.add_error("amount", _("A gift is more than nothing."))
        if "amount" in cleaned:
            cleaned["allocations"] = self.parts_of(cleaned["amount"])
        return cleaned


class RecordGiftForm(GiftFactsForm):
    """A gift as it lies on the desk. Everything but donor and amount has a likely answer already."""

    reference = forms.CharField(
        label=_("Reference"), required=False, max_length=120, help_text=_("Cheque number, transfer text.")
    )
    campaign = forms.ModelChoiceField(Campaign.objects.order_by("name"), label=_("Campaign"), required=False)
    appeal = forms.ModelChoiceField(
        Appeal.objects.select_related("campaign"),
        label=_("Appeal"),
        required=False,
        help_text=_("Credits its campaign too."),
    )
    dedication_kind = forms.ChoiceField(
        label=_("Tribute"), required=False, choices=[("", _("None")), *DedicationKind.choices]
    )
    honouree_name = forms.CharField(label=_("Name"), required=False, max_length=255)
    notify_name = forms.CharField(
        label=_("Who is to be told"), required=False, max_length=255, help_text=_("The family, with their address.")
    )
    notify_address = forms.CharField(label=_("Street"), required=False, max_length=255)
    notify_city = forms.CharField(label=_("Town"), required=False, max_length=120)
    notify_postal_code = forms.CharField(label=_("Postal code"), required=False, max_length=20)
    notify_email = forms.EmailField(label=_("E-mail"), required=False)
    credit_to = one_constituent(
        label=_("Recognise also"), required=False, help_text=_("Whoever asked for it, or advised the fund.")
    )
    credit_role = forms.ChoiceField(
        label=_("Why"), required=False, choices=[c for c in SoftCreditRole.choices if c[0] != SoftCreditRole.HOUSEHOLD]
    )
    is_anonymous = forms.BooleanField(label=_("Never name the donor in public"), required=False)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    expected = forms.BooleanField(
        label=_("Not here yet"), required=False, help_text=_("Promised: it waits under Expected gifts until it comes.")
    )
    issue_receipt = forms.BooleanField(label=_("Issue the receipt now"), required=False)
    send_receipt = forms.BooleanField(label=_("E-mail it to the donor"), required=False)
    twin_is_meant = forms.BooleanField(label=_("It is another one: record it"), required=False)

    #: The fields that the next gift of the pile most likely shares.
    KEPT = ("received_on", "method", "fund", "campaign", "appeal", "currency", "issue_receipt", "send_receipt")

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """Begin with what is likely."""
        if field_name in self.initial:
            return self.initial[field_name]
        match field_name:
            case "received_on":
                return clock.today()
            case "fund":
                return default_fund().pk
            case "currency":
                return current_organisation().base_currency
            case "method":
                return Method.CHEQUE
        return super().get_initial_for_field(field, field_name)

    @cached_property
    def found_donors(self) -> list[Constituent]:
        """Return the donors to choose from, with the chosen one first."""
        chosen = str(self["donor"].value() or "")
        donors = Constituent.objects.current().select_related("giving").prefetch_related("emails", "addresses")
        found = list(donors.filter(pk=chosen)) if chosen.isdigit() else []
        return found or find_donors(self.data.get("donor_search", ""))

    def clean(self) -> dict[str, Any]:
        """Hold the tribute together, and stop at what looks like the same gift once more."""
        cleaned = super().clean()
        if "allocations" in cleaned:
            self._clean_tribute(cleaned)
            if not self.errors and not cleaned.get("twin_is_meant"):
                self._look_for_twins(cleaned)
        return cleaned

    def _clean_tribute(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("dedication_kind") and not cleaned.get("honouree_name"):
            self.add_error("honouree_name", _("Say who is honoured."))
        elif cleaned.get("honouree_name") and not cleaned.get("dedication_kind"):
            self.add_error("dedication_kind", _("Say whether in honour or in memory."))
        elif cleaned.get("notify_name") and not cleaned.get("honouree_name"):
            self.add_error("honouree_name", _("Say who is honoured, so that they can be told of whom."))

    def _look_for_twins(self, cleaned: dict[str, Any]) -> None:
        money = Money(cleaned["amount"], cleaned["currency"])
        self.twins = list(
            likely_twins(
                donor=cleaned["donor"], money=money, reference=cleaned["reference"], received_on=cleaned["received_on"]
            )
        )
        if self.twins:
            self.add_error("twin_is_meant", _("This looks like a gift that is on record already."))

    @property
    def details(self) -> dict[str, Any]:
        """What goes on the gift beside donor, amount, date and funds."""
        cleaned = self.cleaned_data
        appeal = cleaned["appeal"]
        kind, name = cleaned["dedication_kind"], cleaned["honouree_name"]
        return {
            "method": cleaned["method"],
            "reference": cleaned["reference"],
            "campaign": cleaned["campaign"] or (appeal.campaign if appeal else None),
            "appeal": appeal,
            "advantage_amount": cleaned["advantage_amount"] or Decimal(0),
            "advantage_description": cleaned["advantage_description"],
            "advantage_kind": cleaned["advantage_kind"],
            "description": cleaned["description"],
            "quantity": cleaned["quantity"],
            "quantity_unit": cleaned["quantity_unit"],
            "ticker": cleaned["ticker"],
            # In words at once: the letter of thanks is chosen by it.
            "tribute": f"{DedicationKind(kind).label} {name}"[:255] if kind else "",
            "is_anonymous": cleaned["is_anonymous"],
            "note": cleaned["note"],
        }


def find_donors(query: str) -> list[Constituent]:
    """Return the few who fit what was typed best, for choosing the donor.

    Those whom only a misspelt name leads to stand there when nobody else does, marked `is_guess`: they are offered, not
    chosen by themselves.
    """
    if len(query.strip()) < 2:
        return []
    known = Constituent.objects.current().select_related("giving").prefetch_related("emails", "addresses")
    found = known.ranked(query, limit=_FOUND)
    for one in found:
        one.constituent.is_guess = one.is_guess  # type: ignore[attr-defined]
    return [one.constituent for one in found if not one.is_guess] or [one.constituent for one in found]


class ReceivedForm(forms.Form):
    """When an expected gift came."""

    received_on = forms.DateField(label=_("It came on"), widget=AdminDateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["received_on"].initial = clock.today

    def clean_received_on(self) -> dt.date:
        """Refuse the future."""
        date: dt.date = self.cleaned_data["received_on"]
        if date > clock.today():
            raise forms.ValidationError(_("This day is still to come."))
        return date


class RefundForm(ReasonForm):
    """How much goes back, and why."""

    amount = AmountInput(label=_("Amount"))
    field_order = ["amount", "reason"]


class EmailReceiptForm(forms.Form):
    """Which address the receipt goes to."""

    to = forms.EmailField(label=_("E-mail"))


class YearForm(forms.Form):
    """Which year the receipts are for."""

    year = forms.TypedChoiceField(label=_("Year the gifts were given in"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = clock.today().year
        first = Gift.objects.order_by("received_on").values_list("received_on", flat=True).first()
        oldest = max(first.year if first else newest, newest - 20)
        offer(self, "year", [(year, year) for year in range(newest, oldest - 1, -1)])
        self.fields["year"].initial = newest - 1 if oldest < newest else newest
