"""Who might already be on record, while somebody new is being typed. Each match says why.

A handful of look-ups on the databases' own indexes bring those worth comparing; the comparisons are the scan's. What an
agreement is worth is fixed here, so that the answer is there before the first scan and the same on every keystroke.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from constituents.duplicates import comparisons, reading
from constituents.duplicates.comparisons import Seen, compare
from constituents.duplicates.reasons import codes, in_words, speaks_against
from constituents.duplicates.traits import UNKNOWN_BIRTH, Birth, Traits, organisation_words, phone_digits, words
from constituents.folding import digits, fold
from constituents.models import Constituent

_SHOWN = 5
_COMPARED = 60
_ENOUGH = 5.0
_POINTS = {
    "email.same": 10, "email.near": 2, "email.part": 2, "phone.same": 7, "phone.near": 2,
    "given.same": 2.5, "given.nickname": 2.5, "given.near": 2, "given.part": 1.5, "given.similar": 1,
    "given.initial": 0.5, "given.swapped": 2, "given.different": -2.5,
    "family.same": 3, "family.near": 2.5, "family.part": 2, "family.similar": 1.5, "family.swapped": 2,
    "family.different": -2.5,
    "birth.same": 4, "birth.swapped": 3, "birth.one_digit": 2, "birth.two_parts": 1, "birth.two_digits": 1,
    "birth.different": -3, "birth.generation": -4, "birth_year.same": 1, "birth_year.different": -2,
    "birth_year.generation": -4, "birth_day.same": 2, "birth_day.different": -2,
    "organisation.same": 6, "organisation.near": 5, "organisation.part": 3, "organisation.similar": 1,
    "organisation.different": -3, "postcode.same": 2, "town.same": 2, "street.same": 2, "street.near": 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LikelyMatch:
    """Someone on record who may be the one being added."""

    constituent: Constituent
    reasons: tuple[str, ...]
    points: float = 0.0

    @property
    def reason(self) -> str:
        """All reasons on one line."""
        return "; ".join(self.reasons)


_TEXTS = ("given_name", "family_name", "organisation_name", "email", "phone", "street", "city", "postal_code")


@dataclass(frozen=True, slots=True)
class Typed:
    """What has been typed so far of somebody new; all of it may still be empty."""

    name: str = ""
    given_name: str = ""
    family_name: str = ""
    organisation_name: str = ""
    email: str = ""
    phone: str = ""
    street: str = ""
    city: str = ""
    postal_code: str = ""
    birth: Birth = UNKNOWN_BIRTH

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Typed:
        """Return what the form for somebody new holds so far, read from its fields by name."""
        texts = {name: str(values.get(name) or "") for name in _TEXTS}
        year, month, day = (str(values.get(f"birth_{part}") or "") for part in ("year", "month", "day"))
        figures = [int(part) if part.isdecimal() and len(part) <= 4 else 0 for part in (year, month, day)]
        return cls(**texts, birth=Birth(*figures))

    @property
    def whole_name(self) -> str:
        """The name as the search box would take it."""
        return (self.name or self.organisation_name or f"{self.given_name} {self.family_name}").strip()

    def traits(self) -> Traits:
        """Return it as the comparisons see it."""
        given, family = self.given_name, self.family_name
        if not (given or family) and self.name:
            given, _space, family = self.name.strip().rpartition(" ")
        place = reading.place(self.street, "", self.city, "", self.postal_code)
        organisation = self.organisation_name or self.name
        return Traits(
            pk=0,
            given=_filled(words(given)),
            family=_filled(words(family)),
            birth=self.birth,
            organisation=_filled(organisation_words(organisation)),
            emails=_filled(self.email.strip().lower()),
            phones=_filled(phone_digits(self.phone)),
            places=(place,) if any(place) else (),
        )


def likely_matches(**typed: Any) -> list[LikelyMatch]:
    """Return the likeliest matches for what has been typed so far (the fields of `Typed`), the surest first."""
    return matches_for(Typed(**typed))


def matches_for(new: Typed) -> list[LikelyMatch]:
    """Return the likeliest matches, the surest first."""
    traits = new.traits()
    ids = list(dict.fromkeys(pk for look in _looks(new) for pk in look))
    scored = []
    for known in reading.records_of(ids):
        seen = compare(traits._replace(is_person=known.is_person), known)
        points = sum(_POINTS.get(f"{field}.{level}", 0) for field, level, _value in seen)
        if points >= _ENOUGH or _has(seen, "email"):
            scored.append((points, known.pk, _why(seen)))
    best = sorted(scored, key=lambda match: (-match[0], match[1]))[:_SHOWN]
    people = Constituent.objects.for_list().in_bulk([pk for _points, pk, _reasons in best])
    return [LikelyMatch(people[pk], reasons, points) for points, pk, reasons in best]


def _looks(new: Typed) -> Iterator[Iterable[int]]:
    """Yield the keys of those worth comparing, by each index that has something to go by."""
    current = Constituent.objects.current().order_by()
    if "@" in new.email:
        yield current.with_email(new.email).values_list("pk", flat=True)[:_COMPARED]
    if len(digits(new.phone)) >= 7:
        yield current.search(new.phone).values_list("pk", flat=True)[:_COMPARED]
    name = new.whole_name
    if len(fold(name).split()) > 1 or new.organisation_name:
        yield [found.constituent.pk for found in current.ranked(name, limit=20)]
    if len(fold(new.postal_code)) >= 4 and name:
        yield current.search(new.postal_code).values_list("pk", flat=True)[:_COMPARED]
    if new.birth.is_whole:
        year, month, day = new.birth
        born = current.filter(birth_year=year, birth_month__in=(month, day), birth_day__in=(month, day))
        yield born.values_list("pk", flat=True)[:_COMPARED]


def _has(seen: list[Seen], field: str) -> bool:
    return any(name == field and level == comparisons.SAME for name, level, _value in seen)


def _why(seen: list[Seen]) -> tuple[str, ...]:
    return tuple(in_words(code for code in codes(seen) if not speaks_against(code)))


def _filled(text: str) -> tuple[str, ...]:
    return (text,) if text else ()
