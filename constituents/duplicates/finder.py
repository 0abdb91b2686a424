"""The finder: fed with records in any number of chunks, it learns what they are like and yields pairs that match."""

from __future__ import annotations

import random
from collections.abc import Generator, Iterable, Iterator
from itertools import islice

from constituents.duplicates.blocking import keys
from constituents.duplicates.comparisons import Seen, compare
from constituents.duplicates.fitting import fit
from constituents.duplicates.frequencies import Frequencies
from constituents.duplicates.judging import Judge, Judged, Scored, Stretch, alone, with_helpers
from constituents.duplicates.scratch import Scratch
from constituents.duplicates.traits import Traits
from constituents.duplicates.weights import Weights
from core.spreading import processors

# Enough random pairs to see what one in ten thousand does, enough candidates to see a hundred duplicates.
_RANDOM_RECORDS, _RANDOM_PAIRS = 3_000, 40_000
_SAMPLED_CANDIDATES = 30_000
_SAMPLED_AT_A_TIME = 50
_STRETCH = 2_000
# From so many records on helpers are worth their start.
_MANY = 20_000


class Finder:
    """Add records, `prepare`, then ask for the pairs of each stretch of records."""

    def __init__(self) -> None:
        self.frequencies = Frequencies()
        self.weights = Weights(self.frequencies)
        self.scratch = Scratch()
        self.compared = 0
        self.judge = Judge(self.weights, set())

    def add(self, records: Iterable[Traits]) -> None:
        """Take in records, each once."""
        records = list(records)
        for record in records:
            self.frequencies.add(record)
        self.scratch.add((record, keys(record)) for record in records)

    def prepare(self) -> None:
        """Learn from all the records how common each value is, what agreeing says and how many duplicates to expect."""
        self.scratch.arrange()
        self.judge = Judge(self.weights, self.frequencies.placeholders())
        self.frequencies.forget_single()
        records = [self.judge.clean(record) for record in self.scratch.sample(_RANDOM_RECORDS)]
        # Always the same choice: a scan that goes on after a kill must weigh as it did before.
        choice = random.Random(len(records))  # noqa: S311 - no secret
        if len(records) > 1:
            count = min(_RANDOM_PAIRS, 20 * len(records))
            self.weights.learn_chance(compare(*choice.sample(records, 2)) for _ in range(count))
        sample, share = self._candidates(choice)
        if sample:
            fit(self.weights, sample, share=share)

    def _candidates(self, choice: random.Random) -> tuple[list[list[Seen]], float]:
        """Return what is seen of a sample of the candidate pairs, and which share of them it is."""
        ids = self.scratch.sampled_ids(20_000)
        choice.shuffle(ids)
        sample: list[list[Seen]] = []
        asked = 0
        waiting = iter(ids)
        while len(sample) < _SAMPLED_CANDIDATES and (some := list(islice(waiting, _SAMPLED_AT_A_TIME))):
            asked += len(some)
            pairs = self.scratch.pairs_of_lower(some)
            records = self._records(pairs)
            sample += [compare(records[one], records[other]) for one, other in pairs]
        return sample, asked / max(1, self.frequencies.records)

    def stretches(self, after: int = 0, *, among: set[int] | None = None) -> Generator[Judged, None, None]:
        """Yield the records above `after` in stretches, each with its pairs that may match.

        With `among`, only pairs of which one is in that set.
        """
        many = among is None and self.frequencies.records >= _MANY and processors() > 1
        yield from (with_helpers if many else alone)(self.judge, self.candidates(after, among=among))

    def pairs(self, after: int = 0) -> Iterator[Scored]:
        """Yield the pairs that may match whose lower record is above `after`."""
        for _stretch, found in self.stretches(after):
            yield from found

    def candidates(self, after: int = 0, *, among: set[int] | None = None) -> Iterator[Stretch]:
        """Yield the records above `after` in stretches, each with its candidate pairs, not yet judged."""
        while ids := self.scratch.ids(after, _STRETCH):
            pairs = self.scratch.pairs(after, ids[-1])
            if among is not None:
                pairs = [pair for pair in pairs if pair[0] in among or pair[1] in among]
            self.compared += len(pairs)
            after = ids[-1]
            yield Stretch(after, len(ids), pairs, self.scratch.packed(pk for pair in pairs for pk in pair))

    def of(self, pair: tuple[int, int]) -> Scored:
        """Return what there is to say of one pair, candidate or not."""
        records = self._records([pair])
        return self.judge.of(records[pair[0]], records[pair[1]])

    def digests(self, pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], str]:
        """Return, for each pair, a print of all that is compared of it."""
        pairs = list(pairs)
        prints = {pk: record.digest for pk, record in self.scratch.records(pk for pair in pairs for pk in pair).items()}
        return {pair: prints[pair[0]] + prints[pair[1]] for pair in pairs}

    def _records(self, pairs: Iterable[tuple[int, int]]) -> dict[int, Traits]:
        found = self.scratch.records(pk for pair in pairs for pk in pair)
        return {pk: self.judge.clean(record) for pk, record in found.items()}

    def close(self) -> None:
        """Throw the scratch disk away."""
        self.scratch.close()

    def __enter__(self) -> Finder:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def finder_of(records: Iterable[Traits]) -> Finder:
    """Return a finder that has read records held in memory and learned from them."""
    finder = Finder()
    finder.add(records)
    finder.prepare()
    return finder
