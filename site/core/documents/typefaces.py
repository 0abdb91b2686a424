"""The typefaces: which of our fonts prints a character, and how harfbuzz places its glyphs.

Two families carry our look (a serif for reading and headings, a sans for figures and labels) in Latin, Greek and
Cyrillic. Everything else falls back, run by run, on the font of its script.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import uharfbuzz
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from core.documents.embedding import PRIVATE, embed, meanings, taken, with_their_groups

FOLDER = Path(__file__).resolve().parent / "fonts"
SERIF, SANS = "StewardSerif", "StewardSans"

_CJK = ("JP", "SC", "TC", "KR")
# First code point, last code point, the fonts to ask in turn.
SCRIPTS: list[tuple[int, int, tuple[str, ...]]] = [
    (0x0530, 0x058F, ("Armenian",)),
    (0x0590, 0x05FF, ("Hebrew",)),
    (0x0600, 0x06FF, ("Arabic",)),
    (0x0750, 0x077F, ("Arabic",)),
    (0x08A0, 0x08FF, ("Arabic",)),
    (0x0900, 0x097F, ("Devanagari",)),
    (0x0980, 0x09FF, ("Bengali",)),
    (0x0A00, 0x0A7F, ("Gurmukhi",)),
    (0x0A80, 0x0AFF, ("Gujarati",)),
    (0x0B80, 0x0BFF, ("Tamil",)),
    (0x0C00, 0x0C7F, ("Telugu",)),
    (0x0C80, 0x0CFF, ("Kannada",)),
    (0x0D00, 0x0D7F, ("Malayalam",)),
    (0x0D80, 0x0DFF, ("Sinhala",)),
    (0x0E00, 0x0E7F, ("Thai",)),
    (0x0E80, 0x0EFF, ("Lao",)),
    (0x1000, 0x109F, ("Myanmar",)),
    (0x10A0, 0x10FF, ("Georgian",)),
    (0x1100, 0x11FF, ("KR",)),
    (0x1200, 0x139F, ("Ethiopic",)),
    (0x1780, 0x17FF, ("Khmer",)),
    (0x1C90, 0x1CBF, ("Georgian",)),
    (0x2000, 0x20FF, ("Hebrew", "JP")),
    (0x2100, 0x2BFF, ("Symbols", "Emoji", *_CJK)),
    (0x2D00, 0x2D2F, ("Georgian",)),
    (0x2D80, 0x2DDF, ("Ethiopic",)),
    (0x3000, 0x9FFF, _CJK),
    (0xA8E0, 0xA8FF, ("Devanagari",)),
    (0xAB00, 0xAB2F, ("Ethiopic",)),
    (0xAC00, 0xD7A3, ("KR",)),
    (0xF900, 0xFAFF, _CJK),
    (0xFB1D, 0xFB4F, ("Hebrew",)),
    (0xFB50, 0xFDFF, ("Arabic",)),
    (0xFE70, 0xFEFF, ("Arabic",)),
    (0xFF00, 0xFFEF, _CJK),
    (0x1F000, 0x1FAFF, ("Emoji",)),
    (0x20000, 0x2FFFF, _CJK),
]
_STARTS = [start for start, _end, _names in SCRIPTS]


@dataclass(frozen=True, slots=True)
class Glyph:
    """One placed glyph, in thousandths of the type size: its own width, where it is drawn, how far the pen moves."""

    code: int
    width: float
    advance: float
    dx: float
    dy: float
    # The characters it stands for, for copy and search; empty when the glyph before it says them.
    means: str


@dataclass(frozen=True, slots=True)
class Run:
    """A string in one typeface and one direction, as glyphs in the order they are drawn."""

    glyphs: tuple[Glyph, ...]
    width: float
    # False when a glyph stands for something other than the one character at its place.
    literal: bool


class Typeface(TTFont):
    """One font file, known to ReportLab (which embeds it) and to harfbuzz (which shapes with it)."""

    def __init__(self, name: str) -> None:
        self.is_own = name.startswith((SERIF, SANS))
        super().__init__(name, str(FOLDER / f"{name}.ttf"), asciiReadable=self.is_own)
        self._shaper = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob(self.face._ttf_data)))
        self._scale = 1000 / self._shaper.face.upem

    def covers(self, character: str) -> bool:
        """Return whether the font has a glyph for the character."""
        return ord(character) in self.face.charToGlyph

    def shape(self, string: str, *, right_to_left: bool) -> Run:
        """Return the glyphs that print the string."""
        buffer = uharfbuzz.Buffer()
        buffer.add_str(string)
        buffer.guess_segment_properties()
        buffer.direction = "rtl" if right_to_left else "ltr"
        uharfbuzz.shape(self._shaper, buffer, {})
        infos, positions = buffer.glyph_infos, buffer.glyph_positions
        to_glyph, scale = self.face.charToGlyph, self._scale
        literal = not right_to_left and [info.codepoint for info in infos] == [to_glyph.get(ord(c)) for c in string]
        starts = sorted({info.cluster for info in infos})
        ends = dict(zip(starts, [*starts[1:], len(string)], strict=True))
        glyphs = []
        for index, (info, place) in enumerate(zip(infos, positions, strict=True)):
            code = ord(string[index]) if literal else self._private(info.codepoint)
            start = info.cluster
            glyphs.append(
                Glyph(
                    code=code,
                    width=self.face.charWidths[code],
                    advance=place.x_advance * scale,
                    dx=place.x_offset * scale,
                    dy=place.y_offset * scale,
                    means=string[start : ends.pop(start)] if start in ends else "",
                )
            )
        return Run(tuple(glyphs), sum(glyph.advance for glyph in glyphs), literal)

    def take(self, doc: Any, letters: Iterable[int]) -> None:
        """Note that a ReportLab document shows these letters."""
        self.getSubsetInternalName(0, doc)
        taken(doc, self.fontName).update(letters)

    def getSubsetInternalName(self, subset: int, doc: Any) -> str:  # noqa: N802 - ReportLab's name
        """Return what a part of the font is called in the document: the same in each."""
        if self.fontName not in doc.fontMapping:
            doc.fontMapping[self.fontName] = f"/{self.fontName}"
            doc.delayedFonts.append(self)
        return f"/{self.fontName}+{subset}"

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - ReportLab's name
        """Embed what the document shows of the font, and say what its private glyphs mean, which only we know."""
        state = self.state.pop(doc, None) or TTFont.State(self.is_own, self)
        said = {code: words for (name, code), words in meanings(doc).items() if name == self.fontName}
        letters = taken(doc, self.fontName)
        if self.fontName.startswith(SANS):  # names, numbers and amounts, other ones in each letter of a run
            letters = with_their_groups(letters)
        embed(doc, self.face, state.subsets, letters if self.is_own else None, said, self.fontName)

    def _private(self, glyph: int) -> int:
        code = PRIVATE + glyph
        if code not in self.face.charToGlyph:
            self.face.charToGlyph[code] = glyph
            self.face.charWidths[code] = self.face._pdfScale(self.face.hmetrics[glyph][0])
        return code


@cache
def typeface(name: str) -> Typeface:
    """Return the named typeface, loaded once per process."""
    face = Typeface(name)
    pdfmetrics.registerFont(face)
    return face


@lru_cache(maxsize=50_000)
def shaped(name: str, string: str, right_to_left: bool) -> Run:
    """Return the glyphs of a word in the named typeface; words come back often, so they are kept."""
    return typeface(name).shape(string, right_to_left=right_to_left)


def own_face(family: str, *, strong: bool, slanted: bool) -> str:
    """Return the name of the family's own face for the style; strong and slanted together is strong."""
    return f"{family}-{'Semibold' if strong else 'Italic' if slanted else 'Regular'}"


def _cjk_order(language: str) -> tuple[str, ...]:
    """Return the East Asian fonts, the reader's own first: the same character is drawn differently in each."""
    own = {"zh": "SC", "ko": "KR"}.get(language[:2], "JP")
    if language.lower() in {"zh-hant", "zh-tw", "zh-hk"}:
        own = "TC"
    return (own, *(name for name in _CJK if name != own))


@lru_cache(maxsize=20_000)
def face_for(character: str, own: str, language: str = "en") -> str | None:
    """Return the name of the typeface that prints the character: the wanted one if it can, else its script's."""
    if typeface(own).covers(character):
        return own
    code = ord(character)
    index = bisect_right(_STARTS, code) - 1
    if index < 0 or code > SCRIPTS[index][1]:
        return None
    names = SCRIPTS[index][2]
    if names is _CJK:
        names = _cjk_order(language)
    for name in names:
        if typeface(f"NotoSans{name}-Regular").covers(character):
            return f"NotoSans{name}-Regular"
    return None
