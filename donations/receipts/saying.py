"""How a receipt writes dates, and what somebody typed, within its sentences."""

from __future__ import annotations

import datetime as dt

from core.theme.figures import day_in_words

# What staff write large at the head of a field, and nobody within a sentence.
_ARTICLES = ("a", "an", "the", "one", "two", "un", "une", "le", "la", "les", "des")


def within(text: str) -> str:
    """Return what was typed as it stands within a sentence: “A dinner” becomes “a dinner”, “Opera tickets” stays."""
    first, space, rest = text.partition(" ")
    return f"{first.lower()}{space}{rest}" if first.lower() in _ARTICLES else text


def said_date(date: dt.date, style: str = "long") -> str:
    """Return a date as the active language writes it: `December 31, 2026`, `31 décembre 2026`; medium: `31.12.2026`."""
    return day_in_words(date, style)
