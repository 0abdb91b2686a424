"""What of a typeface goes into a file: which letters, under which codes, and what they mean to who copies or searches.

Our own faces give a letter of ASCII its own code in every file, so the operators that show a line are the same in each.
In the faces that set names and figures a letter brings its whole group along (a-z, A-Z, 0-9), so that one receipt of a
run mostly embeds what the one before it did. Both are made once and kept.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase.ttfonts import FF_NONSYMBOLIC, FF_SYMBOLIC, SUBSETN, TTFontFace

from core.documents.written import Written, add

# A glyph that stands for no single character (a joined letter, a conjunct) is known to ReportLab under a private code.
PRIVATE = 0xF0000
# The codes that are the same in every file.
FIXED = range(32, 128)
_GROUPS = [frozenset(range(ord(first), ord(last) + 1)) for first, last in ("az", "AZ", "09")]
_MISSING = 0


class Part(NamedTuple):
    """A part of a font as it stands in a file: up to 256 letters."""

    name: str
    file: bytes
    to_unicode: bytes
    descriptor: str
    encoding: str


def with_their_groups(letters: Iterable[int]) -> set[int]:
    """Return the letters, and every letter of the groups that some of them are in."""
    used = set(letters)
    return used.union(*(group for group in _GROUPS if group & used))


def taken(doc: Any, name: str) -> set[int]:
    """Return a document's own record of the letters it shows in the typeface of that name."""
    return _kept(doc, "steward_letters").setdefault(name, set())


def meanings(doc: Any) -> dict[tuple[str, int], str]:
    """Return a document's own record of what private codes stand for, kept for the reader's copy and search."""
    return _kept(doc, "steward_meanings")


def _kept(doc: Any, what: str) -> dict[Any, Any]:
    return doc.__dict__.setdefault(what, {})


def embed(
    doc: Any, face: TTFontFace, subsets: list[list[int]], kept: set[int] | None, said: dict[int, str], name: str
) -> None:
    """Add a typeface, cut into parts, to a ReportLab document under a name.

    Of the letters with fixed codes only those `kept` go in, and the blank; None means that no code is fixed. `said` are
    the words that private codes stand for.
    """
    fonts = doc.idToObject["BasicFonts"].dict
    for place, subset in enumerate(subsets):
        codes = tuple(subset if kept is None or place else _without_the_rest(subset, {*kept, ord(" ")}))
        part = _part(face, place, codes, tuple((code, said[code]) for code in codes if code in said))
        internal = f"{name}+{place}"
        file = add(doc, Written(part.file), f"{internal} file")
        to_unicode = add(doc, Written(part.to_unicode), f"{internal} characters")
        described = f"{part.descriptor} /FontFile2 {file} 0 R>>"
        descriptor = add(doc, Written(described.encode("ascii")), f"{internal} descriptor")
        font = (
            f"<</Type /Font /Subtype /TrueType /Name /{internal} /BaseFont /{part.name} "
            f"/FontDescriptor {descriptor} 0 R /ToUnicode {to_unicode} 0 R {part.encoding}>>"
        )
        add(doc, Written(font.encode("ascii")), internal)
        fonts[internal] = pdfdoc.PDFObjectReference(internal)


def _without_the_rest(subset: list[int], kept: set[int]) -> list[int]:
    return [
        _MISSING if index in FIXED and code == index and code not in kept else code for index, code in enumerate(subset)
    ]


@lru_cache(maxsize=128)
def _part(face: TTFontFace, place: int, codes: tuple[int, ...], said: tuple[tuple[int, str], ...]) -> Part:
    name = b"".join((SUBSETN(place), b"+", face.name, face.subfontNameX)).decode("latin-1")
    font = face.makeSubset(list(codes))
    first = next((index for index, code in enumerate(codes) if code), 0)
    widths = " ".join(f"{face.getCharWidth(code) if code else 0:g}" for code in codes[first:])
    box = " ".join(f"{edge:g}" for edge in face.bbox)
    flags = face.flags & ~FF_NONSYMBOLIC | FF_SYMBOLIC
    return Part(
        name=name,
        file=_stream(font, f"/Length1 {len(font)} "),
        to_unicode=_stream(_to_unicode(name, codes, dict(said)).encode("ascii")),
        descriptor=(
            f"<</Type /FontDescriptor /FontName /{name} /Flags {flags} /FontBBox [{box}] "
            f"/ItalicAngle {face.italicAngle:g} /Ascent {face.ascent:g} /Descent {face.descent:g} "
            f"/CapHeight {face.capHeight:g} /StemV {face.stemV:g} /MissingWidth {face.defaultWidth:g}"
        ),
        encoding=f"/FirstChar {first} /LastChar {len(codes) - 1} /Widths [{widths}]",
    )


def _stream(content: bytes, entries: str = "") -> bytes:
    packed = zlib.compress(content)
    head = f"<<{entries}/Filter /FlateDecode /Length {len(packed)}>>\nstream\n"
    return b"".join((head.encode("ascii"), packed, b"\nendstream\n"))


def _to_unicode(name: str, codes: tuple[int, ...], said: dict[int, str]) -> str:
    """Return the map from the bytes of one embedded part to characters (ISO 32000, 9.10.3)."""
    lines = [
        f"<{byte:02X}> <{(said.get(code) or chr(code)).encode('utf-16-be').hex().upper()}>"
        for byte, code in enumerate(codes)
        if code and (code < PRIVATE or said.get(code))
    ]
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            f"/CMapName /{name} def /CMapType 2 def",
            "1 begincodespacerange <00> <FF> endcodespacerange",
            *("\n".join([f"{len(block)} beginbfchar", *block, "endbfchar"]) for block in blocks),
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        ]
    )
