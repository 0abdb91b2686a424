"""Keeping what a scan finds: pairs are written as they come, groups are drawn at the end, the rest is dropped."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from constituents.duplicates.clusters import Pair, groups
from constituents.duplicates.finder import Finder
from constituents.duplicates.judging import Scored
from constituents.duplicates.reasons import LINKED, codes
from constituents.duplicates.weights import POSSIBLE
from constituents.models import Constituent, DuplicatePair, DuplicateScan, Likeness, PairState
from core import clock
from core.spreading import batched

_BITS = math.log(2)
_LOUDEST = 600.0
_AT_ONCE = 500
_WRITTEN = (
    "likeness", "score", "weight", "reasons", "compared", "group", "state", "found_at", "scan",
    "decided_at", "decided_by",
)  # fmt: skip


def keep(found: Iterable[Scored], *, scan: DuplicateScan, finder: Finder) -> None:
    """Write pairs down. One that was decided on stays decided while nothing that was compared has changed."""
    for some in batched(found, _AT_ONCE):
        firsts, seconds = ({scored.pair[place] for scored in some} for place in (0, 1))
        known = {
            (pair.first_id, pair.second_id): pair
            for pair in DuplicatePair.objects.filter(first__in=firsts, second__in=seconds)
        }
        digests = finder.digests([scored.pair for scored in some])
        # Somebody taken off the records while the scan runs takes their pairs along.
        there = set(Constituent.objects.current().filter(pk__in=firsts | seconds).values_list("pk", flat=True))
        rows = [
            _row(scored, scan=scan, digest=digests[scored.pair], known=known.get(scored.pair))
            for scored in some
            if _is_open(known.get(scored.pair), digests[scored.pair]) and there.issuperset(scored.pair)
        ]
        DuplicatePair.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["first", "second"], update_fields=_WRITTEN
        )


def _is_open(pair: DuplicatePair | None, digest: str) -> bool:
    return pair is None or pair.state == PairState.OPEN or pair.compared != digest


def _row(scored: Scored, *, scan: DuplicateScan, digest: str, known: DuplicatePair | None) -> DuplicatePair:
    evidence = max(-_LOUDEST, min(_LOUDEST, scored.evidence))
    likeness = Likeness.LIKELY if evidence > 0 else Likeness.POSSIBLE
    return DuplicatePair(
        first_id=scored.pair[0],
        second_id=scored.pair[1],
        likeness=Likeness.CERTAIN if scored.certain else likeness,
        score=Decimal(1 / (1 + math.exp(-evidence))).quantize(Decimal("0.000001")),
        weight=Decimal(evidence / _BITS).quantize(Decimal("0.01")),
        reasons=codes(scored.seen),
        compared=digest,
        group=scored.pair[0],
        found_at=known.found_at if known else clock.now(),
        scan=scan,
    )


@transaction.atomic
def finish(scan: DuplicateScan, *, finder: Finder, among: set[int] | None) -> None:
    """Draw the groups, write down the pairs they bring along, and drop open pairs that no longer look alike."""
    _drop_stale(scan, among)
    links = {
        (first, second): float(weight) * _BITS
        for first, second, weight in DuplicatePair.objects.to_decide()
        .filter(weight__gt=0)
        .values_list("first_id", "second_id", "weight")
    }
    told_apart = set(DuplicatePair.objects.dismissed().values_list("first_id", "second_id"))
    drawn = groups(links.items(), lambda pair: -math.inf if pair in told_apart else finder.of(pair).evidence)
    inside = {pair: group[0] for group in drawn for pair in itertools.combinations(group, 2)}
    keep((finder.of(pair) for pair in sorted(inside.keys() - links.keys())), scan=scan, finder=finder)
    _write_groups(inside)
    scan.found = number_found()
    scan.save(update_fields=["found"])


def number_found() -> int:
    """Return how many pairs wait for a decision that are more than possible."""
    return DuplicatePair.objects.to_decide().exclude(likeness=Likeness.POSSIBLE).count()


def _drop_stale(scan: DuplicateScan, among: set[int] | None) -> None:
    stale = DuplicatePair.objects.filter(state=PairState.OPEN).exclude(scan=scan)
    if among is None:
        stale.delete()
        return
    for some in batched(sorted(among), _AT_ONCE):
        stale.filter(Q(first__in=some) | Q(second__in=some)).delete()


def _write_groups(inside: dict[Pair, int]) -> None:
    """Give each open pair its group; one that the rest of the evidence keeps out of any is no more than possible."""
    changed = []
    for pair in DuplicatePair.objects.to_decide().iterator():
        group = inside.get((pair.first_id, pair.second_id))
        reasons = [code for code in pair.reasons if code != LINKED]
        if group is None:
            likeness = Likeness.POSSIBLE
        else:
            likeness = Likeness(pair.likeness) if pair.likeness == Likeness.CERTAIN else Likeness.LIKELY
            reasons = reasons if pair.weight > 0 else [LINKED, *reasons]
        wanted = (likeness, group or pair.first_id, reasons)
        if (pair.likeness, pair.group, pair.reasons) != wanted:
            pair.likeness, pair.group, pair.reasons = wanted
            changed.append(pair)
    DuplicatePair.objects.bulk_update(changed, ["likeness", "group", "reasons"], batch_size=_AT_ONCE)
    hopeless = Decimal(POSSIBLE / _BITS).quantize(Decimal("0.01"))
    DuplicatePair.objects.to_decide().filter(likeness=Likeness.POSSIBLE, weight__lt=hopeless).delete()
