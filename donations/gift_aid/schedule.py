"""HMRC's schedule: what stands in each row, cell by cell, or what has to be mended before it can.

Sources: gov.uk, Schedule spreadsheet to claim back tax on Gift Aid donations (as of November 2025); the checks of
HMRC's own reader, charities-claims-validation, which is published: titles of two to four letters, names of at most 35
characters, houses of at most 40, a postcode or X for a home abroad, only Western letters, aggregated rows without names
and of at most 1,000 pounds.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from anyascii import anyascii
from django.utils.translation import gettext as _

from constituents.models import Constituent
from core.clock import fiscal_year
from donations.gift_aid import postcodes
from donations.models import ClaimLine, GiftAidDeclaration, Grouping

NAME_LENGTH = 35
HOUSE_LENGTH = 40
AGGREGATED_LENGTH = 35
ABROAD = "X"
MOST_AGGREGATED = Decimal(1_000)
# What counts as a small gift, by the first day it did, the newest first.
_SMALL = ((dt.date(2019, 4, 6), Decimal(30)), (dt.date(2013, 4, 6), Decimal(20)))
_TITLE = re.compile(r"[A-Za-z][A-Za-z'-]{1,3}")
# Longer titles as they are shortened; any other that does not fit is left out, as HMRC allows.
_SHORT_TITLES = {
    "captain": "Capt",
    "colonel": "Col",
    "doctor": "Dr",
    "father": "Fr",
    "major": "Maj",
    "mister": "Mr",
    "professor": "Prof",
    "reverend": "Rev",
    "sister": "Sr",
}


@dataclass(frozen=True, slots=True)
class Mend:
    """What keeps a gift out of the schedule, in a sentence that names the donor and what to mend."""

    line: ClaimLine
    person: Constituent
    message: str

    @classmethod
    def of(cls, line: ClaimLine) -> Mend:
        """Return what is to be mended for this gift."""
        return cls(line, line.declaration.donor, what_to_mend(line))


@dataclass(slots=True)
class ScheduleRow:
    """One row as it will be sent; `lines` are the gifts it stands for."""

    donated_on: dt.date
    amount: Decimal
    title: str = ""
    first_name: str = ""
    last_name: str = ""
    house: str = ""
    postcode: str = ""
    aggregated: str = ""
    lines: list[ClaimLine] = field(default_factory=list)
    file_number: int = 0
    item: int = 0


@dataclass(frozen=True, slots=True)
class Schedule:
    """The rows of a claim, numbered file by file, and what could not be put into any."""

    rows: list[ScheduleRow]
    mends: list[Mend]

    @property
    def files(self) -> list[list[ScheduleRow]]:
        """The rows of each file."""
        return [list(rows) for _number, rows in groupby(self.rows, key=lambda row: row.file_number)]

    @property
    def amount(self) -> Decimal:
        """What all rows add up to."""
        return sum((row.amount for row in self.rows), Decimal(0))


def western(text: str) -> str:
    """Return the text in the letters HMRC's reader keeps, spaces closed up: `Łukasz` would lose its first letter."""
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(sign if _is_western(sign) else anyascii(sign) for sign in composed)
    return " ".join("".join(sign if _is_western(sign) else " " for sign in kept).split())


def _is_western(sign: str) -> bool:
    return " " <= sign <= "~" or "\xa1" <= sign <= "\xff"


def title_of(title: str) -> str:
    """Return the title in at most four letters, without dots; empty where it cannot be shortened."""
    bare = western(title).replace(".", "").strip()
    short = _SHORT_TITLES.get(bare.lower(), bare)
    return short if _TITLE.fullmatch(short) else ""


def first_name_of(person: Constituent) -> str:
    """Return the first name as the schedule has it."""
    return _cut(western(person.given_name or person.preferred_name).replace("-", " "), NAME_LENGTH)


def last_name_of(person: Constituent) -> str:
    """Return the family name: a space for the hyphen of a double-barrelled one."""
    return _cut(western(person.family_name).replace("-", " "), NAME_LENGTH)


def house_of(declaration: GiftAidDeclaration) -> str:
    """Return the house name or number, cut where an address abroad is longer than the cell."""
    return _cut(western(declaration.house), HOUSE_LENGTH)


def postcode_of(declaration: GiftAidDeclaration) -> str:
    """Return the postcode in capitals with its space, or X for a home abroad."""
    return ABROAD if declaration.is_abroad else postcodes.written(declaration.postcode)


def _cut(text: str, length: int) -> str:
    return " ".join(text[:length].split())


def what_to_mend(line: ClaimLine) -> str:
    """Return what has to be mended before this gift can stand in the schedule; empty when nothing has."""
    declaration = line.declaration
    person = declaration.donor
    named = {"donor": person.display_name}
    if declaration.waits_for_record:
        return _("%(donor)s: declared by word of mouth. Send them the written record, then note the day.") % named
    if not first_name_of(person):
        return _("%(donor)s: the first name is missing. Add it, or its initial, on their record.") % named
    if not last_name_of(person):
        return _("%(donor)s: the family name is missing. Add it on their record.") % named
    if not house_of(declaration):
        return _("%(donor)s: the house name or number is missing. Complete the declaration.") % named
    if not declaration.is_abroad and not postcodes.is_valid(declaration.postcode):
        return _("%(donor)s: the postcode is missing or none of the United Kingdom. Mend the declaration.") % named
    return ""


def is_small(amount: Decimal, given_on: dt.date) -> bool:
    """Return whether a gift is small enough to be added to others in one row."""
    return amount <= next((most for since, most in _SMALL if since <= given_on), Decimal(0))


def schedule_of(lines: Iterable[ClaimLine], *, grouping: str, aggregates: bool, rows_per_file: int) -> Schedule:
    """Return the schedule over these gifts; gift, declaration and its donor are best loaded with them."""
    sound: list[ClaimLine] = []
    mends: list[Mend] = []
    for line in lines:
        if what_to_mend(line):
            mends.append(Mend.of(line))
        else:
            sound.append(line)
    small = [line for line in sound if aggregates and is_small(line.amount, line.gift.received_on)]
    together = list(_aggregated(small))
    added = {id(line) for row in together for line in row.lines}
    alone = [line for line in sound if id(line) not in added]
    rows = list(_by_donor(alone) if grouping == Grouping.DONOR else map(_row, alone))
    rows = _numbered([*rows, *together], rows_per_file)
    return Schedule(rows, mends)


def _row(*lines: ClaimLine) -> ScheduleRow:
    declaration = lines[0].declaration
    person = declaration.donor
    return ScheduleRow(
        donated_on=max(line.gift.received_on for line in lines),
        amount=sum((line.amount for line in lines), Decimal(0)),
        title=title_of(person.title),
        first_name=first_name_of(person),
        last_name=last_name_of(person),
        house=house_of(declaration),
        postcode=postcode_of(declaration),
        lines=list(lines),
    )


def _by_donor(lines: Sequence[ClaimLine]) -> Iterator[ScheduleRow]:
    """One row for all gifts of a donor in a financial year: HMRC wants accounting periods apart."""

    def place(line: ClaimLine) -> tuple[str, int, int]:
        donor = line.declaration.donor
        return donor.sort_name, donor.pk, fiscal_year(line.gift.received_on)

    for _place, group in groupby(sorted(lines, key=lambda line: (*place(line), line.gift.received_on)), key=place):
        yield _row(*group)


def _aggregated(lines: Sequence[ClaimLine]) -> Iterator[ScheduleRow]:
    """Add small gifts of several donors together, each row within one financial year and at most 1,000 pounds."""

    def place(line: ClaimLine) -> tuple[int, dt.date, int]:
        return fiscal_year(line.gift.received_on), line.gift.received_on, line.gift_id

    for year, group in groupby(sorted(lines, key=place), key=lambda line: place(line)[0]):
        for part in _packed(list(group)):
            # A row of one donor alone keeps the name.
            if len({line.declaration.donor_id for line in part}) > 1:
                yield ScheduleRow(
                    donated_on=max(line.gift.received_on for line in part),
                    amount=sum((line.amount for line in part), Decimal(0)),
                    aggregated=_cut(western(_("Small donations %(year)s") % {"year": year}), AGGREGATED_LENGTH),
                    lines=part,
                )


def _packed(lines: Sequence[ClaimLine]) -> Iterator[list[ClaimLine]]:
    part: list[ClaimLine] = []
    for line in lines:
        if part and sum((other.amount for other in part), line.amount) > MOST_AGGREGATED:
            yield part
            part = []
        part.append(line)
    if part:
        yield part


def _numbered(rows: list[ScheduleRow], rows_per_file: int) -> list[ScheduleRow]:
    for place, row in enumerate(rows):
        row.file_number, row.item = place // rows_per_file + 1, place % rows_per_file + 1
    return rows
