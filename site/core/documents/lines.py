"""From a text to lines: which typeface prints each part, where lines break, in which order a line is read.

Right-to-left scripts follow the Unicode bidirectional algorithm; Chinese and Japanese break between characters; a word
wider than the line breaks where it must, never inside a character with its marks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bidi.algorithm import (
    explicit_embed_and_overrides,
    get_base_level,
    get_embedding_levels,
    get_empty_storage,
    resolve_implicit_levels,
    resolve_neutral_types,
    resolve_weak_types,
)

from core.documents.errors import UnprintableTextError
from core.documents.typefaces import SANS, SERIF, face_for, own_face, shaped
from core.documents.words import JOINERS, Text

_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0002ffff"
_CLOSING = "、。，．：；！？）〕］｝〉》」』】・ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
_OPENING = "（〔［｛〈《「『【"
# A line may break after each of these: a run of spaces; one East Asian character with its punctuation; a word, or its
# part up to a hyphen, dash or slash between letters.
_PARTS = re.compile(
    rf"[ ]+|[{_OPENING}]*[{_WIDE}][{_CLOSING}]*|[^ {_WIDE}]+?(?:(?<=[^\W\d])[-/](?=[^\W\d])|[–—](?=\w))"
    rf"|[^ {_WIDE}]+"
)
_RIGHT_TO_LEFT = {"R", "AL", "AN"}
_SHORT = 240


@dataclass(frozen=True, slots=True)
class Style:
    """How a paragraph is set: family, size and distance between lines in points, and colour."""

    family: str = SANS
    size: float = 10
    leading: float = 14
    colour: str = "#20211d"
    strong: bool = False
    align: str = "start"


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a line in one typeface and direction. `faux` asks for a thickened outline: the face has no bold."""

    string: str
    face: str
    level: int
    faux: bool
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """Pieces in reading order, and their width in points."""

    pieces: tuple[Piece, ...]
    width: float
    right_to_left: bool
    # Whether a blank parts it from the next line: not drawn, but said, so that words of two lines never run together.
    spaced: bool = False

    def visual(self) -> list[Piece]:
        """Return the pieces from left to right (rule L2 of the bidirectional algorithm)."""
        pieces = list(self.pieces)
        levels = [piece.level for piece in pieces]
        for level in range(max(levels, default=0), 0, -1):
            start = 0
            while start < len(pieces):
                if levels[start] < level:
                    start += 1
                    continue
                end = start
                while end < len(pieces) and levels[end] >= level:
                    end += 1
                pieces[start:end] = reversed(pieces[start:end])
                levels[start:end] = reversed(levels[start:end])
                start = end
        return pieces


@lru_cache(maxsize=4_000)
def _levels(string: str) -> tuple[int, tuple[int, ...]]:
    """Return the base level of a paragraph, and the level of each of its characters."""
    if string.isascii() or not any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in string):
        return 0, (0,) * len(string)
    storage = get_empty_storage()
    storage["base_level"] = get_base_level(string)
    storage["base_dir"] = "LR"[storage["base_level"]]
    # Joiners are removed by the algorithm (rule X9) but needed by the shaper: they take the level of what they follow.
    get_embedding_levels("".join(c for c in string if c not in JOINERS), storage)
    for step in (explicit_embed_and_overrides, resolve_weak_types, resolve_neutral_types, resolve_implicit_levels):
        step(storage, False)
    found = iter(character["level"] for character in storage["chars"])
    levels: list[int] = []
    for character in string:
        levels.append((levels[-1] if levels else storage["base_level"]) if character in JOINERS else next(found))
    return storage["base_level"], tuple(levels)


def _attached(character: str) -> bool:
    """Return whether the character belongs to the one before it."""
    return character in JOINERS or unicodedata.category(character) in {"Mn", "Mc", "Me"}


@lru_cache(maxsize=20_000)
def _pieces(string: str, own: str, strong: bool, level: int, size: float, language: str) -> tuple[Piece, ...]:
    """Cut a string of one style and level where the typeface changes; a run of receipts repeats most words."""
    return tuple(_cut_by_face(string, own, strong, level, size, language))


def _cut_by_face(string: str, own: str, strong: bool, level: int, size: float, language: str) -> Iterator[Piece]:
    start, current = 0, None
    for index, character in enumerate(string):
        if _attached(character) and current and (character in JOINERS or face_for(character, current) == current):
            continue
        face = face_for(character, own, language)
        if face is None:
            raise UnprintableTextError(string, [character])
        if face != current:
            if current:
                yield _piece(string[start:index], current, own, strong, level, size)
            start, current = index, face
    if current:
        yield _piece(string[start:], current, own, strong, level, size)


def _piece(string: str, face: str, own: str, strong: bool, level: int, size: float) -> Piece:
    width = shaped(face, string, bool(level % 2)).width * size / 1000
    return Piece(string, face, level, strong and face != own, width)


def _clusters(string: str) -> list[str]:
    """Cut a string into characters with their marks: the smallest parts that may stand alone on a line."""
    parts: list[str] = []
    for character in string:
        joined = parts and (
            _attached(character) or parts[-1][-1] == "\u200d" or unicodedata.combining(parts[-1][-1]) == 9
        )
        if joined:
            parts[-1] += character
        else:
            parts.append(character)
    return parts


@dataclass(slots=True)
class _Word:
    """The pieces between two places where a line may break."""

    pieces: tuple[Piece, ...]
    width: float
    space: bool


def _words(paragraph: str, marks: list[tuple[int, bool, bool]], style: Style, language: str) -> Iterator[_Word]:
    """Cut one paragraph into words. `marks` are (end, strong, slanted) of its spans, in order."""
    _base, levels = _levels(paragraph)
    flat = not any(levels)
    for match in _PARTS.finditer(paragraph):
        pieces: list[Piece] = []
        start, stop = match.span()
        while start < stop:
            end, strong, slanted = next(mark for mark in marks if mark[0] > start)
            end = min(end, stop)
            if not flat:
                end = next((i for i in range(start, end) if levels[i] != levels[start]), end)
            own = own_face(style.family, strong=strong or style.strong, slanted=slanted)
            bold = strong or style.strong
            pieces.extend(_pieces(paragraph[start:end], own, bold, levels[start], style.size, language))
            start = end
        yield _Word(tuple(pieces), sum(piece.width for piece in pieces), match[0].isspace())


def _broken(word: _Word, width: float, style: Style) -> Iterator[_Word]:
    """Cut a word wider than the line into parts that each fill one; the last may share its line."""
    held: list[Piece] = []
    used = 0.0
    for piece in word.pieces:
        start = 0
        clusters = _clusters(piece.string)
        widths = [shaped(piece.face, part, bool(piece.level % 2)).width * style.size / 1000 for part in clusters]
        for index, part_width in enumerate(widths):
            if used + part_width > width and (held or index > start):
                if index > start:
                    held.append(_cut(piece, "".join(clusters[start:index]), style.size))
                yield _Word(tuple(held), sum(p.width for p in held), False)
                held, used, start = [], 0.0, index
            used += part_width
        held.append(_cut(piece, "".join(clusters[start:]), style.size))
    yield _Word(tuple(held), sum(p.width for p in held), False)


def _cut(piece: Piece, string: str, size: float) -> Piece:
    width = shaped(piece.face, string, bool(piece.level % 2)).width * size / 1000
    return Piece(string, piece.face, piece.level, piece.faux, width)


def _paragraphs(words: Text) -> Iterator[tuple[str, list[tuple[int, bool, bool]]]]:
    """Cut a text at its line breaks, keeping track of which style ends where."""
    string, marks = "", []
    for span in words.spans:
        first, *rest = span.words.split("\n")
        string += first
        marks.append((len(string), span.strong, span.slanted))
        for part in rest:
            yield string, marks
            string, marks = part, [(len(part), span.strong, span.slanted)]
    yield string, marks


def set_lines(words: Text, style: Style, width: float, language: str = "en") -> Sequence[Line]:
    """Break a text into lines no wider than `width` points."""
    if sum(len(span.words) for span in words.spans) <= _SHORT:
        return _kept(words, style, width, language)
    return _set(words, style, width, language)


@lru_cache(maxsize=3_000)
def _kept(words: Text, style: Style, width: float, language: str) -> Sequence[Line]:
    """Remember how short texts are set: cells, labels and sentences come back row after row, page after page."""
    return _set(words, style, width, language)


def _set(words: Text, style: Style, width: float, language: str) -> tuple[Line, ...]:
    lines: list[Line] = []
    for paragraph, marks in _paragraphs(words):
        if lines:
            lines[-1] = replace(lines[-1], spaced=True)
        backwards = bool(_levels(paragraph)[0] % 2)
        held: list[_Word] = []
        used = 0.0
        for word in _words(paragraph, marks, style, language):
            if word.space or used + word.width <= width + 0.01:
                if held or not word.space:
                    held.append(word)
                    used += word.width
                continue
            if held:
                lines.append(_line(held, backwards))
            *full, last = _broken(word, width, style) if word.width > width else [word]
            lines.extend(_line([part], backwards) for part in full)
            held, used = [last], last.width
        lines.append(_line(held, backwards))
    return tuple(lines)


def _line(words: list[_Word], right_to_left: bool) -> Line:
    kept = words
    while kept and kept[-1].space:
        kept = kept[:-1]
    return Line(
        pieces=tuple(piece for word in kept for piece in word.pieces),
        width=sum(word.width for word in kept),
        right_to_left=right_to_left,
        spaced=len(kept) < len(words),
    )


def natural_width(words: Text, style: Style, language: str = "en") -> float:
    """Return how wide the text is when no line breaks but its own."""
    return max((line.width for line in set_lines(words, style, 1e9, language)), default=0.0)


def plain(family: str = SANS, size: float = 10, **rest: object) -> Style:
    """Return a style with a comfortable distance between lines."""
    return Style(family=family, size=size, leading=round(size * (1.45 if family == SERIF else 1.4), 2), **rest)  # type: ignore[arg-type]
