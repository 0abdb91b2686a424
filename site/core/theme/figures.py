"""Figures and dates in the reader's language: dates the way the organisation's country writes them.

In the workspace a date is `medium` (`Nov 22, 2026`, in Britain `22 Nov 2026`), on paper, in mails and on public pages
`long`. Django's own formats know only the language: a British charity would read American dates.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError, localedata
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_currency
from django.utils import translation

from core.clock import local_date, zone
from core.money import Money
from core.organisation import current_organisation


def babel_locale() -> Locale:
    """Return the active language as Babel knows it, English when it does not."""
    try:
        return Locale.parse(translation.to_locale(translation.get_language() or "en"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def date_locale(language: str = "") -> Locale:
    """Return a language, the active one by default, as the organisation's country writes it: for dates and hours."""
    return locale_of(language or translation.get_language() or "en", str(current_organisation().country))


@lru_cache(maxsize=64)
def locale_of(language: str, country: str) -> Locale:
    """Return a language as a country writes it, else the language, else English: `en`, `GB` is British English."""
    name = translation.to_locale(language)
    known = (each for each in (f"{name}_{country}", name) if localedata.exists(each))
    return Locale.parse(next(known, "en"))


def day_in_words(date: dt.date, length: str = "long", *, language: str = "") -> str:
    """Write a date in the reader's language: `long` spells the month out, `medium` fits into a column."""
    locale = date_locale(language)
    words = format_date(date, format=length, locale=locale)
    if locale.language == "fr" and date.day == 1 and length in ("full", "long"):
        # The first of a month is an ordinal in French, which the patterns of CLDR cannot say.
        words = re.sub(r"\b1\b", "1er", words, count=1)
    return str(words)


def part_in_words(date: dt.date, skeleton: str) -> str:
    """Write a part of a date in the order of the language: `yMMMM` is `May 1960`, `MMMMd` is `May 4` or `4 May`."""
    return str(format_skeleton(skeleton, date, locale=date_locale()))


def time_in_words(at: dt.datetime) -> str:
    """Write the hour and minute of an instant on the organisation's clocks."""
    return str(format_time(at, "short", tzinfo=zone(), locale=date_locale()))


def instant_in_words(at: dt.datetime) -> str:
    """Write an instant to the minute, on the organisation's clocks."""
    pattern = date_locale().datetime_formats["medium"]
    return str(pattern.replace("{1}", day_in_words(local_date(at), "medium")).replace("{0}", time_in_words(at)))


def format_whole(money: Money) -> str:
    """Write the amount rounded to whole units: `€41,280`. For large figures on pages, never for accounts."""
    locale = babel_locale()
    pattern = locale.currency_formats["standard"].pattern.replace(".00", "")
    rounded = money.amount.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    text = format_currency(rounded, money.currency, format=pattern, locale=locale, currency_digits=False)
    return text.replace("-", "\N{MINUS SIGN}")
