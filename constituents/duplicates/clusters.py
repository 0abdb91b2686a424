"""From pairs to groups: if one is two and two is three, one is three, unless the whole of the evidence says otherwise.

Pairs are joined strongest first. Two groups come together only when their members, taken all together, look alike: one
weak link never makes one person of two households.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable

Pair = tuple[int, int]

# A pair's evidence counts at most this much for or against, so that one loud pair does not outvote all others.
_LOUDEST = 10.0
# A group larger than this is a dirty value, not a person.
_LARGEST = 50


def groups(links: Iterable[tuple[Pair, float]], evidence: Callable[[Pair], float]) -> list[list[int]]:
    """Return the groups of two or more that links form; `evidence` is asked about pairs that have no link."""
    known = dict(links)
    home: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    for one, other in sorted(known, key=lambda pair: (-known[pair], pair)):
        mine, theirs = home.setdefault(one, one), home.setdefault(other, other)
        members.setdefault(mine, [mine])
        members.setdefault(theirs, [theirs])
        if mine == theirs or len(members[mine]) + len(members[theirs]) > _LARGEST:
            continue
        if _belong(members[mine], members[theirs], known, evidence):
            for record in members.pop(theirs):
                members[mine].append(record)
                home[record] = mine
    return sorted(sorted(group) for group in members.values() if len(group) > 1)


def _belong(ones: list[int], others: list[int], known: dict[Pair, float], evidence: Callable[[Pair], float]) -> bool:
    said = 0.0
    for one, other in itertools.product(ones, others):
        pair = (min(one, other), max(one, other))
        if pair not in known:
            known[pair] = evidence(pair)
        said += max(-_LOUDEST, min(_LOUDEST, known[pair]))
    return said > 0
