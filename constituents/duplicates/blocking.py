"""Blocking keys: two records are compared only when they share enough. There are many, so that no slip loses a pair.

Most keys suffice alone. Some bring together whoever lives in one street or goes by one family name: of those, a pair
must share two that say different things.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import lru_cache

from constituents.duplicates.traits import Place, Traits

_VOWELS = str.maketrans("", "", "aeiouyhw")
_ALIKE = str.maketrans("bcdgkpqszvfmn", "pktkkpkssffnn")

# What the keys say that do not suffice alone: the family's name, the street, a name at a place, the birthday.
_WEAK = {"f": 1, "fi": 1, "s": 2, "ps": 2, "pn": 3, "sn": 3, "md": 4}
# So many bits at the end of a key hold what it says; 0 suffices alone.
SAYS = 3


@lru_cache(maxsize=50_000)
def sound(word: str) -> str:
    """Return a rough key of how a folded name sounds: first letter, then consonants, alike ones as one, no doubles."""
    word = word.replace(" ", "")
    if not word:
        return ""
    word = word.replace("ph", "f").replace("ck", "k").replace("sch", "s").replace("th", "t").replace("dt", "t")
    kept = word[0] + word[1:].translate(_VOWELS)
    kept = kept.translate(_ALIKE)
    return kept[0] + "".join(now for before, now in itertools.pairwise(kept) if now != before)[:4]


def keys(traits: Traits) -> set[int]:
    """Return the record's keys as 64-bit numbers."""
    return {_key(text) for text in set(_texts(traits))}


def _key(text: str) -> int:
    # Python's own hash: it is fast, and no other process ever sees the keys.
    return hash(text) >> SAYS << SAYS | _WEAK.get(text.partition("|")[0], 0)


def _texts(traits: Traits) -> Iterator[str]:
    spelt = {word for name in (*traits.given, *traits.family) for word in (name.replace(" ", ""), *name.split()[:2])}
    names = {sound(word) for word in spelt}
    tails = {sound(word[1:]) for word in spelt if len(word) > 2}
    yield from _of_names(traits, names, tails)
    yield from _of_birth(traits, names)
    yield from _of_ways_to_reach(traits)
    for organisation in traits.organisation:
        yield from _of_organisation(organisation)
    for place in traits.places:
        yield from _of_place(place, traits, names)
    for key, value in traits.customs:
        yield f"c|{key}|{value}"


def _of_names(traits: Traits, names: set[str], tails: set[str]) -> Iterator[str]:
    for kind, codes in (("n", names), ("t", tails)):
        for name, another in itertools.combinations(sorted(codes), 2):
            yield f"{kind}|{name}|{another}"
    for family in traits.family:
        yield f"f|{sound(family)}"
        for given in traits.given:
            yield f"fi|{sound(family)}|{given[0]}"
    if len(names) == 1:
        yield f"n|{min(names)}"


def _of_birth(traits: Traits, names: set[str]) -> Iterator[str]:
    year, month, day = traits.birth
    for name in names:
        if year and (month or day):
            yield f"d|{year}|{min(month, day)}|{max(month, day)}|{name[0]}"
            yield f"ym|{year}|{month}|{name}"
            yield f"yd|{year}|{day}|{name}"
            yield f"md|{month}|{day}|{name}"
        elif year:
            yield f"y|{year}|{name}"


def _of_ways_to_reach(traits: Traits) -> Iterator[str]:
    for email in traits.emails:
        yield f"e|{email}"
        name = email.partition("@")[0]
        if len(name) >= 6:
            yield f"el|{name}"
    for phone in traits.phones:
        yield f"p|{phone}"


def _of_organisation(organisation: str) -> Iterator[str]:
    tokens = sorted(organisation.split(), key=len, reverse=True)[:3]
    yield f"o|{sound(organisation)}"
    for token in tokens:
        yield f"ot|{token}"
    for start in range(len(tokens)):
        yield f"o2|{'|'.join(sorted(tokens[:start] + tokens[start + 1 :]))}"


def _of_place(place: Place, traits: Traits, names: set[str]) -> Iterator[str]:
    year, month, day = traits.birth
    street = sound(place.street.split()[0]) if place.street else ""
    if street and place.number:
        yield f"s|{street}|{place.number}"
    for where in {place.postcode, place.city}:
        if not where:
            continue
        if street:
            yield f"ps|{where}|{street}"
        if year and month:
            yield f"dw|{where}|{year}|{month}|{day}"
        for name in names:
            yield f"pn|{where}|{name}"
    if street:
        for name in names:
            yield f"sn|{street}|{name}"
