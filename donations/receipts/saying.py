"""How a receipt writes dates: in the language that is active, and the region that goes with it."""

from __future__ import annotations

import datetime as dt

from babel.dates import format_date
from django.utils import translation


def said_date(date: dt.date, style: str = "long") -> str:
    """Return a date as the active language writes it: `December 31, 2026`, `31 décembre 2026`; medium: `31.12.2026`."""
    return format_date(date, format=style, locale=translation.to_locale(translation.get_language() or "en"))
