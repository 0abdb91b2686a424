"""The best first, each with the reason: what `Constituent.objects.ranked()` does.

First everyone in whom each word stands (as typed, as the beginning of a word, as a nickname). Are those more than can
be compared, then the ones with the words exactly as typed are fetched too, so that a Lee is not crowded out by the
Leesons. Are they few, then also whom a misspelt word may have meant, whose e-mail address has the text in its middle,
and, when nobody at all was found, in whom all but one of the words stand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from constituents.nicknames import variants
from constituents.search.expressions import All, Either, Term
from constituents.search.kinds import kind_of, letters_for
from constituents.search.lookups import looked_up
from constituents.search.matching import matching, with_email_containing
from constituents.search.reading import Piece, Typed
from constituents.search.spelling import allowed_slips, meant_by, slips
from constituents.search.tokens import NAME, email_key, words_of

if TYPE_CHECKING:
    from constituents.models import Constituent
    from constituents.models.constituent import ConstituentQuerySet

# How many are compared. Among more than this with the very same words no order is right.
_COMPARED = 200
# How many the index is asked for: some of them may be signposts, or not of the kind that is wanted.
_LOOKED_AT = 2_000
_FEW = 5
# Every word as it stands, or begun: see the scores of `_word_fit`.
_SURE = 60
_SHORTEST_EMAIL_PART = 4


@dataclass(frozen=True, slots=True)
class Found:
    """Someone the text fits. `reason` is empty when the name says it all."""

    constituent: Constituent
    score: float
    reason: str | Promise = ""

    @property
    def is_guess(self) -> bool:
        """Whether what was typed must be misspelt, or wrong in part, to mean this one."""
        return self.score < _SURE


@dataclass(frozen=True, slots=True)
class _Fit:
    """How well a word fits, and why."""

    score: float
    reason: str | Promise = ""


_MISSED = _Fit(-60, _("a part of it"))


def ranked(people: ConstituentQuerySet, text: str, *, limit: int) -> list[Found]:
    """Return the likeliest of `people` to be meant by the text, the best first."""
    typed = Typed.read(text, letters_for(people.searcher))
    if not typed.pieces:
        named = people.named_exactly(text) if text.strip() else people.none()
        return [Found(constituent, 100) for constituent in named[:limit]]
    by_id = looked_up(text, by=people.searcher)
    candidates = _Candidates(people, typed, list(by_id))
    rows = candidates.gather(limit)
    fits = {key: _fit_of(row, typed, by_id.get(key)) for key, row in rows.items()}
    best = sorted(fits, key=lambda key: (-fits[key].score, rows[key].sort_name, key))[:limit]
    records = {record.pk: record for record in people.order_by().filter(pk__in=best)}
    return [Found(records[key], fits[key].score, fits[key].reason) for key in best if key in records]


@dataclass(frozen=True, slots=True)
class _Row:
    """What a candidate is compared by."""

    sort_name: str
    is_deceased: bool
    words: Mapping[str, frozenset[str]]


class _Candidates:
    """Whoever may be meant, in as few questions as will do."""

    def __init__(self, people: ConstituentQuerySet, typed: Typed, also: list[int]) -> None:
        self._people = people.order_by()
        self._typed = typed
        self._also = also
        self._rows: dict[int, _Row] = {}

    def gather(self, limit: int) -> dict[int, _Row]:
        typed = self._typed
        self._take(typed.roughly(), also=self._also)
        if len(self._rows) >= _COMPARED:
            self._take(typed.exactly())
            self._take_named(typed.words)
        if len(self._rows) < (min(_FEW, limit) if typed.is_of_words else 1):
            self._take_what_may_be_meant()
        return self._rows

    def _take_what_may_be_meant(self) -> None:
        typed = self._typed
        meant = meant_by(typed.words, using=self._people.db)
        if any(meant.values()):
            self._take(typed.roughly(meant))
        if len(typed.pieces) == 1 and len(typed.text) >= _SHORTEST_EMAIL_PART:
            self._take_where(with_email_containing(typed.text.lower(), using=self._people.db))
        if not self._rows and (loosely := typed.all_but_one(meant)):
            self._take(loosely)

    def _take(self, expression: Term | All | Either, *, also: Iterable[int] = ()) -> None:
        self._take_where(matching(expression, using=self._people.db, also=list(also), at_most=_LOOKED_AT))

    def _take_named(self, words: list[str]) -> None:
        """Whose whole name the words are, in whatever order: found by the index that lists are sorted by."""
        turned = [" ".join(words[start:] + words[:start]) for start in range(len(words))]
        self._read(self._people.filter(sort_name__in=turned))

    def _take_where(self, keys: Any) -> None:
        self._read(self._people.filter(pk__in=keys))

    def _read(self, people: ConstituentQuerySet) -> None:
        rows = people.values_list("pk", "sort_name", "is_deceased", "search_entry__tokens")[:_COMPARED]
        for key, sort_name, is_deceased, tokens in rows:
            words: defaultdict[str, set[str]] = defaultdict(set)
            for token in (tokens or "").split():
                letter, _colon, word = token.partition(":")
                words[letter].add(word)
            self._rows[key] = _Row(sort_name, is_deceased, {letter: frozenset(of) for letter, of in words.items()})


def _fit_of(row: _Row, typed: Typed, id_label: str | Promise | None) -> _Fit:
    """How well a candidate fits all that was typed."""
    if id_label:
        return _Fit(200, id_label)
    fits = [_piece_fit(piece, row, typed.letters) for piece in typed.pieces]
    neighbours = [one.joined + other.joined for one, other in zip(typed.pieces, typed.pieces[1:], strict=False)]
    for index, together in enumerate(neighbours):
        fit = _word_fit(together, row, typed.letters, may_be_misspelt=False)
        fits[index], fits[index + 1] = max(fits[index], fit, key=_score), max(fits[index + 1], fit, key=_score)
    score = sum(fit.score for fit in fits) / len(fits)
    # Whose whole name was typed comes before whose longer name has the same words, and the living before the dead.
    own = row.sort_name.split()
    score += 10 * sum(word in own for word in typed.words) / max(len(own), len(typed.words))
    score += 2 * (words_of(typed.text) in (own, own[1:] + own[:1]))
    return _Fit(score - 5 * row.is_deceased, min(fits, key=_score).reason)


def _score(fit: _Fit) -> float:
    return fit.score


def _piece_fit(piece: Piece, row: _Row, letters: tuple[str, ...]) -> _Fit:
    words = [_word_fit(word, row, letters) for word in piece.words]
    fits = [_Fit(sum(fit.score for fit in words) / len(words), min(words, key=_score).reason)]
    if len(piece.words) > 1:
        fits.append(_word_fit(piece.joined, row, letters, may_be_misspelt=False))
    fits += [fit for fit in (_email_fit(piece, row, letters), _number_fit(piece, row)) if fit]
    return max(fits, key=_score)


def _word_fit(word: str, row: _Row, letters: tuple[str, ...], *, may_be_misspelt: bool = True) -> _Fit:
    fits = [_MISSED]
    for letter in letters:
        for own in row.words.get(letter, ()):
            label = "" if letter == NAME else kind_of(letter).label
            if own == word:
                fits.append(_Fit(100 if letter == NAME else 95, label))
            elif own.startswith(word):
                fits.append(_Fit((70 if letter == NAME else 60) + 10 * len(word) / len(own), label))
    names = row.words.get(NAME, frozenset())
    if names & (variants(word) - {word}):
        fits.append(_Fit(85, _("nickname")))
    if may_be_misspelt and (allowed := allowed_slips(word)):
        distance = min((slips(word, name) for name in names), default=99)
        if 0 < distance <= allowed:
            fits.append(_Fit(66 - 12 * distance, _("similar name")))
    return max(fits, key=_score)


def _email_fit(piece: Piece, row: _Row, letters: tuple[str, ...]) -> _Fit | None:
    key, label = email_key(piece.text).lstrip("@."), kind_of("e").label
    if not key or "e" not in letters or (len(piece.words) < 2 and len(key) < _SHORTEST_EMAIL_PART):
        return None
    addresses = row.words.get("e", frozenset())
    return _best_if(
        (key in addresses, _Fit(98, label)),
        (any(address.startswith(key) for address in addresses), _Fit(75, label)),
        (any(key in address for address in addresses), _Fit(50, label)),
    )


def _number_fit(piece: Piece, row: _Row) -> _Fit | None:
    number, label = piece.number.lstrip("0"), kind_of("t").label
    fronts, backs = row.words.get("t", frozenset()), row.words.get("u", frozenset())
    if not number:
        return None
    return _best_if(
        (number in fronts or number[::-1] in backs, _Fit(98, label)),
        (any(back.startswith(number[-9:][::-1]) for back in backs) and len(number) >= 7, _Fit(90, label)),
        (any(front.startswith(number) for front in fronts), _Fit(70, label)),
        (any(back.startswith(piece.number[::-1]) for back in backs), _Fit(65, label)),
    )


def _best_if(*ways: tuple[bool, _Fit]) -> _Fit | None:
    return max((fit for holds, fit in ways if holds), key=_score, default=None)
