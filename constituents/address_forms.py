"""The words of the forms about addresses: a new one, a correction, a move."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _
from django_countries import countries
from wagtail.admin.widgets import AdminDateInput

from constituents.models import Address, Constituent, ContactKind, Household
from core import clock
from core.organisation import current_organisation

POSTAL = ("street", "extra", "city", "region", "postal_code", "country")
SEASON = ("season_from_month", "season_from_day", "season_until_month", "season_until_day")
_MONTHS = [("", "–"), *MONTHS.items()]


class PostalForm(forms.Form):
    """The lines of an address."""

    street = forms.CharField(label=_("Street"), required=False, max_length=255)
    extra = forms.CharField(label=_("Second line"), required=False, max_length=255)
    city = forms.CharField(label=_("Town"), required=False, max_length=120)
    region = forms.CharField(label=_("State or region"), required=False, max_length=120)
    postal_code = forms.CharField(label=_("Postal code"), required=False, max_length=20)
    country = forms.ChoiceField(label=_("Country"), required=False)

    #: Whether the lines may be left empty.
    may_be_empty = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", "–"), *countries]  # type: ignore[attr-defined]
        if "country" not in self.initial:
            self.initial["country"] = str(current_organisation().country)

    def clean(self) -> dict[str, Any]:
        """A country alone is nowhere to write to."""
        cleaned = super().clean() or {}
        if not self.may_be_empty and not any(cleaned.get(name) for name in POSTAL if name != "country"):
            self.add_error("street", _("Write at least a street or a town."))
        return cleaned

    def parts(self) -> dict[str, str]:
        """Return the lines."""
        return {name: self.cleaned_data[name] for name in POSTAL}


class AddressForm(PostalForm):
    """One more address, or a correction of one: with its season and its first and last day."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ContactKind.choices, initial=ContactKind.HOME)
    overrides_household = forms.BooleanField(
        label=_("Use it instead of the household’s address"),
        required=False,
        help_text=_("For someone who lives with others but has mail sent elsewhere."),
    )
    season_from_day = forms.IntegerField(label=_("Each year from day"), required=False, min_value=1, max_value=31)
    season_from_month = forms.TypedChoiceField(
        label=_("of"), choices=_MONTHS, coerce=int, empty_value=None, required=False
    )
    season_until_day = forms.IntegerField(label=_("until day"), required=False, min_value=1, max_value=31)
    season_until_month = forms.TypedChoiceField(
        label=_("of"), choices=_MONTHS, coerce=int, empty_value=None, required=False
    )
    valid_from = forms.DateField(label=_("First day"), required=False, widget=AdminDateInput)
    valid_until = forms.DateField(label=_("Last day"), required=False, widget=AdminDateInput)

    #: Fields that stand together in a row.
    rows = (("city", "region", "postal_code"), SEASON[1::2] + SEASON[::2], ("valid_from", "valid_until"))

    def __init__(self, *args: Any, owner: Constituent | Household, address: Address | None = None, **kw: Any) -> None:
        names = (*POSTAL, "kind", "overrides_household", *SEASON, "valid_from", "valid_until")
        kw["initial"] = {name: getattr(address, name) for name in names if address} | (kw.get("initial") or {})
        super().__init__(*args, **kw)
        if not isinstance(owner, Constituent) or owner.household is None:
            del self.fields["overrides_household"]

    def clean(self) -> dict[str, Any]:
        """Ask for both ends of a season."""
        cleaned = super().clean()
        given = [name for name in SEASON if cleaned.get(name)]
        if given and len(given) < len(SEASON):
            self.add_error("season_from_day", _("A season needs both its first and its last day, each with its month."))
        return cleaned


class MoveForm(PostalForm):
    """To where, from when, and who."""

    on = forms.DateField(
        label=_("From"), widget=AdminDateInput, help_text=_("The first day there. A day to come is fine.")
    )
    movers = forms.ModelMultipleChoiceField(
        label=_("Who moves?"),
        queryset=Constituent.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "When some stay, those who move get the new address as their own, and the household keeps its own."
        ),
    )
    field_order = ("movers", "on")

    def __init__(self, *args: Any, owner: Constituent | Household, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", clock.today())
        people = owner.members if isinstance(owner, Household) else []
        living = [person.pk for person in people if not person.is_deceased]
        if len(living) > 1:
            movers: Any = self.fields["movers"]
            movers.queryset = Constituent.objects.filter(pk__in=living)
            self.initial.setdefault("movers", living)
        else:
            del self.fields["movers"]


class ReturnedForm(forms.Form):
    """Since when mail comes back."""

    since = forms.DateField(label=_("Since"), widget=AdminDateInput)
    reason = forms.CharField(
        label=_("What the post says"), required=False, max_length=255, help_text=_("Such as: moved, unknown.")
    )
