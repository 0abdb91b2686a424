"""Which known names a misspelt word may have meant.

Compared with the words that names on record are made of, not with the names: there are far fewer of them. One slip (a
letter too many, too few, wrong, or two that changed places) is found by looking up every word one slip away; two slips
in a longer word by its trigrams, which is what PostgreSQL's pg_trgm and SQLite's FTS5 keep an index of.
"""

from __future__ import annotations

from collections.abc import Iterable
from string import ascii_lowercase

from django.db import connections
from rapidfuzz.distance import OSA

from constituents.models.search import SearchWord
from constituents.search.indexes import WORD_INDEX, WORDS

_SHORTEST, _LONGEST = 4, 30
_TWO_SLIPS_FROM = 7
_MOST_MEANT = 8
_MOST_COMPARED = 200


def meant_by(words: Iterable[str], *, using: str, unknown_only: bool = False) -> dict[str, list[str]]:
    """Return for each word that may be misspelt the known names nearest to it, the nearest first.

    With `unknown_only`, a word that begins a known name is taken for right.
    """
    checked = [word for word in dict.fromkeys(words) if _SHORTEST <= len(word) <= _LONGEST and word.isalpha()]
    if unknown_only:
        checked = [word for word in checked if not _is_known(word, using)]
    if not checked:
        return {}
    known = _known_one_slip_away(checked, using)
    return {word: _nearest(word, known | _known_alike(word, using)) for word in checked}


def slips(one: str, other: str) -> int:
    """How many slips lie between two words; letters that changed places are one."""
    return int(OSA.distance(one, other))


def allowed_slips(word: str) -> int:
    """How many slips a word of this length is forgiven."""
    return 0 if len(word) < _SHORTEST else 1 if len(word) < _TWO_SLIPS_FROM else 2


def _nearest(word: str, known: Iterable[str]) -> list[str]:
    near = [(slips(word, name), name[0] != word[0], name) for name in known if name != word]
    return [name for distance, _first, name in sorted(near) if distance <= allowed_slips(word)][:_MOST_MEANT]


def one_slip_away(word: str) -> set[str]:
    """Return every word one slip away."""
    halves = [(word[:index], word[index:]) for index in range(len(word) + 1)]
    fewer = {head + tail[1:] for head, tail in halves if tail}
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in halves if len(tail) > 1}
    other = {head + letter + tail[1:] for head, tail in halves if tail for letter in ascii_lowercase}
    more = {head + letter + tail for head, tail in halves for letter in ascii_lowercase}
    return (fewer | swapped | other | more) - {word}


def _is_known(word: str, using: str) -> bool:
    # A range rather than LIKE: plain letters only, and every index can answer it.
    return SearchWord.objects.using(using).filter(word__gte=word, word__lt=f"{word}zzzz").exists()


def _known_one_slip_away(words: Iterable[str], using: str) -> set[str]:
    tried = set().union(*map(one_slip_away, words))
    if connections[using].vendor != "postgresql":
        return set(SearchWord.objects.using(using).filter(word__in=tried).values_list("word", flat=True))
    with connections[using].cursor() as cursor:
        # As rows to join, not as a list: the planner weighs each of a thousand items of a list, which took 60 ms to
        # 180 ms before the first was looked up.
        cursor.execute(f"SELECT word FROM {WORDS} WHERE word IN (SELECT unnest(%s::text[]))", [list(tried)])  # noqa: S608
        return {name for (name,) in cursor.fetchall()}


def _known_alike(word: str, using: str) -> set[str]:
    if len(word) < _TWO_SLIPS_FROM:
        return set()
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"SELECT word FROM {WORDS} WHERE word %% %s ORDER BY similarity(word, %s) DESC LIMIT %s",  # noqa: S608
                [word, word, _MOST_COMPARED],
            )
        else:
            trigrams = " OR ".join(f'"{word[start : start + 3]}"' for start in range(len(word) - 2))
            cursor.execute(
                f"SELECT word FROM {WORD_INDEX} WHERE {WORD_INDEX} MATCH %s ORDER BY rank LIMIT %s",  # noqa: S608
                [trigrams, _MOST_COMPARED],
            )
        return {name for (name,) in cursor.fetchall()}
