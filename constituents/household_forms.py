"""The words of the forms about households: their names, who lives there, who leaves, who has died."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import formfield_for_dbfield
from wagtail.admin.widgets import AdminDateInput

from constituents.address_forms import PostalForm
from constituents.household_steps import split_steps
from constituents.models import (
    Constituent,
    Household,
    HouseholdMembership,
    HouseholdNaming,
    HouseholdRole,
    HouseholdWords,
)
from constituents.partial_dates import PartialDate
from constituents.services.households import NAMES
from constituents.services.splitting import WhereTo
from core import clock


class NamingForm(forms.ModelForm):
    """How households are named."""

    class Meta:
        model = HouseholdNaming
        fields = (
            "order",
            "groups_family_names",
            "limit",
            "large_form",
            "formal_form",
            "titles_on_envelopes",
            "joins_titles",
            "title_plurals",
        )
        widgets = {
            "order": forms.RadioSelect,
            "large_form": forms.RadioSelect,
            "formal_form": forms.RadioSelect,
            "title_plurals": forms.Textarea(attrs={"rows": 4}),
        }


class WordsForm(forms.ModelForm):
    """The organisation's own words in one language."""

    class Meta:
        model = HouseholdWords
        fields = ("connector", "large_pattern", "family_name_first")

    @property
    def language_name(self) -> str:
        """Which language, in its own name."""
        return dict(settings.LANGUAGES)[self.instance.language]


class PreviewForm(forms.Form):
    """In which language the preview speaks."""

    preview_language = forms.ChoiceField(label=_("Preview in"), choices=settings.LANGUAGES, required=False)


def words_forms(naming: HouseholdNaming, data: Any = None) -> list[WordsForm]:
    """Return a form for each language letters are written in."""
    known = {own.language: own for own in naming.words.all()} if naming.pk else {}
    return [
        WordsForm(data, prefix=f"words-{code}", instance=known.get(code) or HouseholdWords(language=code))
        for code, _name in settings.LANGUAGES
    ]


# Who lives where

_JOINS_AS = [
    (HouseholdRole.ADULT.value, HouseholdRole.ADULT.label),
    (HouseholdRole.CHILD.value, HouseholdRole.CHILD.label),
]


def person_field(*, label: Any, help_text: Any = "", required: bool = True) -> forms.Field:
    """Return a field to choose a person with."""
    field = HouseholdMembership._meta.get_field("person")
    return formfield_for_dbfield(field, label=label, help_text=help_text, required=required)


class AddMemberForm(forms.Form):
    """Who comes to live there."""

    role = forms.ChoiceField(
        label=_("As"), choices=_JOINS_AS, help_text=_("Children are in no name of the household until told.")
    )
    since = forms.DateField(
        label=_("Since"), widget=AdminDateInput, required=False, help_text=_("Empty: for as long as we know.")
    )
    field_order = ("person", "role", "since")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = person_field(label=_("Who?"))
        self.order_fields(self.field_order)


class LivesWithForm(AddMemberForm):
    """With whom somebody lives."""

    brings_address = forms.BooleanField(
        label=_("Their address becomes the household’s"),
        required=False,
        initial=True,
        help_text=_("When the household has none yet."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = person_field(
            label=_("With whom?"), help_text=_("Who lives in a household already lets the other join it.")
        )
        self.fields["role"].label = _("The one who joins is")
        self.order_fields(self.field_order)


class MemberForm(forms.ModelForm):
    """A member's part in the household, and where they are named."""

    class Meta:
        model = HouseholdMembership
        fields = ("role", "in_name", "in_formal_salutation", "in_informal_salutation")
        widgets = {"role": forms.RadioSelect}

    def _post_clean(self) -> None:
        """Leave the record to the verb, which changes it under a lock."""


class NamesForm(forms.Form):
    """The four names; an empty one is written from the members."""

    name = forms.CharField(label=_("Household"), required=False, max_length=600)
    formal_salutation = forms.CharField(label=_("Formal letters open: Dear …"), required=False, max_length=600)
    informal_salutation = forms.CharField(label=_("Informal letters open: Dear …"), required=False, max_length=600)
    addressee = forms.CharField(label=_("Envelope"), required=False, max_length=600)

    def __init__(self, *args: Any, household: Household, written: Household, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in NAMES:
            self.initial[name] = getattr(household, name)
            self.fields[name].help_text = _("From the members: %(name)s") % {"name": getattr(written, name)}


# What happens to people


def _keeps_names(household: Household | None) -> bool:
    return household is not None and any(getattr(household, f"{name}_by_hand") for name in NAMES)


class SplitForm(PostalForm):
    """Who leaves, where to, and what becomes of what they share."""

    may_be_empty = True
    leavers = forms.ModelMultipleChoiceField(
        label=_("Who leaves?"),
        queryset=Constituent.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Several who leave together begin a household of their own."),
    )
    on = forms.DateField(label=_("From"), widget=AdminDateInput, help_text=_("The first day apart."))
    where_to = forms.ChoiceField(
        label=_("Where does mail to those who leave go?"),
        choices=WhereTo.choices,
        widget=forms.RadioSelect,
        initial=WhereTo.NEW,
    )
    keeps_names = forms.BooleanField(
        label=_("Keep the names written by hand for those who stay"),
        required=False,
        help_text=_("Else they are written from who is left."),
    )
    reason = forms.CharField(
        label=_("Why"), required=False, max_length=500, help_text=_("For the history, such as: divorce, moved out.")
    )

    def __init__(self, *args: Any, household: Household, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        leavers: Any = self.fields["leavers"]
        leavers.queryset = Constituent.objects.filter(pk__in=[person.pk for person in household.members])
        self.initial.setdefault("on", clock.today())
        if not _keeps_names(household):
            del self.fields["keeps_names"]
        self.steps = []
        for step in split_steps():
            if (question := step.question(household)) is not None:
                self.steps.append(step.name)
                self.fields[f"step_{step.name}"] = forms.ChoiceField(
                    label=str(question.label),
                    choices=question.options,
                    initial=question.options[0][0],
                    widget=forms.RadioSelect,
                    help_text=str(question.help_text),
                )

    @property
    def step_fields(self) -> list[forms.BoundField]:
        """The questions of the apps above."""
        return [self[f"step_{name}"] for name in self.steps]

    def answers(self) -> dict[str, str]:
        """Return what was answered to them."""
        return {name: self.cleaned_data[f"step_{name}"] for name in self.steps}


class DeathForm(forms.Form):
    """When, as far as it is known."""

    day = forms.IntegerField(label=_("Day"), required=False, min_value=1, max_value=31)
    month = forms.TypedChoiceField(
        label=_("Month"), choices=[("", "–"), *MONTHS.items()], coerce=int, empty_value=None, required=False
    )
    year = forms.IntegerField(label=_("Year"), required=False, min_value=1800, max_value=2200)
    keeps_names = forms.BooleanField(
        label=_("Keep the names of the household written by hand"),
        required=False,
        help_text=_("Else they are written from those who live."),
    )
    reason = forms.CharField(
        label=_("How we know"), required=False, max_length=500, help_text=_("Such as: letter from the daughter.")
    )

    def __init__(self, *args: Any, household: Household | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not _keeps_names(household):
            del self.fields["keeps_names"]

    def clean(self) -> dict[str, Any]:
        """Put the parts together."""
        cleaned = super().clean() or {}
        self.on: PartialDate | None = None
        if cleaned.get("year"):
            try:
                self.on = PartialDate(cleaned["year"], cleaned.get("month"), cleaned.get("day"))
            except ValidationError as error:
                self.add_error("day", error)
        elif cleaned.get("month") or cleaned.get("day"):
            self.add_error("year", _("Say which year, too."))
        return cleaned
