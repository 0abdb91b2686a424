"""How this organisation names households: its settings as the rules of naming want them, and members as they do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.conf import settings

from constituents.models import Constituent, HouseholdMembership, HouseholdNaming, HouseholdRole, HouseholdWords
from constituents.models.household_naming import plural_pairs
from constituents.naming import CHILD, HEAD, Formats, Named, words_for
from constituents.naming.formats import ADULT

_RANKS = {HouseholdRole.HEAD: HEAD, HouseholdRole.ADULT: ADULT, HouseholdRole.CHILD: CHILD}


class NamingStyle:
    """The organisation's choices with the words of each language; read once for however many households."""

    def __init__(self, chosen: HouseholdNaming, words: Iterable[HouseholdWords]) -> None:
        self.chosen = chosen
        self.own_words = {own.language: own for own in words if own.language}
        self._formats: dict[str, Formats] = {}

    def formats(self, language: str = "") -> Formats:
        """Return how names are written in a language; one the organisation writes no letters in gives its own."""
        code = self._written(language)
        if code not in self._formats:
            self._formats[code] = self._made(code)
        return self._formats[code]

    def _written(self, language: str) -> str:
        codes = {code for code, _name in settings.LANGUAGES} | set(self.own_words)
        for code in (language, language.split("-")[0]):
            if code in codes:
                return code
        return settings.LANGUAGE_CODE

    def _made(self, code: str) -> Formats:
        words, own, chosen = words_for(code), self.own_words.get(code), self.chosen
        if own is not None:
            words = words.replaced(connector=own.connector, family_name_first=own.family_name_first)
        return Formats(
            order=chosen.order,
            limit=chosen.limit,
            groups_family_names=chosen.groups_family_names,
            large_form=chosen.large_form,
            large_pattern=own.large_pattern if own is not None else "",
            formal_form=chosen.formal_form,
            titles_on_envelopes=chosen.titles_on_envelopes,
            joins_titles=chosen.joins_titles,
            title_plurals=plural_pairs(chosen.title_plurals),
            words=words,
        )


def naming_style() -> NamingStyle:
    """Return the organisation's choices as they are now, in two queries."""
    chosen = HouseholdNaming.objects.order_by("pk").first() or HouseholdNaming()
    return NamingStyle(chosen, chosen.words.all() if chosen.pk else [])


def as_named(person: Constituent, membership: HouseholdMembership | None = None) -> Named:
    """Return a person's name in parts, and from the membership where it is left out."""
    if membership is None:
        return Named(
            title=person.title,
            given=person.given_name or person.preferred_name,
            family=person.family_name,
            informal=person.informal_name,
            suffix=person.suffix,
            is_deceased=person.is_deceased,
        )
    return Named(
        title=person.title,
        given=person.given_name or person.preferred_name,
        family=person.family_name,
        informal=person.informal_name,
        suffix=person.suffix,
        rank=_RANKS[HouseholdRole(membership.role)],
        is_deceased=person.is_deceased,
        in_name=membership.in_name,
        in_formal=membership.in_formal_salutation,
        in_informal=membership.in_informal_salutation,
    )


def language_of(memberships: Sequence[HouseholdMembership]) -> str:
    """Return the language letters to a household are written in: that of the first living member, head first."""
    living = [membership for membership in memberships if not membership.person.is_deceased] or memberships
    ordered = sorted(living, key=lambda membership: _RANKS[HouseholdRole(membership.role)])
    return ordered[0].person.language if ordered else ""
