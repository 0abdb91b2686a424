"""What staff are asked about statements and credits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from constituents.models import Constituent
from core.choices import offer
from donations.bank.matching import Suggestion
from donations.batches.forms import NewDonorForm
from donations.models import BankAccount
from donations.promises.forms import donor_field

_OTHER, _NEW = "other", "new"
_COLUMNS = ("date", "amount", "payer", "reference", "text")


class StatementForm(forms.Form):
    """A file from the bank."""

    account = forms.ModelChoiceField(label=_("Bank account"), queryset=BankAccount.objects.none())
    file = forms.FileField(
        label=_("File"), help_text=_("CAMT.053 (XML), OFX, or CSV and XLSX as your bank’s website gives them.")
    )
    date = forms.CharField(label=_("Column of the day"), required=False, max_length=120)
    amount = forms.CharField(label=_("Column of the amount"), required=False, max_length=120)
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
        return {what: self.cleaned_data[what].strip() for what in _COLUMNS}

    @property
    def columns_said(self) -> bool:
        """Whether any heading was said: the form that comes back shows it."""
        return any(self[what].value() for what in _COLUMNS)


class ApplyForm(forms.Form):
    """What a credit is for: one of the suggestions, or a new gift of somebody on record or somebody new.

    `newcomer` is the form for somebody new, for those who may add people: begun with what the bank said of the payer.
    Who may be meant by it is offered to choose before anybody is added twice.
    """

    what = forms.ChoiceField(label=_("It is"), widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, suggestions: list[Suggestion], newcomer: dict[str, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.newcomer = None
        if newcomer is not None:
            self.newcomer = NewDonorForm(self.data or None, prefix="new", initial=newcomer)
        self.suggested = [(each.key, _said(each)) for each in suggestions]
        self._offer(self._asked_before())
        self.fields["what"].initial = suggestions[0].key if suggestions else _NEW if self.newcomer else _OTHER
        donor = donor_field()
        donor.required = False
        donor.label = _("Somebody else")
        self.fields["donor"] = donor

    def _offer(self, likely: Iterable[Constituent]) -> None:
        """Set what there is to choose from, with those who may be the somebody new."""
        known = {key for key, _words in self.suggested}
        words = _("A new gift of %(name)s")
        more: list[tuple[str, Any]] = [(f"donor-{one.pk}", words % {"name": one}) for one in likely]
        new = [(_NEW, _("A gift of somebody new"))] if self.newcomer else []
        choices: list[tuple[str, Any]] = [*self.suggested, *(each for each in more if each[0] not in known)]
        choices += [(_OTHER, _("A new gift of somebody else on record")), *new]
        offer(self, "what", choices)

    def _asked_before(self) -> Iterable[Constituent]:
        """Return whoever was offered instead of somebody new, and is chosen now."""
        kind, _dash, pk = str(self.data.get("what", "")).partition("-")
        return Constituent.objects.current().filter(pk=pk) if kind == "donor" and pk.isdecimal() else ()

    def _check_newcomer(self) -> None:
        if self.newcomer is None or not self.newcomer.is_valid():
            raise forms.ValidationError(_("Say who it came from."))
        if self.newcomer.matches:
            self._offer([match.constituent for match in self.newcomer.matches])
            self.newcomer.fields["is_someone_else"].widget = forms.CheckboxInput()
            found = "; ".join(f"{match.constituent} ({match.reason})" for match in self.newcomer.matches)
            raise forms.ValidationError(
                _("May be on record already: %(found)s. Choose them above, or say that it is somebody else."),
                params={"found": found},
            )

    @property
    def is_newcomer(self) -> bool:
        """Whether it came from somebody new."""
        return bool(self.cleaned_data["what"] == _NEW)

    def clean(self) -> dict[str, Any]:
        """Ask for the donor where it is somebody else, and twice before adding somebody who may be on record."""
        cleaned = super().clean() or {}
        if cleaned.get("what") == _NEW:
            self._check_newcomer()
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
