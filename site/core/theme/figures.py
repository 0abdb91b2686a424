"""Figures for the screen where the exact cents would only be noise."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_currency
from django.utils import translation

from core.money import Money


def babel_locale() -> Locale:
    """Return the active language as Babel knows it, English when it does not."""
    try:
        return Locale.parse(translation.to_locale(translation.get_language() or "en"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def day_in_words(date: dt.date, length: str = "long") -> str:
    """Write a date in the reader's language: `long` spells the month out, `medium` fits into a column."""
    return format_date(date, format=length, locale=babel_locale())


def format_whole(money: Money) -> str:
    """Write the amount rounded to whole units: `€41,280`. For large figures on pages, never for accounts."""
    locale = babel_locale()
    pattern = locale.currency_formats["standard"].pattern.replace(".00", "")
    rounded = money.amount.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    text = format_currency(rounded, money.currency, format=pattern, locale=locale, currency_digits=False)
    return text.replace("-", "\N{MINUS SIGN}")
