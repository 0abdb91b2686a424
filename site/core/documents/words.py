"""The one door by which words come into a document: `text(value)`.

Nothing that a person typed is ever read as markup. There is no markup at all: emphasis is a property of a span, so a
name such as `<b>` or `&amp;` prints as it was typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from core.documents.errors import UnprintableTextError
from core.documents.typefaces import SANS, SERIF, face_for, own_face

# Characters that direct the flow or hide: they would let a name rearrange the page. Joiners (U+200C, U+200D) stay.
_HIDDEN = re.compile("[\u00ad\u034f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_BREAKS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
# Spaces and hyphens that only differ in width or in where a line may break, which our fonts lack.
_ALIKE = str.maketrans({"\t": " ", "\u202f": "\u00a0", "\u2010": "-", "\u2011": "-", "\u2007": "\u00a0"})
JOINERS = "\u200c\u200d"


@dataclass(frozen=True, slots=True)
class Span:
    """Words in one style."""

    words: str
    strong: bool = False
    slanted: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """Words ready to print: checked characters, no markup. Made by `text()` only; texts add up."""

    spans: tuple[Span, ...]

    def __add__(self, other: Text) -> Text:
        return Text(self.spans + other.spans)

    def __str__(self) -> str:
        return "".join(span.words for span in self.spans)

    def __bool__(self) -> bool:
        return any(span.words for span in self.spans)


def clean(value: object) -> str:
    """Return the value as printable words: composed, without control characters, with one kind of line break."""
    words = unicodedata.normalize("NFC", str(value))
    words = _CONTROLS.sub("", _BREAKS.sub("\n", words).translate(_ALIKE))
    return _HIDDEN.sub("", words)


def unprintable(value: object) -> list[str]:
    """Return the characters of the value that no typeface of ours can print, each once."""
    own = {own_face(family, strong=False, slanted=False) for family in (SERIF, SANS)}
    return [
        character
        for character in dict.fromkeys(clean(value))
        if character not in JOINERS and character != "\n" and not any(face_for(character, face) for face in own)
    ]


def text(value: Any, *, strong: bool = False, slanted: bool = False) -> Text:
    """Make any value printable, exactly as typed. Raises UnprintableTextError naming what no typeface can print.

    A text passes through, with the asked style added; a list or tuple of values is joined.
    """
    if isinstance(value, Text):
        return Text(
            tuple(replace(span, strong=span.strong or strong, slanted=span.slanted or slanted) for span in value.spans)
        )
    if isinstance(value, (list, tuple)):
        return join(value, strong=strong, slanted=slanted)
    if value is None:
        return Text(())
    words = clean(value)
    missing = unprintable(words) if not words.isascii() else []
    if missing:
        raise UnprintableTextError(words, missing)
    return Text((Span(words, strong, slanted),))


def join(values: Iterable[Any], *, strong: bool = False, slanted: bool = False) -> Text:
    """Make one text of several values."""
    spans: tuple[Span, ...] = ()
    for value in values:
        spans += text(value, strong=strong, slanted=slanted).spans
    return Text(spans)
