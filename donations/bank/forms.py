"""What staff are asked about statements and credits."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from donations.bank.matching import Suggestion
from donations.models import BankAccount
from donations.promises.forms import donor_field

_OTHER = "other"


class StatementForm(forms.Form):
    """A file from the bank."""

    account = forms.ModelChoiceField(label=_("Bank account"), queryset=BankAccount.objects.none())
    file = forms.FileField(
        label=_("File"), help_text=_("CAMT.053 (XML), OFX, or CSV and XLSX as your bank’s website gives them.")
    )
    date = forms.CharField(label=_("Column of the day"), required=False, max_length=120)
    amount = forms.CharField(
        label=_("Column of the amount"),
        required=False,
        max_length=120,
        help_text=_("Only for CSV, and only when it is not found by itself; the next file is read the same way."),
    )
    payer = forms.CharField(label=_("Column of the payer"), required=False, max_length=120)
    reference = forms.CharField(label=_("Column of the reference"), required=False, max_length=120)
    text = forms.CharField(label=_("Column of the text"), required=False, max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts = BankAccount.objects.filter(is_active=True)
        self.fields["account"].queryset = accounts  # type: ignore[attr-defined]
        self.fields["account"].initial = accounts.first()

    @property
    def columns(self) -> dict[str, str]:
        """Which heading holds what, as far as it was said."""
        return {what: self.cleaned_data[what].strip() for what in ("date", "amount", "payer", "reference", "text")}


class ApplyForm(forms.Form):
    """What a credit is for: one of the suggestions, or a new gift of somebody else."""

    what = forms.ChoiceField(label=_("It is"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, suggestions: list[Suggestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            *((each.key, _said(each)) for each in suggestions),
            (_OTHER, _("A new gift of somebody else")),
        ]
        self.fields["what"].initial = suggestions[0].key if suggestions else _OTHER
        donor = donor_field()
        donor.required = False
        donor.label = _("Somebody else")
        self.fields["donor"] = donor

    def clean(self) -> dict[str, Any]:
        """Ask for the donor where it is somebody else."""
        cleaned = super().clean() or {}
        if cleaned.get("what") == _OTHER and not cleaned.get("donor"):
            self.add_error("donor", _("Say who it came from."))
        return cleaned

    @property
    def key(self) -> str:
        """What was chosen, as `apply_credit` takes it."""
        what = str(self.cleaned_data["what"])
        return f"donor-{self.cleaned_data['donor'].pk}" if what == _OTHER else what


def _said(suggestion: Suggestion) -> str:
    """Write a suggestion with whose it is; a payout is nobody's."""
    if suggestion.donor is None:
        return suggestion.words
    return format_html("{}: {}", suggestion.donor, suggestion.words)
