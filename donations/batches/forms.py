"""Forms about batches: what a pile should come to, why it does not, and somebody new among its donors."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from constituents.duplicates.live import LikelyMatch, Typed, matches_for
from constituents.models import Kind
from core import clock
from core.choices import offer, offer_records
from core.organisation import current_organisation
from donations.models import Appeal, Batch, Fund, Method
from donations.models.rate import accepted_currencies
from donations.money_fields import AmountInput, refuse_fractions
from donations.services.gifts import default_fund


class BatchForm(forms.Form):
    """What was counted by hand, and what the gifts of the pile share."""

    title = forms.CharField(
        label=_("Title"), required=False, max_length=120, help_text=_("To know it by: “Monday’s post”.")
    )
    expected_count = forms.IntegerField(
        label=_("How many gifts"),
        min_value=1,
        max_value=5_000,
        help_text=_("Count the pile by hand first."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 6}),
    )
    expected_total = AmountInput(label=_("What they add up to"), help_text=_("Your adding machine’s total."))
    currency = forms.ChoiceField(label=_("Currency"), help_text=_("Of all its gifts."))
    method = forms.ChoiceField(label=_("Method"), choices=Method, help_text=_("How they came."))
    received_on = forms.DateField(
        label=_("Gift date"), widget=AdminDateInput, help_text=_("For cheques by post, their postmark.")
    )
    fund = forms.ModelChoiceField(Fund.objects.none(), label=_("Fund"), empty_label=None, help_text=_("Where they go."))
    appeal = forms.ModelChoiceField(
        Appeal.objects.select_related("campaign"),
        label=_("Appeal"),
        required=False,
        help_text=_("Credits its campaign too."),
    )
    wants_receipt = forms.BooleanField(
        label=_("Receipts wanted"), required=False, help_text=_("Offered for each gift once the batch is posted.")
    )
    bank_account = forms.CharField(
        label=_("Bank account"), required=False, max_length=120, help_text=_("Printed on the deposit slip.")
    )

    def __init__(self, *args: Any, batch: Batch | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batch = batch
        offer_records(self, "fund", Fund.objects.open_on(clock.today()))
        offer(self, "currency", [(code, code) for code in accepted_currencies()])
        if batch is not None:
            # Its rows are amounts in this currency already.
            del self.fields["currency"]

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """Begin with what stands, or with what is likely: the account of the batch before."""
        if field_name in self.initial:
            return self.initial[field_name]
        if self.batch is not None:
            return getattr(self.batch, "fund_id" if field_name == "fund" else field_name)
        match field_name:
            case "received_on":
                return clock.today()
            case "fund":
                return default_fund().pk
            case "currency":
                return current_organisation().base_currency
            case "method":
                return Method.CHEQUE
            case "wants_receipt":
                return True
            case "bank_account":
                return Batch.objects.values_list("bank_account", flat=True).first() or ""
        return super().get_initial_for_field(field, field_name)

    def clean(self) -> dict[str, Any]:
        """Hold the total to what the currency can say, the date to what has been."""
        cleaned = super().clean() or {}
        total: Decimal | None = cleaned.get("expected_total")
        currency = self.batch.currency if self.batch else cleaned.get("currency")
        if total is not None and total <= 0:
            self.add_error("expected_total", _("A batch is more than nothing."))
        elif currency:
            refuse_fractions(self, currency)
        if cleaned.get("received_on") and cleaned["received_on"] > clock.today():
            self.add_error("received_on", _("This day is still to come."))
        return cleaned


class PostForm(forms.Form):
    """Post as it is; who may, also when it does not agree."""

    override_reason = forms.CharField(
        label=_("Why it is posted all the same"),
        help_text=_("Kept with the batch, and printed on its deposit slip."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, asks_why: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_why:
            del self.fields["override_reason"]


class NewDonorForm(forms.Form):
    """Somebody new, added from the row their cheque is on."""

    kind = forms.ChoiceField(label=_("Who is it"), choices=Kind, widget=forms.RadioSelect, initial=Kind.PERSON)
    given_name = forms.CharField(label=_("Given name"), required=False, max_length=255)
    family_name = forms.CharField(label=_("Family name"), required=False, max_length=255)
    organisation_name = forms.CharField(label=_("Name of the organisation"), required=False, max_length=255)
    email = forms.EmailField(label=_("E-mail"), required=False)
    street = forms.CharField(label=_("Street"), required=False, max_length=255)
    city = forms.CharField(label=_("Town"), required=False, max_length=120)
    region = forms.CharField(label=_("State or region"), required=False, max_length=120)
    postal_code = forms.CharField(label=_("Postal code"), required=False, max_length=20)
    is_someone_else = forms.BooleanField(
        label=_("It is somebody else: add them all the same"), required=False, widget=forms.HiddenInput
    )

    matches: list[LikelyMatch]

    def clean(self) -> dict[str, Any]:
        """Want a name, and ask before adding somebody who may be on record already."""
        cleaned = super().clean() or {}
        self.matches = []
        if cleaned.get("kind") == Kind.ORGANISATION:
            cleaned |= {"given_name": "", "family_name": ""}
            if not cleaned.get("organisation_name"):
                self.add_error("organisation_name", _("Say what it is called."))
        else:
            cleaned["organisation_name"] = ""
            if not (cleaned.get("given_name") or cleaned.get("family_name")):
                self.add_error("family_name", _("Say who it is."))
        if not self.errors and not cleaned["is_someone_else"]:
            self.matches = matches_for(Typed.read(cleaned))
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return what `constituents.services.people.add_from_form` takes; an address is one in our own country."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "is_someone_else"}
        return values | {"country": str(current_organisation().country)}
