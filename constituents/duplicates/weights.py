"""What it says that two records agree, or do not: the Fellegi-Sunter model with three readings of a pair.

A pair is read as ONE constituent recorded twice, as two of a FAMILY (same name, same address, another person), or as
two by CHANCE. For each reading every level of every comparison has a probability:

- one constituent: fixed, from how people mistype, move and marry (`SAME_PERSON`);
- family: fixed (`FAMILY`), and as by chance for what relatives do not share;
- chance: from the data: the share of the value agreed on, and for the other levels how often a random pair is there.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from constituents.duplicates.comparisons import (
    DIFFERENT,
    GENERATION,
    INITIAL,
    NEAR,
    NICKNAME,
    ONE_DIGIT,
    ONE_PART,
    PART,
    SAME,
    SIMILAR,
    SWAPPED,
    TWO_DIGITS,
    TWO_PARTS,
    Seen,
)  # fmt: skip
from constituents.duplicates.frequencies import Frequencies

# How one person's two records agree. Each row sums to one; names are swapped together, the given name says how often.
SAME_PERSON: dict[str, dict[str, float]] = {
    "given": {
        SAME: 0.76,
        NICKNAME: 0.04,
        NEAR: 0.10,
        PART: 0.02,
        SIMILAR: 0.03,
        INITIAL: 0.01,
        SWAPPED: 0.01,
        DIFFERENT: 0.03,
    },
    "family": {SAME: 0.80, NEAR: 0.10, PART: 0.015, SIMILAR: 0.03, DIFFERENT: 0.055, SWAPPED: 0.9},
    "middle": {SAME: 0.70, NICKNAME: 0.02, NEAR: 0.08, PART: 0.02, SIMILAR: 0.03, INITIAL: 0.10, DIFFERENT: 0.05},
    "suffix": {SAME: 0.98, DIFFERENT: 0.02},
    "birth": {
        SAME: 0.85,
        SWAPPED: 0.02,
        ONE_DIGIT: 0.06,
        TWO_PARTS: 0.02,
        TWO_DIGITS: 0.02,
        ONE_PART: 0.01,
        DIFFERENT: 0.01,
        GENERATION: 0.01,
    },
    "birth_year": {SAME: 0.93, NEAR: 0.03, DIFFERENT: 0.03, GENERATION: 0.01},
    "birth_day": {SAME: 0.95, DIFFERENT: 0.05},
    "organisation": {SAME: 0.62, NEAR: 0.13, PART: 0.13, SIMILAR: 0.06, DIFFERENT: 0.06},
    "email": {SAME: 0.60, NEAR: 0.06, PART: 0.06, DIFFERENT: 0.28},
    "phone": {SAME: 0.60, NEAR: 0.07, SIMILAR: 0.03, DIFFERENT: 0.30},
    "street": {SAME: 0.80, NEAR: 0.11, SIMILAR: 0.05, DIFFERENT: 0.04},
    "number": {SAME: 0.86, NEAR: 0.03, SIMILAR: 0.01, DIFFERENT: 0.10},
    "extra": {SAME: 0.74, NEAR: 0.10, SIMILAR: 0.05, DIFFERENT: 0.11},
    "city": {SAME: 0.82, NEAR: 0.09, SIMILAR: 0.04, DIFFERENT: 0.05},
    "postcode": {SAME: 0.86, NEAR: 0.08, SIMILAR: 0.02, DIFFERENT: 0.04},
    "town": {SAME: 0.70},
    "region": {SAME: 0.92, NEAR: 0.03, SIMILAR: 0.01, DIFFERENT: 0.04},
}
# A field staff defined: what it is worth shows in the data.
UNKNOWN = {SAME: 0.85, NEAR: 0.06, SIMILAR: 0.02, DIFFERENT: 0.07}

# Where relatives differ from strangers: the share of pairs that agree because they are related.
KIN = {
    "family": 0.75, "given": 0.02, "middle": 0.02, "birth": 0.015, "birth_year": 0.03, "phone": 0.5, "email": 0.1,
    "street": 0.9, "number": 0.9, "extra": 0.9, "city": 0.9, "postcode": 0.9, "town": 0.9, "region": 0.9,
    "organisation": 0.0,
}  # fmt: skip
KIN_UNKNOWN = 0.2

# From this evidence on (natural logarithm of the odds) a pair is worth a look: one in five is a duplicate.
POSSIBLE = -1.4

PLACE = frozenset({"street", "number", "extra", "city", "postcode", "town", "region"})
# How often two strangers usually stand on a level, and as how many pairs that counts.
USUAL = {
    SAME: 0.004, NICKNAME: 0.002, NEAR: 0.002, PART: 0.002, SIMILAR: 0.008, INITIAL: 0.02, SWAPPED: 0.0002,
    ONE_DIGIT: 0.0005, TWO_PARTS: 0.003, TWO_DIGITS: 0.003, ONE_PART: 0.012, DIFFERENT: 0.9, GENERATION: 0.5,
}  # fmt: skip
_TRUST_USUAL = 100
# The probability of a level no table names.
RARE = 0.003
# Of one person's two records, the share whose addresses have nothing to do with each other: people move.
MOVED = 0.12
# So many different things seen are remembered with what they say; then begin anew.
_REMEMBERED = 100_000


class Readings(NamedTuple):
    """How probable what was seen is, under each reading (natural logarithms)."""

    same: float
    family: float
    chance: float


@dataclass
class Weights:
    """The probabilities of one set of records."""

    frequencies: Frequencies
    chance: dict[str, dict[str, float]] = field(default_factory=dict)
    same: dict[str, dict[str, float]] = field(default_factory=lambda: {k: dict(v) for k, v in SAME_PERSON.items()})
    kin: dict[str, float] = field(default_factory=lambda: dict(KIN))
    #: of all pairs, the share that is one constituent, and the share that is family
    share_same: float = 1e-6
    share_family: float = 1e-6
    #: what each thing seen says, as far as it has been asked
    _known: dict[Seen, Readings] = field(default_factory=dict)

    def learn_chance(self, random_pairs: Iterable[list[Seen]]) -> None:
        """Count how often records picked at random stand on each level; where there are few, lean on what is usual."""
        seen: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for pair in random_pairs:
            for name, level, _ in pair:
                seen[name][level] += 1
        # Of few records the same pairs are picked again and again, the duplicates among them.
        different = self.frequencies.records * (self.frequencies.records - 1) / 2
        for name in {*seen, *self.same}:
            total = sum(seen[name].values())
            told = min(1.0, different / max(total, 1))
            self.chance[name] = {
                level: (seen[name][level] * told + _TRUST_USUAL * USUAL[level]) / (total * told + _TRUST_USUAL)
                for level in self.same.get(name, UNKNOWN)
            }
        self.forget()

    def readings(self, pair: list[Seen]) -> Readings:
        """Return how probable what was seen of a pair is under each reading."""
        same = family = chance = place_same = place_chance = 0.0
        for seen in pair:
            of_same, of_family, of_chance = self._known.get(seen) or self._said_by(seen)
            if seen[0] in PLACE:
                place_same += of_same
                place_chance += of_chance
            else:
                same += of_same
            chance += of_chance
            family += of_family
        if place_chance:
            same += math.log((1 - MOVED) * math.exp(place_same) + MOVED * math.exp(place_chance))
        return Readings(same, family, chance)

    def _said_by(self, seen: Seen) -> Readings:
        name, level, value = seen
        same = self.same.get(name, UNKNOWN).get(level, RARE)
        chance = self._by_chance(name, level, value)
        kin = self.kin.get(name, KIN_UNKNOWN)
        # What relatives share they share as one person would; the rest is as with strangers.
        said = Readings(math.log(same), math.log(kin * same + (1 - kin) * chance), math.log(chance))
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[seen] = said
        return said

    def forget(self) -> None:
        """Ask anew what each thing seen says: the probabilities have changed."""
        self._known.clear()

    def _by_chance(self, name: str, level: str, value: str) -> float:
        if value and level == SAME:
            return self.frequencies.share(name, value)
        if value and level == SWAPPED:
            return self.frequencies.share("family" if name == "given" else "given", value)
        return self.chance.get(name, {}).get(level, RARE)

    def evidence(self, readings: Readings) -> float:
        """Return the natural logarithm of the odds that the pair is one constituent."""
        family = math.log(self.share_family) + readings.family
        chance = math.log(1 - self.share_same - self.share_family) + readings.chance
        most = max(family, chance)
        other = most + math.log(math.exp(family - most) + math.exp(chance - most))
        return math.log(self.share_same) + readings.same - other
