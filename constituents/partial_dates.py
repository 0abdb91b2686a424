"""Dates of which only the month or the year is known."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from constituents.models.constituent import DatePrecision
from core.theme.figures import day_in_words, part_in_words


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, with the month and the day where they are known."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        """Refuse what no calendar has."""
        if self.day and not self.month:
            raise ValidationError(_("Say which month, too."))
        if not 1 <= self.year <= 9999:
            raise ValidationError(_("That is no year."))
        if self.month is not None and not 1 <= self.month <= 12:
            raise ValidationError(_("A month is a number from 1 to 12."))
        if self.day is not None and not 1 <= self.day <= calendar.monthrange(self.year, self.month or 1)[1]:
            raise ValidationError(_("There is no such day in that month."))

    @classmethod
    def known(cls, date: dt.date, precision: str = DatePrecision.DAY) -> PartialDate:
        """Return what is known of a date kept with its precision."""
        return cls(
            date.year,
            date.month if precision != DatePrecision.YEAR else None,
            date.day if precision == DatePrecision.DAY else None,
        )

    @property
    def first_day(self) -> dt.date:
        """The first day it can have been."""
        return dt.date(self.year, self.month or 1, self.day or 1)

    @property
    def precision(self) -> DatePrecision:
        """How much of it is known."""
        if self.day:
            return DatePrecision.DAY
        return DatePrecision.MONTH if self.month else DatePrecision.YEAR

    def __str__(self) -> str:
        if self.day:
            return day_in_words(self.first_day, "medium")
        return part_in_words(self.first_day, "yMMMM") if self.month else str(self.year)
