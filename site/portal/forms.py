"""The words of the portal's forms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from constituents.models import Address, Audience, Channel, Constituent, DirectoryField, Purpose
from constituents.services.people import ADDRESS_PARTS
from core import clock
from core.choices import offer_records
from donations.models import Method
from memberships.models import Level
from memberships.wording import period_in_words
from volunteers.models import Opportunity


def _text(autocomplete: str = "off", **attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": autocomplete, **attrs})


class NewcomerForm(forms.Form):
    """Who somebody is whom we do not know yet."""

    given_name = forms.CharField(label=_("Given name"), max_length=255, widget=_text("given-name"))
    family_name = forms.CharField(label=_("Family name"), max_length=255, required=False, widget=_text("family-name"))


class ProfileForm(forms.ModelForm):
    """What people change about themselves at once."""

    website = forms.URLField(
        label=_("Website"),
        required=False,
        assume_scheme="https",
        help_text=_("Such as https://example.org."),
        widget=forms.URLInput(attrs={"autocomplete": "url"}),
    )
    phone = forms.CharField(label=_("Telephone"), max_length=60, required=False, widget=_text("tel", type="tel"))
    street = forms.CharField(label=_("Street"), max_length=255, required=False, widget=_text("address-line1"))
    extra = forms.CharField(label=_("Second line"), max_length=255, required=False, widget=_text("address-line2"))
    city = forms.CharField(label=_("Town"), max_length=120, required=False, widget=_text("address-level2"))
    region = forms.CharField(label=_("State or region"), max_length=120, required=False, widget=_text("address-level1"))
    postal_code = forms.CharField(label=_("Postal code"), max_length=20, required=False, widget=_text("postal-code"))
    country = CountryField(blank=True).formfield(label=_("Country"), required=False)

    NAMES = ("title", "given_name", "middle_name", "family_name", "preferred_name", "pronouns")
    ABOUT = ("occupation", "website", "biography")
    REACH = ("phone", *ADDRESS_PARTS)

    class Meta:
        model = Constituent
        fields = (
            "title", "given_name", "middle_name", "family_name", "preferred_name", "pronouns", "organisation_name",
            "occupation", "website", "biography",
        )  # fmt: skip
        help_texts = {
            "title": _("Dr, Ms, Rev.: as you use it."),
            "preferred_name": _("What we call you when we write to you."),
            "pronouns": _("Such as she/her, they/them."),
            "biography": _("A few sentences in your own words. The directory shows them only if you let it."),
        }
        widgets = {
            "title": _text("honorific-prefix"),
            "given_name": _text("given-name"),
            "middle_name": _text("additional-name"),
            "family_name": _text("family-name"),
            "preferred_name": _text("nickname"),
            "organisation_name": _text("organization"),
            "occupation": _text("organization-title"),
            "biography": forms.Textarea(attrs={"rows": 5}),
        }

    def __init__(self, *args: Any, address: Address | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        me: Constituent = self.instance
        for name in ("organisation_name",) if me.is_person else (*self.NAMES, "occupation"):
            self.fields.pop(name)
        if not me.is_person:
            self.fields["organisation_name"].required = True
        self.fields["country"].widget.attrs["autocomplete"] = "country"
        self.initial["phone"] = me.primary_phone
        for part in ADDRESS_PARTS:
            self.initial[part] = getattr(address, part) if address else ""

    def _group(self, names: Iterable[str]) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]

    @property
    def names(self) -> list[forms.BoundField]:
        """The fields of the name."""
        return self._group((*self.NAMES, "organisation_name"))

    @property
    def about(self) -> list[forms.BoundField]:
        """What the directory could show."""
        return self._group(self.ABOUT)

    @property
    def reach(self) -> list[forms.BoundField]:
        """How to reach the person."""
        return self._group(self.REACH)


# What a member can show today; the other fields wait until there is something to show.
SHOWABLE: dict[str, tuple[str | Promise, str | Promise]] = {
    DirectoryField.NAME: (_("Your name"), _("Without it you are not listed at all.")),
    DirectoryField.TOWN: (_("Your town"), _("The town only, never the street.")),
    DirectoryField.OCCUPATION: (_("Your occupation"), ""),
    DirectoryField.BIOGRAPHY: (_("About you"), _("What you wrote on “My details”.")),
    DirectoryField.WEBSITE: (_("Your website"), ""),
    DirectoryField.EMAIL: (
        _("Let people write to you"),
        _("They fill in a form and we pass it on. Your address stays hidden until you answer."),
    ),
}


class DirectoryForm(forms.Form):
    """Field by field, who sees it."""

    def __init__(self, *args: Any, chosen: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field, (label, help_text) in SHOWABLE.items():
            self.fields[field] = forms.ChoiceField(
                label=str(label),
                help_text=str(help_text),
                choices=Audience.choices,
                initial=chosen.get(field, Audience.NOBODY),
                widget=forms.RadioSelect,
            )
            self[field].css_classes = lambda extra_classes=None: "choices choices--tiles choices--thirds"  # type: ignore[method-assign]


class PreferencesForm(forms.Form):
    """What to hear about, and how."""

    WHAT: dict[str, str | Promise] = {
        Purpose.NEWSLETTER: _("News, a few times a year"),
        Purpose.APPEALS: _("Appeals for gifts"),
        Purpose.EVENTS: _("Events"),
        Purpose.MEMBERSHIP: _("News for members"),
        Purpose.VOLUNTEERING: _("Chances to volunteer"),
    }

    email = forms.MultipleChoiceField(
        label=_("By e-mail"), choices=list(WHAT.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    post = forms.MultipleChoiceField(
        label=_("By post"), choices=list(WHAT.items()), required=False, widget=forms.CheckboxSelectMultiple
    )

    @property
    def asked(self) -> dict[tuple[str, str], str]:
        """Every channel and purpose on the form, with the words beside it."""
        return {
            (channel, purpose): f"{self.fields[channel].label}: {words}"
            for channel in (Channel.EMAIL, Channel.POST)
            for purpose, words in self.WHAT.items()
        }

    @property
    def wanted(self) -> list[tuple[str, str]]:
        """What was ticked."""
        return [
            (channel, purpose) for channel in (Channel.EMAIL, Channel.POST) for purpose in self.cleaned_data[channel]
        ]


class _LevelField(forms.ModelChoiceField):
    def label_from_instance(self, level: Level) -> str:
        """Name the level with its price."""
        return f"{level.name}: {level.price_on_renewal}, {period_in_words(level)}"


class RenewForm(forms.Form):
    """At which level, and how the dues will come."""

    level = _LevelField(
        label=_("Your membership"), queryset=Level.objects.none(), empty_label=None, widget=forms.RadioSelect
    )
    method = forms.ChoiceField(
        label=_("How will you pay?"),
        choices=[(Method.TRANSFER, _("Bank transfer")), (Method.CHEQUE, _("Cheque by post"))],
        initial=Method.TRANSFER,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, levels: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_records(self, "level", levels)
        self["level"].css_classes = lambda extra_classes=None: "choices choices--rows"  # type: ignore[method-assign]


class CancelShiftForm(forms.Form):
    """Why somebody cannot come."""

    reason = forms.CharField(
        label=_("Would you tell us why?"), max_length=255, required=False, widget=forms.TextInput()
    )


class HoursForm(forms.Form):
    """Hours given outside a shift."""

    opportunity = forms.ModelChoiceField(
        label=_("What you did"), queryset=Opportunity.objects.none(), empty_label=_("Please choose")
    )
    worked_on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    hours = forms.DecimalField(
        label=_("Hours"),
        min_value=0.25,
        max_value=24,
        max_digits=4,
        decimal_places=2,
        help_text=_("Such as 2.5"),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    note = forms.CharField(label=_("Note"), max_length=255, required=False, widget=forms.TextInput())

    def __init__(self, *args: Any, opportunities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_records(self, "opportunity", opportunities)
        self.fields["worked_on"].initial = clock.today()
        self.fields["worked_on"].widget.attrs["max"] = clock.today().isoformat()


class ErasureForm(forms.Form):
    """What somebody wants forgotten."""

    words = forms.CharField(
        label=_("Anything we should know?"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    sure = forms.BooleanField(label=_("Yes, please erase my personal data"))
