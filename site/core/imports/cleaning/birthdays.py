"""Birthdays: the one kind of date that may be known in part, and that many files have wrong."""

from __future__ import annotations

import calendar
import re
from typing import NamedTuple

from django.utils.translation import gettext as _

from core import clock
from core.imports.cleaning.cells import clean_date, parts_of_date
from core.imports.cleaning.profile import Style
from core.imports.errors import CellError

EARLIEST = 1800
_YEAR = re.compile(r"^(\d{4})(?:\.0)?$")
_YEAR_MONTH = re.compile(r"^(\d{4})[-/.](\d{1,2})$|^(?:(\d{1,2})[-/.](\d{4}))$")


class Birthday(NamedTuple):
    """A birthday as far as it is known."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def __str__(self) -> str:
        year = f"{self.year:04}" if self.year else "?"
        parts = [year, f"{self.month:02}" if self.month else "", f"{self.day:02}" if self.day else ""]
        return "-".join(part for part in parts if part)


def clean_birthday(text: str, style: Style) -> Birthday:
    """Return the birthday; a year alone, or a year and a month, will do. Zeros stand for what is not known.

    What no calendar has raises CellError with the parts that are possible as its rest.
    """
    if match := _YEAR.match(text):
        return _checked(text, int(match[1]), 0, 0)
    if match := _YEAR_MONTH.match(text):
        year, month = (match[1], match[2]) if match[1] else (match[4], match[3])
        return _checked(text, int(year), int(month), 0)
    if parts := parts_of_date(text, style):
        year, month, day = parts
        if year > clock.today().year and not re.search(r"\d{4}", text):
            year -= 100  # nobody is born in a year to come: `45` is 1945
        return _checked(text, year, month, day)
    date = clean_date(text, style)
    return _checked(text, date.year, date.month, date.day)


def _checked(text: str, year: int, month: int, day: int) -> Birthday:
    possible = possible_parts(year, month, day)
    if possible == Birthday(year or None, month or None, day or None):
        return possible
    if any(possible):
        raise CellError(
            _("“%(text)s” is not a date; what can be of it (%(possible)s) is kept.")
            % {"text": text[:40], "possible": possible},
            rest=possible,
        )
    raise CellError(_("“%(text)s” is not a birthday.") % {"text": text[:40]})


def possible_parts(year: int | None, month: int | None, day: int | None) -> Birthday:
    """Return the parts that a calendar has and that have been; a day needs its month."""
    today = clock.today()
    good_year = year if year and EARLIEST <= year <= today.year else None
    good_month = month if month and 1 <= month <= 12 else None
    if good_year == today.year and good_month and good_month > today.month:
        good_year = None
    longest = calendar.monthrange(good_year or 2000, good_month)[1] if good_month else 0
    good_day = day if day and 1 <= day <= longest else None
    return Birthday(good_year, good_month, good_day)


_MONTHS = {name.lower(): at for names in (calendar.month_name, calendar.month_abbr) for at, name in enumerate(names)}


def clean_birth_part(text: str, *, part: str) -> int | None:
    """Return a birthday's year, month or day that stands in a column of its own; None for zero, which means unknown."""
    plain = text.removesuffix(".0").strip()
    number = int(plain) if plain.isdigit() and len(plain) <= 4 else _MONTHS.get(plain.lower().rstrip("."), -1)
    if number == 0:
        return None
    if part == "year" and 0 < number < 100:
        number += 1900 if number > clock.today().year - 2000 else 2000
    possible = {"year": possible_parts(number, None, None).year, "month": possible_parts(None, number, None).month}
    found = possible.get(part, number if 1 <= number <= 31 else None)
    if found is None or (part != "month" and not plain.isdigit()):
        raise CellError(_("“%(text)s” is not part of a birthday.") % {"text": text[:40]})
    return found
