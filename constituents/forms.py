"""The words of the forms staff fill in about people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries
from wagtail.admin.forms import WagtailAdminModelForm

from constituents.custom_field_forms import add_custom_fields
from constituents.duplicates.live import LikelyMatch, Typed, matches_for
from constituents.models import Constituent, Kind, Tag

PERSON_FIELDS = (
    "title", "given_name", "middle_name", "family_name", "suffix", "preferred_name", "former_names", "pronouns",
    "birth_year", "birth_month", "birth_day", "occupation",
)  # fmt: skip
ORGANISATION_FIELDS = ("organisation_name", "legal_name", "registration_number", "parent")
ADDRESS_FIELDS = ("street", "extra", "city", "region", "postal_code", "country")
NEW_CONTACT_FIELDS = ("email", "phone", *ADDRESS_FIELDS)


class ConstituentForm(WagtailAdminModelForm):
    """A person or an organisation; for someone new also how to reach them, with a look at who is on record already."""

    kind = forms.ChoiceField(choices=Kind.choices, widget=forms.HiddenInput, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False, help_text=_("We look whether it is on record."))
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=60)
    street = forms.CharField(label=_("Street"), required=False, max_length=255)
    extra = forms.CharField(label=_("Second line"), required=False, max_length=255)
    city = forms.CharField(label=_("Town"), required=False, max_length=120)
    region = forms.CharField(label=_("State or region"), required=False, max_length=120)
    postal_code = forms.CharField(label=_("Postal code"), required=False, max_length=20)
    country = forms.ChoiceField(label=_("Country"), required=False)
    tags = forms.ModelMultipleChoiceField(
        label=_("Tags"), queryset=Tag.objects.all(), required=False, widget=forms.CheckboxSelectMultiple
    )
    is_someone_else = forms.BooleanField(
        label=_("This is someone else: add them anyway"), required=False, widget=forms.HiddenInput
    )

    class Meta:
        model = Constituent
        fields = ("kind",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.matches: list[LikelyMatch] = []
        is_new = self.instance.pk is None
        asked = self.data.get("kind") or self.initial.get("kind")
        self.of_kind: str = asked if is_new and asked in Kind.values else self.instance.kind
        self.initial["kind"] = self.of_kind
        hidden = ORGANISATION_FIELDS if self.of_kind == Kind.PERSON else PERSON_FIELDS
        for name in (*hidden, *(() if is_new else (*NEW_CONTACT_FIELDS, "is_someone_else"))):
            self.fields.pop(name, None)
        if is_new:
            self.fields["country"].choices = [("", "—"), *countries]
        else:
            self.initial["tags"] = list(self.instance.tags.all())
        if self.of_kind == Kind.ORGANISATION and "organisation_name" in self.fields:
            self.fields["organisation_name"].required = True
        self.shows_sensitive = add_custom_fields(self, self.of_kind, self.instance, self.for_user)

    def clean_kind(self) -> str:
        """Keep the kind a record has; a new one is what was asked for."""
        return self.of_kind

    def clean(self) -> dict[str, Any]:
        """Ask before adding somebody who may be on record already."""
        cleaned = super().clean()
        self.instance.kind = self.of_kind
        if self.instance.pk is None and not self.errors and not cleaned.get("is_someone_else"):
            self.matches = matches_for(Typed.read(cleaned))
            if self.matches:
                self.fields["is_someone_else"].widget = forms.CheckboxInput()
                raise forms.ValidationError(_("This may be someone you know already. Look below before adding."))
        return cleaned
