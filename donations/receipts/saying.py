"""How a receipt writes dates: in the language that is active, and the region that goes with it."""

from __future__ import annotations

import datetime as dt

from babel.dates import format_date
from django.utils import translation


def said_date(date: dt.date, style: str = "long") -> str:
    """Return a date as the active language writes it: `December 31, 2026`, `31 décembre 2026`; medium: `31.12.2026`."""
    language = translation.get_language() or "en"
    words = format_date(date, format=style, locale=translation.to_locale(language))
    # The first of a month is an ordinal in French, which the patterns of CLDR cannot say.
    return f"1er{words[1:]}" if language.startswith("fr") and date.day == 1 and style == "long" else words
