"""How common each value is: agreeing on a rare one says more. Counted in bounded memory."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator

from constituents.duplicates.traits import Traits

# Beyond this many different values of a field, those seen once or twice are forgotten as they come ("lossy counting"):
# what is left out was rare, and rare is all the weights need to know of it.
_MOST = 250_000
# From so many records on their own counts say how rare a value is.
_MANY = 500
# A value this common, and so many times as common as the next, was typed for nothing: (share of all, times the next).
_SUSPECT = {"birth": (0.003, 5), "given": (0.1, 4), "family": (0.1, 4), "email": (0.01, 5), "phone": (0.01, 5)}


def counted(traits: Traits) -> Iterator[tuple[str, str]]:
    """Yield every (field, value) of a record whose frequency matters."""
    for value in traits.given:
        yield "given", value
    for value in traits.family:
        yield "family", value
    if traits.middle:
        yield "middle", traits.middle
    if traits.suffix:
        yield "suffix", traits.suffix
    for value in traits.organisation:
        yield "organisation", value
    year, month, day = traits.birth
    if year and month and day:
        yield "birth", traits.birth.figures
    if year:
        yield "birth_year", str(year)
    for value in traits.emails:
        yield "email", value
    for value in traits.phones:
        yield "phone", value
    for place in traits.places:
        yield from ((field, value) for field, value in zip(place._fields, place, strict=True) if value)
        if place.city and place.postcode:
            yield "town", f"{place.postcode} {place.city}"
    yield from traits.customs


class Frequencies:
    """Counts of the values of each field."""

    def __init__(self) -> None:
        self.values: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.totals: Counter[str] = Counter()
        self.records = 0

    def add(self, traits: Traits) -> None:
        """Count one record."""
        self.records += 1
        for field, value in counted(traits):
            self.totals[field] += 1
            self.values[field][value] += 1
        if self.records % 10_000 == 0:
            self._forget_rare()

    def _forget_rare(self) -> None:
        for field, values in self.values.items():
            threshold = 1
            while len(values) > _MOST:
                values = Counter({value: count for value, count in values.items() if count > threshold})
                threshold += 1
            self.values[field] = values

    def forget_single(self) -> None:
        """Keep only what was seen twice or more: what is not kept is taken as a single one."""
        for field, values in self.values.items():
            self.values[field] = Counter({value: count for value, count in values.items() if count > 1})

    def share(self, field: str, value: str) -> float:
        """Return the share of filled records with the value; one that was not counted is taken as a single one.

        Two among eight is no quarter of mankind: in few records a value only a pair has is as rare as among many.
        """
        count, total = self.values[field].get(value, 1), max(self.totals[field], 2)
        if total >= _MANY:
            return count / total
        return max(min(count, 2) / _MANY, (count - 2) / total)

    def placeholders(self) -> set[tuple[str, str]]:
        """Return values far too common to be anybody's own: a birth date of half the town, a name typed for nobody."""
        found = set()
        for field, (least_share, times_next) in _SUSPECT.items():
            if len(self.values[field]) < 20 or self.totals[field] < 100:
                continue
            common = self.values[field].most_common(6)
            for place, ((_, count), (_, following)) in enumerate(itertools.pairwise(common), start=1):
                if count >= least_share * self.totals[field] and count >= times_next * following:
                    found |= {(field, value) for value, _ in common[:place]}
        return found
