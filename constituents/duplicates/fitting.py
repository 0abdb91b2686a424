"""Learning from the records themselves how many are duplicates and what each field is worth, without any labels.

What a person's names, birth date and address are worth is fixed. A field staff defined starts knowing next to nothing,
and is judged by the pairs that the rest speaks for: an id that identifies comes to count fully, a number given anew to
every row not at all.
"""

from __future__ import annotations

import math
from collections import defaultdict

from constituents.duplicates.comparisons import SAME, Seen
from constituents.duplicates.weights import KIN_UNKNOWN, SAME_PERSON, UNKNOWN, Readings, Weights

_ROUNDS, _STEPS = 4, 12
# As how many observed pairs the starting values of a field staff defined count.
_TRUST, _TRUST_KIN = 12, 2
# However clean the records look, expect this share of them to be recorded twice, and to have a relative on record.
_LEAST_SAME, _LEAST_FAMILY = 0.002, 0.01
_NEGLIGIBLE = 1e-7


def fit(weights: Weights, sample: list[list[Seen]], *, share: float) -> None:
    """Fit the weights to a sample of the candidate pairs, which is `share` of them all."""
    records = max(weights.frequencies.records, 2)
    pairs = records * (records - 1) / 2
    weights.share_same = weights.share_family = 0.05 * records / pairs
    odds = [_odds(weights.readings(seen)) for seen in sample]
    # The many that are certainly two strangers have nothing to teach.
    known = _read(weights, odds)
    sample = [seen for seen, chance in zip(sample, known, strict=True) if sum(chance) > _NEGLIGIBLE]
    for _ in range(_ROUNDS):
        odds = [_odds(weights.readings(seen)) for seen in sample]
        for _ in range(_STEPS):
            chances = _read(weights, odds)
            same, family = (sum(chance[kind] for chance in chances) / share for kind in (0, 1))
            weights.share_same = min(0.3, max(same, _LEAST_SAME * records) / pairs)
            weights.share_family = min(0.3, max(family, _LEAST_FAMILY * records) / pairs)
        _learn_fields(weights, sample, chances)


def _odds(reading: Readings) -> Readings:
    """Return a reading's probabilities as multiples of the likeliest."""
    top = max(reading)
    return Readings(*(math.exp(each - top) for each in reading))


def _read(weights: Weights, odds: list[Readings]) -> list[tuple[float, float]]:
    """Return how probable it is that each is one constituent, and that each is family."""
    of_same, of_family = weights.share_same, weights.share_family
    of_chance = 1 - of_same - of_family
    read = []
    for same, family, chance in odds:
        same *= of_same
        family *= of_family
        total = same + family + chance * of_chance
        read.append((same / total, family / total))
    return read


def _learn_fields(weights: Weights, sample: list[list[Seen]], chances: list[tuple[float, float]]) -> None:
    """Learn what the fields staff defined are worth from the pairs all other fields speak for."""
    levels: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    related: defaultdict[str, float] = defaultdict(float)
    shared: defaultdict[str, float] = defaultdict(float)
    for seen, (same, family) in zip(sample, chances, strict=True):
        for name, level, _ in seen:
            if name not in SAME_PERSON:
                levels[name][level] += same
                related[name] += family
                shared[name] += family * (level == SAME)
    for name, counts in levels.items():
        total = sum(counts.values())
        weights.same[name] = {
            level: (_TRUST * start + counts[level]) / (_TRUST + total) for level, start in UNKNOWN.items()
        }
        weights.kin[name] = (_TRUST_KIN * KIN_UNKNOWN + shared[name]) / (_TRUST_KIN + related[name])
    weights.forget()
