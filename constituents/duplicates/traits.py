"""What two records are compared by, folded and laid out the same way whichever file or form it came from.

Everything here is plain text and numbers, so that the comparing needs no database and a million records fit on a
scratch disk. An empty text (or 0 in a date) means nobody told us: it counts neither for nor against.
"""

from __future__ import annotations

import hashlib
import marshal
import re
from functools import lru_cache
from typing import NamedTuple, Self

from constituents.folding import digits, fold


class Birth(NamedTuple):
    """A birth date of which any part may be unknown (0)."""

    year: int = 0
    month: int = 0
    day: int = 0

    @property
    def figures(self) -> str:
        """The date as eight figures, year first."""
        return f"{self.year:04}{self.month:02}{self.day:02}"

    @property
    def is_whole(self) -> bool:
        """Whether day, month and year are all known."""
        return bool(self.year and self.month and self.day)


UNKNOWN_BIRTH = Birth()


class Place(NamedTuple):
    """One postal address in parts; the number stands apart from its street."""

    number: str = ""
    street: str = ""
    extra: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""


class Traits(NamedTuple):
    """One record as the comparisons see it."""

    pk: int
    is_person: bool = True
    given: tuple[str, ...] = ()
    middle: str = ""
    family: tuple[str, ...] = ()
    suffix: str = ""
    birth: Birth = UNKNOWN_BIRTH
    organisation: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    customs: tuple[tuple[str, str], ...] = ()

    def packed(self) -> bytes:
        """Return the traits in the few bytes the scratch disk keeps; `unpacked` is the way back."""
        plain = self._replace(birth=tuple(self.birth), places=tuple(map(tuple, self.places)))  # type: ignore[arg-type]
        return marshal.dumps(tuple(plain))

    @classmethod
    def unpacked(cls, packed: bytes) -> Self:
        """Return what `packed` kept. Only ever read from a scratch disk this process wrote itself."""
        pk, is_person, given, middle, family, suffix, birth, *rest, places, customs = marshal.loads(packed)  # noqa: S302
        homes = tuple(map(Place._make, places))
        return cls._make(
            (pk, is_person, given, middle, family, suffix, Birth._make(birth), *rest, homes, customs),
        )

    @property
    def digest(self) -> str:
        """A short print of all that is compared: it changes when, and only when, one of the traits does."""
        return hashlib.blake2b(repr(self[1:]).encode(), digest_size=8).hexdigest()


# "12b/4 Long Street", "Long Street 12 b", "Flat 3, 12 Long Street"
_NUMBER = re.compile(r"\b\d+(?: ?[a-z])?\b")
_STREET_WORDS = {
    "st": "street", "str": "street", "strasse": "street", "rd": "road", "ave": "avenue", "av": "avenue",
    "ln": "lane", "dr": "drive", "blvd": "boulevard", "bvd": "boulevard", "pl": "place", "crt": "court",
    "ct": "court", "cr": "crescent", "cres": "crescent", "cct": "circuit", "sq": "square", "hwy": "highway",
    "tce": "terrace", "ter": "terrace", "pde": "parade", "gr": "grove", "cl": "close", "n": "north", "s": "south",
    "e": "east", "w": "west",
}  # fmt: skip
_FORMS = (
    "ltd limited plc llc llp inc incorporated corp corporation co company cic cio the gmbh mbh ag kg ohg ug ev "
    "eingetragener verein sa sarl sas sl srl spa bv nv ab as oy aps pty"
)
_LEGAL_FORMS = frozenset(_FORMS.split())
# What people type where they have nothing to say.
_PLACEHOLDERS = frozenset(
    {
        *("na", "n a", "none", "null", "nil", "nan", "unknown", "anonymous", "anon", "test", "tbc", "tbd", "tba"),
        *("missing", "not given", "not known", "not provided", "no name", "x", "xx", "xxx", "xxxx"),
    }
)


@lru_cache(maxsize=50_000)
def words(text: str) -> str:
    """Return a folded text, or nothing where somebody typed a word for nothing (`n/a`, `unknown`, `-`)."""
    folded = fold(text).replace(".", " ").replace("+", " ")
    folded = " ".join(folded.split())
    return "" if folded in _PLACEHOLDERS else folded


def street_and_number(street: str, number: str = "") -> tuple[str, str]:
    """Return a street without its number, usual short forms written out, and the number."""
    folded = words(street)
    if not number and (found := _NUMBER.search(folded)):
        number = found.group()
        folded = folded[: found.start()] + " " + folded[found.end() :]
    if folded.endswith(("strasse", "str")):
        folded = folded.removesuffix("strasse").removesuffix("str") + " street"
    return " ".join(_STREET_WORDS.get(word, word) for word in folded.split()), words(number).replace(" ", "")


def organisation_words(name: str) -> str:
    """Return an organisation's name folded and without its legal form."""
    folded = words(name.replace("&", " and "))
    kept = [word for word in folded.split() if word not in _LEGAL_FORMS and word != "and"]
    return " ".join(kept) or folded


def phone_digits(number: str) -> str:
    """Return the nine digits a number ends with: the same with and without a country code."""
    figures = digits(number)
    return figures[-9:].lstrip("0") if len(figures) >= 6 and len(set(figures)) > 2 else ""
