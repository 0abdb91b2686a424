"""How two records agree, field by field: each comparison puts what it sees on one of a few named levels.

A comparison returns `None` where either record says nothing. The level `SAME` carries the shared value, so that
agreeing on a rare name can count for more than agreeing on a common one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.fuzz import token_sort_ratio

from constituents.duplicates.traits import Birth, Place, Traits
from constituents.nicknames import same_person_name

# The levels, the surest first.
SAME, NICKNAME, NEAR, PART = "same", "nickname", "near", "part"
SIMILAR, INITIAL, SWAPPED, DIFFERENT = "similar", "initial", "swapped", "different"
# More of them for birth dates.
ONE_DIGIT, TWO_PARTS, TWO_DIGITS, ONE_PART, GENERATION = (
    "one_digit",
    "two_parts",
    "two_digits",
    "one_part",
    "generation",
)


LevelOf = Callable[[str, str], str]


# What one comparison saw: on which field, on which level, and the value when it is shared. There are millions of them
# in a scan, so it is a plain tuple.
Seen = tuple[str, str, str]


@lru_cache(maxsize=200_000)
def text_level(one: str, other: str) -> str:
    """Return how alike two folded texts are, typing errors and lost spaces in mind."""
    if one == other:
        return SAME
    one, other = one.replace(" ", ""), other.replace(" ", "")
    shorter = min(len(one), len(other))
    edits = OSA.distance(one, other, score_cutoff=3)
    if edits <= (1 if shorter < 9 else 2) and shorter >= 3:
        return NEAR
    if (edits <= 2 and shorter >= 5) or JaroWinkler.similarity(one, other) >= 0.9:
        return SIMILAR
    return DIFFERENT


@lru_cache(maxsize=200_000)
def given_level(one: str, other: str) -> str:
    """Return how alike two given names are: nicknames, initials and one name of several count for something."""
    level = text_level(one, other)
    if level in (SAME, NEAR):
        return level
    if same_person_name(one, other):
        return NICKNAME
    ones, others = one.split(), other.split()
    if len(one) == 1 or len(other) == 1:
        return INITIAL if one[0] == other[0] else DIFFERENT
    if len(ones) != len(others) and (set(ones) <= set(others) or set(others) <= set(ones)):
        return PART
    return level


@lru_cache(maxsize=200_000)
def family_level(one: str, other: str) -> str:
    """Return how alike two family names are; one half of a double name is a part of it."""
    level = text_level(one, other)
    if level in (SAME, NEAR):
        return level
    ones, others = one.split(), other.split()
    if len(ones) != len(others) and {word for word in ones if len(word) > 2} & set(others):
        return PART
    return level


_STRENGTH = {
    level: rank for rank, level in enumerate((SAME, NICKNAME, NEAR, PART, SIMILAR, INITIAL, SWAPPED, DIFFERENT))
}


def _best(ones: tuple[str, ...], others: tuple[str, ...], level_of: LevelOf) -> tuple[str, str] | None:
    """Return the best level any value of one record reaches with any of the other, and the value if it is shared."""
    if not ones or not others:
        return None
    if len(ones) == 1 == len(others):
        (mine,), (theirs,) = ones, others
        if mine == theirs:
            return SAME, mine
        level = level_of(mine, theirs)
        return level, mine if level == SAME else ""
    found = min(((level_of(one, other), one) for one in ones for other in others), key=lambda seen: _STRENGTH[seen[0]])
    return found[0], found[1] if found[0] == SAME else ""


def names(one: Traits, other: Traits) -> list[Seen]:
    """Compare given and family names, the way round they stand and, if that fails, the other way round."""
    given = _best(one.given, other.given, given_level)
    family = _best(one.family, other.family, family_level)
    if (given is None or given[0] in _WEAK) and (family is None or family[0] in _WEAK):
        crossed = _best(one.given, other.family, text_level), _best(one.family, other.given, text_level)
        known = [found for found in crossed if found is not None]
        whole = len(known) == 2 or given is None or family is None
        if known and whole and all(level in (SAME, NEAR) for level, _ in known):
            return [(field, SWAPPED, value) for field, (_, value) in zip(("given", "family"), known, strict=False)]
    seen: list[Seen] = []
    if given is not None:
        seen.append(("given", *given))
    if family is not None:
        seen.append(("family", *family))
    if one.middle and other.middle:
        level = given_level(one.middle, other.middle)
        seen.append(("middle", level, one.middle if level == SAME else ""))
    if one.suffix and other.suffix:
        seen.append(("suffix", SAME if one.suffix == other.suffix else DIFFERENT, one.suffix))
    return seen


_WEAK = frozenset({SIMILAR, INITIAL, DIFFERENT, PART})


def birth(one: Birth, other: Birth) -> Seen | None:
    """Compare birth dates; where one of them is partial, the parts both have."""
    if not (any(one) and any(other)):
        return None
    if one.is_whole and other.is_whole:
        if one == other:
            return "birth", SAME, one.figures
        return "birth", _whole_birth_level(one, other), ""
    parts = [(mine, theirs) for mine, theirs in zip(one, other, strict=True) if mine and theirs]
    if not parts:
        return None
    if one.year and other.year:
        gap = abs(one.year - other.year)
        level = SAME if gap == 0 else NEAR if gap == 1 else GENERATION if gap >= 15 else DIFFERENT
        return "birth_year", level, str(one.year)
    same = all(mine == theirs for mine, theirs in parts)
    return "birth_day", SAME if same else DIFFERENT, "-".join(str(mine) for mine, _ in parts)


@lru_cache(maxsize=50_000)
def _figures(born: Birth) -> str:
    return born.figures


def _whole_birth_level(one: Birth, other: Birth) -> str:
    if one.year == other.year and one.month == other.day and one.day == other.month:
        return SWAPPED
    edits = OSA.distance(_figures(one), _figures(other), score_cutoff=3)
    if edits == 1:
        return ONE_DIGIT
    agreeing = (one.year == other.year) + (one.month == other.month) + (one.day == other.day)
    if agreeing == 2:
        return TWO_PARTS
    if edits == 2:
        return TWO_DIGITS
    if abs(one.year - other.year) >= 15:
        return GENERATION
    return ONE_PART if one.year == other.year else DIFFERENT


@lru_cache(maxsize=100_000)
def organisation_level(one: str, other: str) -> str:
    """Return how alike two organisations' names are, legal forms aside: word by word, in any order."""
    mine, theirs = one.split(), other.split()
    if sorted(mine) == sorted(theirs):
        return SAME
    if one.replace(" ", "") == other.replace(" ", ""):
        return NEAR
    for word in list(mine):
        match = next((another for another in theirs if text_level(word, another) in (SAME, NEAR)), None)
        if match is not None:
            mine.remove(word)
            theirs.remove(match)
    if not mine and not theirs:
        return NEAR
    if not (mine and theirs) and len(one.split()) + len(other.split()) - len(mine) - len(theirs) >= 2:
        return PART
    return SIMILAR if token_sort_ratio(one, other) >= 75 else DIFFERENT


def email_level(one: str, other: str) -> str:
    """Return how alike two addresses are; the same name at another provider is a part."""
    if one == other:
        return SAME
    mine, _, _host = one.partition("@")
    theirs, _, _host = other.partition("@")
    if mine == theirs and len(mine) >= 5:
        return PART
    if OSA.distance(one, other, score_cutoff=2) <= 1:
        return NEAR
    return DIFFERENT


def _is_made_of_names(traits: Traits) -> bool:
    names = [name for name in (*traits.given, *traits.family) if len(name) >= 3]
    return any(name.replace(" ", "") in email for email in traits.emails for name in names)


def number_level(one: str, other: str) -> str:
    """Return how alike two numbers are (telephone, id): one slip of the hand is near."""
    if one == other:
        return SAME
    edits = OSA.distance(one, other, score_cutoff=3)
    if edits == 1 and min(len(one), len(other)) >= 4:
        return NEAR
    if edits == 2 and min(len(one), len(other)) >= 6:
        return SIMILAR
    return DIFFERENT


def places(ones: tuple[Place, ...], others: tuple[Place, ...]) -> list[Seen]:
    """Compare the two addresses that agree best, part by part."""
    if not ones or not others:
        return []
    if len(ones) == 1 == len(others):
        return _place(ones[0], others[0])
    compared = [_place(one, other) for one in ones for other in others]
    return max(compared, key=lambda seen: sum(_AGREES.get(level, -1) for _, level, _ in seen))


_AGREES = {SAME: 2, NEAR: 1, SIMILAR: 0}


def _place(one: Place, other: Place) -> list[Seen]:
    seen: list[Seen] = []
    if one.street and other.street:
        seen.append(_part("street", one.street, other.street, text_level))
    if one.number and other.number:
        seen.append(_part("number", one.number, other.number, number_level))
    if one.extra and other.extra:
        seen.append(_part("extra", one.extra, other.extra, text_level))
    return seen + _town(one, other)


def _part(field: str, mine: str, theirs: str, level_of: LevelOf) -> Seen:
    return (field, SAME, mine) if mine == theirs else (field, level_of(mine, theirs), "")


def _town(one: Place, other: Place) -> list[Seen]:
    """Compare where in the world a place is. A postcode all but says the town, and both the region: say it once."""
    if one.city and one.postcode and one.city == other.city and one.postcode == other.postcode:
        return [("town", SAME, f"{one.postcode} {one.city}")]
    seen: list[Seen] = []
    if one.city and other.city:
        seen.append(_part("city", one.city, other.city, text_level))
    if one.postcode and other.postcode:
        seen.append(_part("postcode", one.postcode, other.postcode, number_level))
    if one.region and other.region and not any(level == SAME for _, level, _ in seen):
        seen.append(_part("region", one.region, other.region, text_level))
    return seen


@lru_cache(maxsize=200_000)
def custom_level(one: str, other: str) -> str:
    """Return how alike two values of a field staff defined are."""
    return number_level(one, other) if one.isdigit() and other.isdigit() else text_level(one, other)


def compare(one: Traits, other: Traits) -> list[Seen]:
    """Return everything that can be seen of two records side by side."""
    seen: list[Seen] = names(one, other) if one.is_person and other.is_person else []
    if found := _best(one.organisation, other.organisation, organisation_level):
        seen.append(("organisation", *found))
    if born := birth(one.birth, other.birth):
        seen.append(born)
    if found := _best(one.emails, other.emails, email_level):
        level, value = found
        if level in (NEAR, PART) and _is_made_of_names(one) and _is_made_of_names(other):
            level = DIFFERENT  # ann.lee12@ and ann.lee13@: the names have been compared already
        seen.append(("email", level, value))
    if found := _best(one.phones, other.phones, number_level):
        seen.append(("phone", *found))
    seen += places(one.places, other.places)
    if one.customs and other.customs:
        theirs = dict(other.customs)
        for key, value in one.customs:
            if another := theirs.get(key):
                level = custom_level(value, another)
                seen.append((key, level, value if level == SAME else ""))
    return seen
