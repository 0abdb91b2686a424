"""How words are shown on a page: the operators of ISO 32000, 9.4, with each glyph where the shaper placed it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from reportlab.lib.colors import HexColor

from core.documents.embedding import FIXED, PRIVATE, meanings
from core.documents.lines import Line, Piece, Style
from core.documents.typefaces import Glyph, Run, Typeface, own_face, shaped, typeface


class Shown(NamedTuple):
    """A line of plain letters, which every file shows alike: its operators, and by face the letters it takes."""

    operators: str
    letters: tuple[tuple[Typeface, frozenset[int]], ...]


def number(value: float) -> str:
    """Return a number as short as it can be written, to a thousandth."""
    return f"{value:.3f}".rstrip("0").rstrip(".") or "0"


@lru_cache(maxsize=100)
def colour(hexadecimal: str) -> str:
    """Return the operands that set a colour."""
    return " ".join(number(part) for part in HexColor(hexadecimal).rgb())


@lru_cache(maxsize=4_000)
def shown_alike(line: Line, style: Style) -> Shown | None:
    """Return a line as every file shows it; None when it has other than plain letters of our own faces."""
    pieces = line.visual()
    if not all(map(_is_plain, pieces)):
        return None
    words = [(piece.face, piece.string) for piece in pieces]
    if line.spaced:
        words.append((own_face(style.family, strong=style.strong, slanted=False), " "))
    out, letters = [], dict[Typeface, set[int]]()
    for name, group in groupby(words, key=lambda word: word[0]):
        glyphs = [glyph for _name, string in group for glyph in shaped(name, string, False).glyphs]
        out.append(f"/{name}+0 {number(style.size)} Tf [{_shifted((glyph.code, glyph) for glyph in glyphs)}] TJ")
        letters.setdefault(typeface(name), set()).update(glyph.code for glyph in glyphs)
    return Shown(" ".join(out), tuple((face, frozenset(codes)) for face, codes in letters.items()))


def _is_plain(piece: Piece) -> bool:
    """Whether each of its glyphs has a code that is the same in every file."""
    if piece.faux or piece.level % 2 or not typeface(piece.face).is_own:
        return False
    run = shaped(piece.face, piece.string, False)
    return run.literal and all(glyph.code in FIXED and not glyph.dy for glyph in run.glyphs)


def operators(doc: Any, face: Typeface, run: Run, size: float) -> Iterator[str]:
    """Yield what shows any run; ReportLab decides which embedded part of the font holds each glyph."""
    if not run.literal:
        known = meanings(doc)
        for glyph in run.glyphs:
            if glyph.means and glyph.code >= PRIVATE:
                known.setdefault((face.fontName, glyph.code), glyph.means)
    face.take(doc, (glyph.code for glyph in run.glyphs))
    places = [
        (subset, byte)
        for subset, shown in face.splitString("".join(chr(glyph.code) for glyph in run.glyphs), doc)
        for byte in shown
    ]
    placed = zip(places, run.glyphs, strict=True)
    opened, rise = None, 0.0
    for (subset, its_rise), group in groupby(placed, key=lambda pair: (pair[0][0], pair[1].dy)):
        if subset != opened:
            yield f"{face.getSubsetInternalName(subset, doc)} {number(size)} Tf"
            opened = subset
        if its_rise != rise:
            yield f"{number(its_rise * size / 1000)} Ts"
            rise = its_rise
        yield f"[{_shifted((byte, glyph) for (_subset, byte), glyph in group)}] TJ"
    if rise:
        yield "0 Ts"


def _shifted(shown: Iterable[tuple[int, Glyph]]) -> str:
    """Return the bytes of glyphs, and between them how far each is from where the one before it left the pen."""
    parts, held, shift = [], "", 0
    for byte, glyph in shown:
        shift += round(-glyph.dx)
        if shift:
            if held:
                parts.append(f"<{held}>")
                held = ""
            parts.append(str(shift))
        held += f"{byte:02X}"
        shift = round(glyph.width - glyph.advance + glyph.dx)
    if held:
        parts.append(f"<{held}>")
    if shift:
        parts.append(str(shift))
    return "".join(parts)
