"""What a whole column says about how its values are written: the order of dates, the decimal mark."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

DAY_FIRST = "dmy"
MONTH_FIRST = "mdy"
YEAR_FIRST = "ymd"

_DATE = re.compile(r"^\D*(\d{1,4})[./\-\s](\d{1,2})[./\-\s](\d{1,4})(?:[T\s,].*)?$")


@dataclass(frozen=True, slots=True)
class Style:
    """How the file writes what can be written in several ways; empty means it never matters."""

    date_order: str = ""
    decimal_mark: str = ""
    country: str = ""
    currency: str = ""


@dataclass(slots=True)
class ColumnProfile:
    """Watches every value of a column go by, and says at the end how they are written."""

    filled: int = 0
    day_first: int = 0
    month_first: int = 0
    either: int = 0
    comma_decimals: int = 0
    dot_decimals: int = 0
    examples: list[str] = field(default_factory=list)

    def see(self, text: str) -> None:
        """Take one value into account."""
        if not text:
            return
        self.filled += 1
        if len(self.examples) < 3 and text not in self.examples:
            self.examples.append(text[:80])

    def see_date(self, text: str) -> None:
        """Take one date into account: 25/12 can only be day first, 12/25 only month first, 3/4 is either."""
        match = _DATE.match(text)
        if match is None:
            return
        first, second, last = match.groups()
        if len(first) > 2 or len(last) == 3:
            return
        one, two = int(first), int(second)
        if one > 12 >= two:
            self.day_first += 1
        elif two > 12 >= one:
            self.month_first += 1
        elif one != two:
            self.either += 1

    def see_amount(self, text: str) -> None:
        """Take one amount into account: 1.234,56 and 12,5 have a decimal comma, 1,234.56 and 12.5 a decimal dot."""
        figures = re.sub(r"[^\d.,]", "", text)
        comma, dot = figures.rfind(","), figures.rfind(".")
        if comma < 0 and dot < 0:
            return
        if comma >= 0 and dot >= 0:
            if comma > dot:
                self.comma_decimals += 1
            else:
                self.dot_decimals += 1
            return
        mark, at = (",", comma) if comma >= 0 else (".", dot)
        several = figures.count(mark) > 1
        if several or len(figures) - at - 1 != 3:
            # Several of one mark can only separate thousands, so the other mark is the decimal one.
            is_comma = (mark == ",") != several
            if is_comma:
                self.comma_decimals += 1
            else:
                self.dot_decimals += 1

    @property
    def decimal_mark(self) -> str:
        """The decimal mark the column shows, or an empty string when no value shows it."""
        if self.comma_decimals == self.dot_decimals:
            return ""
        return "," if self.comma_decimals > self.dot_decimals else "."


def date_order(profiles: list[ColumnProfile]) -> tuple[str, bool]:
    """Return the order the date columns of a file share, and whether it must be asked for.

    A file that shows both orders, or only dates that could be either, leaves it open.
    """
    day_first = sum(profile.day_first for profile in profiles)
    month_first = sum(profile.month_first for profile in profiles)
    either = sum(profile.either for profile in profiles)
    if day_first and month_first:
        return "", True
    if day_first:
        return DAY_FIRST, False
    if month_first:
        return MONTH_FIRST, False
    return "", either > 0
