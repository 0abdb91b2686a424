"""What somebody typed, read as names, e-mail addresses, telephone numbers and codes in any order and format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from constituents.folding import digits
from constituents.nicknames import variants
from constituents.search.expressions import All, Either, Term, either, every
from constituents.search.tokens import (
    EMAIL,
    LONGEST,
    NAME,
    PHONE,
    PHONE_END,
    email_key,
    without_extension,
    words_of,
)

Node = Term | All | Either

#: More of a pasted letter than this tells nothing.
LONGEST_TEXT, MOST_PIECES = 200, 8

# Seven digits or more with what people write between them: a telephone number, or a long code.
_NUMBER = re.compile(
    r"(?<![A-Za-z\d])[+(]?\d(?:[\s()./\-]*\d){6,}(?:\s*(?:extension|ext|x|#)[.:\s]*\d+)?", re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_SHORTEST_NUMBER = 4
_FEWEST_TO_LEAVE_ONE_OUT = 3
_SHORTEST_BEGINNING = 3
# The last nine digits of a number are the same with and without country code, trunk zero or the like.
_ENOUGH_OF_A_NUMBER = 9


@dataclass(frozen=True, slots=True)
class Piece:
    """What stood between two spaces, or one number that was typed with spaces in it."""

    text: str
    words: tuple[str, ...]

    @property
    def joined(self) -> str:
        """The words written as one."""
        return "".join(self.words)[:LONGEST]

    @property
    def number(self) -> str:
        """The digits, when there is hardly anything else; else an empty string."""
        found = digits(without_extension(self.text))
        letters = sum(character.isalpha() for character in without_extension(self.text))
        return found if len(found) >= _SHORTEST_NUMBER and not letters else ""


@dataclass(frozen=True, slots=True)
class Typed:
    """A text from the search box. `letters` are the kinds of token that may be searched."""

    text: str
    letters: tuple[str, ...]
    pieces: tuple[Piece, ...] = field(default=())

    @classmethod
    def read(cls, text: str, letters: Iterable[str]) -> Typed:
        """Read a text; one without a letter or digit has no pieces."""
        text = _CONTROL.sub(" ", text[:LONGEST_TEXT]).strip()
        found: list[Piece] = []
        for part in _parts(text):
            if words := tuple(words_of(part)):
                found.append(Piece(part, words))
        return cls(text, tuple(letters), tuple(found[:MOST_PIECES]))

    @property
    def words(self) -> list[str]:
        """Every word, in order."""
        return [word for piece in self.pieces for word in piece.words]

    @property
    def is_of_words(self) -> bool:
        """Whether there is neither a number nor an address in it: those fit or do not, words may be misspelt."""
        return not any("@" in piece.text or piece.number for piece in self.pieces)

    def exactly(self) -> Node:
        """Every word as it stands, wherever it belongs."""
        return self._expression(begins=False, meant={})

    def roughly(self, meant: Mapping[str, Iterable[str]] | None = None) -> Node:
        """Every word or what begins with it, what a person of that name is also called, and what may be `meant`."""
        return self._expression(begins=True, meant=meant or {})

    def all_but_one(self, meant: Mapping[str, Iterable[str]]) -> Node | None:
        """Any one word may be wrong; None when there are too few for that to tell anything."""
        if len(self.pieces) < _FEWEST_TO_LEAVE_ONE_OUT or min(len(piece.joined) for piece in self.pieces) < 3:
            return None
        parts = [self._piece(piece, begins=True, meant=meant) for piece in self.pieces]
        return either(every(parts[:left_out] + parts[left_out + 1 :]) for left_out in range(len(parts)))

    def _expression(self, *, begins: bool, meant: Mapping[str, Iterable[str]]) -> Node:
        ways = [[self._piece(piece, begins=begins, meant=meant)] for piece in self.pieces]
        # "SW1A 1AA" is on record as one word, and so is "Mc Donald" perhaps.
        for index, (one, other) in enumerate(pairwise(self.pieces)):
            together = self._word((one.joined + other.joined)[:LONGEST], begins=begins)
            ways[index].append(together)
            ways[index + 1].append(together)
        return every(either(way) for way in ways)

    def _piece(self, piece: Piece, *, begins: bool, meant: Mapping[str, Iterable[str]]) -> Node:
        if len(piece.words) == 1 and "@" not in piece.text:
            ways = [self._word(piece.words[0], begins=begins, meant=meant)]
        else:
            # An address is looked for as a whole: half of all people have its second half.
            plain = replace(self, letters=tuple(letter for letter in self.letters if letter != EMAIL))
            ways = [every(plain._word(word, begins=begins, meant=meant) for word in piece.words)]
            ways.append(plain._word(piece.joined, begins=begins))
            if EMAIL in self.letters and (key := email_key(piece.text).lstrip("@.")):
                ways.append(Term(f"{EMAIL}:{key}", begins=True))
        if piece.number:
            ways += _number_terms(piece.number, begins=begins)
        return either(ways)

    def _word(self, word: str, *, begins: bool, meant: Mapping[str, Iterable[str]] | None = None) -> Node:
        # An initial begins a name; that it begins every second e-mail address and town helps nobody.
        short = len(word) < _SHORTEST_BEGINNING
        terms = [
            Term(f"{letter}:{word}", begins and (letter == NAME or not short))
            for letter in self.letters
            if letter not in (PHONE, PHONE_END)
        ]
        if begins:
            terms += [Term(f"{NAME}:{name}") for name in sorted(variants(word)) if name != word]
        terms += [Term(f"{NAME}:{name}") for name in (meant or {}).get(word, ())]
        return either(terms)


def _parts(text: str) -> Iterator[str]:
    """Yield what stands between spaces, a number with spaces in it as one."""
    end = 0
    for match in _NUMBER.finditer(text):
        yield from text[end : match.start()].split()
        yield match.group()
        end = match.end()
    yield from text[end:].split()


def _number_terms(number: str, *, begins: bool) -> Iterator[Term]:
    front = number.lstrip("0")
    if not front:
        return
    back = front if len(number) >= _ENOUGH_OF_A_NUMBER else number
    yield Term(f"{PHONE}:{front}", begins)
    yield Term(f"{PHONE_END}:{back[::-1]}", begins or len(back) >= _ENOUGH_OF_A_NUMBER)
    if len(back) > _ENOUGH_OF_A_NUMBER:
        yield Term(f"{PHONE_END}:{back[-_ENOUGH_OF_A_NUMBER:][::-1]}", begins=True)
