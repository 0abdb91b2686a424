"""What an organisation chooses about names of households, and the words each language has for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.utils.translation import override, pgettext

from constituents.models.household_naming import FormalForm, LargeForm, NameOrder

# How a member ranks in the order "head first".
HEAD, ADULT, CHILD = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Words:
    """What stands between and around names in one language."""

    connector: str = "and"
    household: str = "The %(names)s Household"
    family_of: str = "The family of %(names)s"
    family: str = "Family %(names)s"
    family_name_first: bool = False
    #: Whether words are set apart by spaces.
    is_spaced: bool = True

    def large(self, form: str) -> str:
        """Return the pattern a large household's name is written by."""
        return {str(LargeForm.FAMILY_OF): self.family_of, str(LargeForm.FAMILY): self.family}.get(form, self.household)

    def replaced(self, *, connector: str = "", family_name_first: bool | None = None) -> Words:
        """Return the words with an organisation's own in place of ours."""
        return replace(
            self,
            connector=connector or self.connector,
            family_name_first=self.family_name_first if family_name_first is None else family_name_first,
        )


ENGLISH = Words()
# What a translation of these words would say; a language that is not here has its words from its translation.
_WORDS = {
    "cs": Words("a", "Rodina %(names)s", "Rodina %(names)s", "Rodina %(names)s"),
    "da": Words("og", "Familien %(names)s", "%(names)s med familie", "Familien %(names)s"),
    "de": Words("und", "Familie %(names)s", "Die Familie von %(names)s", "Familie %(names)s"),
    "es": Words("y", "Familia %(names)s", "La familia de %(names)s", "Familia %(names)s"),
    "fi": Words("ja", "Perhe %(names)s", "%(names)s perheineen", "Perhe %(names)s"),
    "fr": Words("et", "Famille %(names)s", "La famille de %(names)s", "Famille %(names)s"),
    "hu": Words("és", "%(names)s család", "%(names)s és családja", "%(names)s család", family_name_first=True),
    "it": Words("e", "Famiglia %(names)s", "La famiglia di %(names)s", "Famiglia %(names)s"),
    "ja": Words("・", "%(names)s家", "%(names)s家", "%(names)s家", family_name_first=True, is_spaced=False),
    "nb": Words("og", "Familien %(names)s", "Familien til %(names)s", "Familien %(names)s"),
    "nl": Words("en", "Familie %(names)s", "De familie van %(names)s", "Familie %(names)s"),
    "pl": Words("i", "Rodzina %(names)s", "%(names)s z rodziną", "Rodzina %(names)s"),
    "pt": Words("e", "Família %(names)s", "A família de %(names)s", "Família %(names)s"),
    "sv": Words("och", "Familjen %(names)s", "%(names)s med familj", "Familjen %(names)s"),
    "zh": Words("、", "%(names)s家", "%(names)s一家", "%(names)s家", family_name_first=True, is_spaced=False),
}


def words_for(language: str) -> Words:
    """Return the words of a language: as translated, else as we know them, else the English ones."""
    code = (language or settings.LANGUAGE_CODE).split("-")[0].lower()
    if code == "en":
        return ENGLISH
    if code in _WORDS:
        return _WORDS[code]
    with override(code):
        return Words(
            connector=pgettext("between the last two names", "and"),
            household=pgettext("a household of many", "The %(names)s Household"),
            family_of=pgettext("a household of many", "The family of %(names)s"),
            family=pgettext("a household of many", "Family %(names)s"),
        )


@dataclass(frozen=True, slots=True)
class Formats:
    """How names are written for one language: the organisation's choices and that language's words."""

    order: str = NameOrder.HEAD_FIRST
    limit: int = 3
    groups_family_names: bool = True
    large_form: str = LargeForm.HOUSEHOLD
    #: What stands instead of the language's own pattern for a large household; empty: that one.
    large_pattern: str = ""
    formal_form: str = FormalForm.TITLES
    titles_on_envelopes: bool = True
    joins_titles: bool = True
    title_plurals: Mapping[str, str] = field(default_factory=lambda: {"Dr": "Drs", "Mr": "Messrs", "Rev": "Revs"})
    words: Words = ENGLISH

    def plural_of(self, title: str) -> str:
        """Return one title for several people, `Drs`; empty when there is none. A full stop makes no difference."""
        if not self.joins_titles:
            return ""
        known = {_bare(one): many for one, many in self.title_plurals.items()}
        return known.get(_bare(title), "")

    @property
    def large(self) -> str:
        """The pattern of a large household's name."""
        return self.large_pattern or self.words.large(self.large_form)


def _bare(title: str) -> str:
    return title.strip().rstrip(".").casefold()
