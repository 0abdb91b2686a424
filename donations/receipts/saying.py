"""How a receipt writes dates, and what somebody typed, within its sentences."""

from __future__ import annotations

import datetime as dt

from babel.dates import format_date
from django.utils import translation

# What staff write large at the head of a field, and nobody within a sentence.
_ARTICLES = ("a", "an", "the", "one", "two", "un", "une", "le", "la", "les", "des")


def within(text: str) -> str:
    """Return what was typed as it stands within a sentence: “A dinner” becomes “a dinner”, “Opera tickets” stays."""
    first, space, rest = text.partition(" ")
    return f"{first.lower()}{space}{rest}" if first.lower() in _ARTICLES else text


def said_date(date: dt.date, style: str = "long") -> str:
    """Return a date as the active language writes it: `December 31, 2026`, `31 décembre 2026`; medium: `31.12.2026`."""
    language = translation.get_language() or "en"
    words = format_date(date, format=style, locale=translation.to_locale(language))
    # The first of a month is an ordinal in French, which the patterns of CLDR cannot say.
    return f"1er{words[1:]}" if language.startswith("fr") and date.day == 1 and style == "long" else words
