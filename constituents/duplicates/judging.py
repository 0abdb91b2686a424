"""Judging candidate pairs, a stretch of records at a time; where there are many, on several processors at once.

A helper is a process of its own that knows neither Django nor the database: it is sent what was learned once, then
stretches of records as the scratch disk packed them, and sends back the few pairs that are worth a look.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import NamedTuple

from constituents.duplicates.certainty import is_certain
from constituents.duplicates.comparisons import Seen, compare
from constituents.duplicates.traits import Birth, Traits
from constituents.duplicates.weights import POSSIBLE, Weights
from core.spreading import spread

# Two take the load off a scan; more would take the processors from those who work meanwhile.
_HELPERS = 2


class Scored(NamedTuple):
    """A pair that may be one constituent."""

    pair: tuple[int, int]
    evidence: float
    seen: list[Seen]
    certain: bool


class Stretch(NamedTuple):
    """The candidate pairs whose lower record is one of some that follow each other, up to the `last`."""

    last: int
    records: int
    pairs: list[tuple[int, int]]
    packed: dict[int, bytes]


Judged = tuple[Stretch, list[Scored]]


class Judge:
    """What was learned of the records, put to use on a pair."""

    def __init__(self, weights: Weights, placeholders: set[tuple[str, str]]) -> None:
        self.weights = weights
        self.placeholders = placeholders

    def of(self, one: Traits, other: Traits) -> Scored:
        """Return what there is to say of two records."""
        seen = compare(one, other)
        evidence = self.weights.evidence(self.weights.readings(seen))
        certain = evidence > 0 and is_certain(seen, self.weights.frequencies)
        return Scored((one.pk, other.pk), evidence, seen, certain)

    def worth_a_look(self, stretch: Stretch) -> list[Scored]:
        """Return the pairs of a stretch that may be one constituent."""
        records = {pk: self.clean(Traits.unpacked(packed)) for pk, packed in stretch.packed.items()}
        judged = (self.of(records[one], records[other]) for one, other in stretch.pairs)
        return [scored for scored in judged if scored.evidence > POSSIBLE]

    def clean(self, record: Traits) -> Traits:
        """Return the record without what was typed for nothing."""
        if not self.placeholders:
            return record

        def kept(field: str, values: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(value for value in values if (field, value) not in self.placeholders)

        is_nobodys = ("birth", record.birth.figures) in self.placeholders
        return record._replace(
            given=kept("given", record.given),
            family=kept("family", record.family),
            emails=kept("email", record.emails),
            phones=kept("phone", record.phones),
            birth=Birth() if is_nobodys else record.birth,
        )


def alone(judge: Judge, stretches: Iterable[Stretch]) -> Generator[Judged, None, None]:
    """Judge stretches one after the other."""
    for stretch in stretches:
        yield stretch, judge.worth_a_look(stretch)


def with_helpers(judge: Judge, stretches: Iterable[Stretch]) -> Generator[Judged, None, None]:
    """Judge stretches on several processors; they come back in order, and only a few are under way at any time."""
    return spread(_help, stretches, helpers=_HELPERS, prepare=_instruct, told=(judge,))


_instructed: list[Judge] = []


def _instruct(judge: Judge) -> None:
    _instructed[:] = [judge]


def _help(stretch: Stretch) -> list[Scored]:
    return _instructed[0].worth_a_look(stretch)
