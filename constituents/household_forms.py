"""The words of the forms about names of households."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from constituents.models import HouseholdNaming, HouseholdWords


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
