"""What a whole column says about how its values are written: the order of dates, the decimal mark, its blanks."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

DAY_FIRST = "dmy"
MONTH_FIRST = "mdy"
YEAR_FIRST = "ymd"

_DATE = re.compile(r"^\D*(\d{1,4})[./\-\s](\d{1,2})[./\-\s](\d{1,4})(?:[T\s,].*)?$")


_FIGURES = re.compile(r"^\d{8}$")
_CENTURIES = frozenset({"18", "19", "20"})
_NOBODY = frozenset(
    {"-", "--", "---", "?", ".", "#n/a", "n/a", "\\n", "<na>", "(null)", "<null>", "(none)", "#null!", "nat"}
)
MISSING = _NOBODY | {"na", "null", "none", "nan", "nil"}
"""What programs and people write where there is nothing; some people are called so."""
_RARE, _OFTEN = 0.03, 0.2

# A column nobody knows is taken for more than text only where every value is written one plain way.
_LOOKS_LIKE = {
    "boolean": re.compile(r"^(?:yes|no|y|n|true|false|ja|nein|oui|non)$", re.IGNORECASE),
    "number": re.compile(r"^-?(?:0|[1-9]\d{0,8})(?:\.\d{1,6})?$"),
    "date": re.compile(r"^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$"),
}


@dataclass(frozen=True, slots=True)
class Style:
    """How the file writes what can be written in several ways; empty means it never matters."""

    date_order: str = ""
    decimal_mark: str = ""
    figures: str = YEAR_FIRST
    """The order of dates written in eight figures and nothing else."""
    country: str = ""
    currency: str = ""


@dataclass(slots=True)
class ColumnProfile:
    """Watches every value of a column go by, and says at the end how they are written."""

    filled: int = 0
    day_first: int = 0
    month_first: int = 0
    either: int = 0
    figures: Counter[str] = field(default_factory=Counter)
    """How many dates of eight figures make sense in each order."""
    comma_decimals: int = 0
    dot_decimals: int = 0
    examples: list[str] = field(default_factory=list)
    marks: Counter[str] = field(default_factory=Counter)
    """How often each spelling was seen that may stand for nothing at all."""
    missing: list[str] = field(default_factory=list)
    """The spellings that do, once the whole file was seen."""
    types: set[str] = field(default_factory=lambda: {"boolean", "number", "date"})
    """What every value so far could be."""
    watches_repeats: bool = False
    repeats: int = 0
    seen: set[int] = field(default_factory=set)

    def see(self, text: str) -> bool:
        """Take one value into account; False when it may stand for nothing, and says nothing about the column."""
        if text.lower() in MISSING:
            self.marks[text] += 1
            return False
        self.filled += 1
        if len(self.examples) < 3 and text[:80] not in self.examples:
            self.examples.append(text[:80])
        if self.watches_repeats:
            mark = hash(text)
            self.repeats += mark in self.seen
            self.seen.add(mark)
        return True

    @property
    def frequent_marks(self) -> set[str]:
        """Spellings that fill so much of the column that they can be nobody's name."""
        whole = self.filled + sum(self.marks.values())
        return {mark for mark, times in self.marks.items() if times >= 3 and times > _OFTEN * whole}

    def see_type(self, text: str) -> None:
        """Take one value of a column nobody knows into account: what could it be?"""
        if self.types:
            self.types -= {name for name in self.types if not _LOOKS_LIKE[name].match(text)}

    def see_date(self, text: str) -> None:
        """Take one date into account: 25/12 can only be day first, 12/25 only month first, 3/4 is either."""
        if _FIGURES.match(text):
            self._see_figures(text)
            return
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

    def _see_figures(self, text: str) -> None:
        first, second = int(text[:2]), int(text[2:4])
        if text[:2] in _CENTURIES and 1 <= int(text[4:6]) <= 12 and 1 <= int(text[6:]) <= 31:
            self.figures[YEAR_FIRST] += 1
        if text[4:6] in _CENTURIES:
            self.figures[DAY_FIRST] += 1 <= first <= 31 and 1 <= second <= 12
            self.figures[MONTH_FIRST] += 1 <= first <= 12 and 1 <= second <= 31

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


def date_order(profiles: list[ColumnProfile], *, most_will_do: bool = False) -> tuple[str, bool]:
    """Return the order the date columns of a file share, and whether it must be asked for.

    A file that shows both orders, or only dates that could be either, leaves it open; with `most_will_do` nineteen
    dates in twenty settle it, and the others are mistakes.
    """
    day_first = sum(profile.day_first for profile in profiles)
    month_first = sum(profile.month_first for profile in profiles)
    either = sum(profile.either for profile in profiles)
    if most_will_do and max(day_first, month_first) >= 19 * min(day_first, month_first) > 0:
        return (DAY_FIRST, False) if day_first > month_first else (MONTH_FIRST, False)
    if day_first and month_first:
        return "", True
    if day_first:
        return DAY_FIRST, False
    if month_first:
        return MONTH_FIRST, False
    return "", either > 0


def figures_order(profiles: list[ColumnProfile]) -> str:
    """Return the order in which most dates of eight figures make sense; year first when it is a draw."""
    counts = sum((profile.figures for profile in profiles), Counter[str]())
    return max((YEAR_FIRST, DAY_FIRST, MONTH_FIRST), key=lambda order: counts[order])


def missing_marks(profile: ColumnProfile, proven: set[str], *, is_words: bool) -> list[str]:
    """Return which spellings stand for nothing in a column.

    A dash always does, and `NA` wherever it could not be a value. In a column of words somebody may be called Na or
    Null: there a spelling counts as nothing when the file uses the very same one where no word could stand (`proven`),
    or when it is there too often to be a name.
    """
    whole = profile.filled + sum(profile.marks.values())
    return sorted(
        mark
        for mark, times in profile.marks.items()
        if not is_words or mark.lower() in _NOBODY or mark in proven or (times >= 3 and times > _RARE * whole)
    )
