"""Make the typefaces of our documents from open-licensed web fonts; run by hand, never by the site.

    python site/core/documents/fonts/build.py WORKDIR [NAME ...]

WORKDIR caches the packages. ReportLab reads only static TrueType outlines, and web fonts come in slices of a few
hundred characters each: this joins the slices into one file per face, keeps the layout rules that shaping needs, and
leaves out what a letter never prints. README.md beside this file says where everything comes from.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.merge import Merger
from fontTools.merge import Options as MergeOptions
from fontTools.pens.filterPen import DecomposingFilterPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parent
EUROPE = ("latin", "latin-ext", "greek", "greek-ext", "cyrillic", "cyrillic-ext", "vietnamese")
# Kept out of the European faces: ligatures make a name hard to search for in the finished file.
SHAPING = ["kern", "mark", "mkmk", "ccmp"]
MADE = 3_849_120_000  # 21 December 2025 in seconds since 1904: the same input makes the same bytes
LICENCE = "This Font Software is licensed under the SIL Open Font License, Version 1.1."


@dataclass(frozen=True)
class Face:
    """One file to make: the package it comes from, its weight and style, and the slices that go in."""

    package: str
    version: str
    slices: tuple[str, ...]
    weight: int = 400
    style: str = "normal"


FACES = {
    "StewardSerif-Regular": Face("literata", "5.3.0", EUROPE),
    "StewardSerif-Italic": Face("literata", "5.3.0", EUROPE, style="italic"),
    "StewardSerif-Semibold": Face("literata", "5.3.0", EUROPE, weight=600),
    "StewardSans-Regular": Face("source-sans-3", "5.3.1", EUROPE),
    "StewardSans-Italic": Face("source-sans-3", "5.3.1", EUROPE, style="italic"),
    "StewardSans-Semibold": Face("source-sans-3", "5.3.1", EUROPE, weight=600),
    **{
        f"NotoSans{script.capitalize()}-Regular": Face(f"noto-sans-{script}", "5.3.0", (script,))
        for script in (
            *("arabic", "armenian", "bengali", "devanagari", "ethiopic", "georgian", "gujarati", "gurmukhi", "hebrew"),
            *("kannada", "khmer", "lao", "malayalam", "myanmar", "sinhala", "tamil", "telugu", "thai"),
        )
    },
}


def encoded(codec: str, lead: range, trail: range) -> set[int]:
    """Return the characters of a double-byte national standard, by asking Python's codec for each code."""
    found: set[int] = set()
    for first in lead:
        for second in trail:
            try:
                found.update(map(ord, bytes([first, second]).decode(codec)))
            except UnicodeDecodeError:
                continue
    return found


# The national standards of what names and letters use, instead of the 20,000 characters few people ever write.
JAPANESE = encoded("euc_jp", range(0xA1, 0xF5), range(0xA1, 0xFF))
SIMPLIFIED = encoded("gb2312", range(0xA1, 0xF8), range(0xA1, 0xFF))
TRADITIONAL = encoded("big5", range(0xA4, 0xC7), range(0x40, 0xFF))
HANGUL = {*range(0x1100, 0x1200), *range(0x3131, 0x318F), *range(0xAC00, 0xD7A4)}
ARROWS_AND_SIGNS = {*range(0x2100, 0x2300), *range(0x2500, 0x2800)}
EMOJI = {*range(0x2300, 0x2800), *range(0x2B00, 0x2C00), *range(0x1F000, 0x1FB00)}
# Drawn afresh, without layout rules: (packages to look in, in turn; the characters to take).
DRAWN = {
    "NotoSansJP-Regular": (("noto-sans-jp",), JAPANESE),
    "NotoSansSC-Regular": (("noto-sans-sc",), SIMPLIFIED),
    # Only what the two above lack: they are asked first.
    "NotoSansTC-Regular": (("noto-sans-tc",), TRADITIONAL - SIMPLIFIED - JAPANESE),
    "NotoSansKR-Regular": (("noto-sans-kr",), HANGUL),
    "NotoSansSymbols-Regular": (("noto-sans-math", "noto-sans-symbols-2"), ARROWS_AND_SIGNS),
    "NotoSansEmoji-Regular": (("noto-emoji",), EMOJI),
}
VERSIONS = {"noto-emoji": "5.3.2"}


def unpacked(package: str, version: str, work: Path) -> Path:
    """Return the folder of the package's font files, fetched once through the ordinary npm client."""
    folder = work / f"{package}-{version}"
    if not folder.exists():
        packed = subprocess.run(  # noqa: S603 - a fixed command, run by hand
            ["npm", "pack", "--silent", f"@fontsource/{package}@{version}"],  # noqa: S607
            cwd=work, check=True, capture_output=True, text=True,
        ).stdout.split()[-1]  # fmt: skip
        with tarfile.open(work / packed) as archive:
            archive.extractall(folder, filter="data")
        (work / packed).unlink()
    return folder / "package" / "files"


def slice_files(files: Path, package: str, slices: tuple[str, ...], weight: int, style: str) -> list[Path]:
    """Return the slices of one weight and style that the package really has, in the given order."""
    candidates = [files / f"{package}-{name}-{weight}-{style}.woff2" for name in slices]
    return [path for path in candidates if path.exists()]


def joined(paths: list[Path], work: Path) -> TTFont:
    """Join slices that keep their layout rules (kerning, marks, joining letters)."""
    parts = []
    seen: set[int] = set()
    for number, path in enumerate(paths):
        font = TTFont(path)
        wanted = set(font.getBestCmap()) - seen
        seen |= wanted
        options = Options()
        options.layout_features = SHAPING if len(paths) > 1 else ["*"]
        options.hinting = False
        options.notdef_outline = True
        options.name_IDs = ["*"]
        options.drop_tables += ["STAT", "BASE", "gasp", "prep"]
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=wanted)
        subsetter.subset(font)
        part = work / f"part-{number}.ttf"
        font.flavor = None
        font.save(part)
        parts.append(part)
    if len(parts) == 1:
        return TTFont(parts[0])
    return Merger(options=MergeOptions(drop_tables=["STAT", "BASE", "gasp", "prep"])).merge([str(p) for p in parts])


def redrawn(paths: list[Path], wanted: set[int], name: str) -> TTFont:
    """Draw the wanted characters of many slices into one new font without layout rules: enough for CJK and signs."""
    glyphs: dict[str, object] = {}
    metrics: dict[str, tuple[int, int]] = {}
    cmap: dict[int, str] = {}
    first = TTFont(paths[0])
    for path in paths:
        font = TTFont(path)
        outlines = font.getGlyphSet()
        if not glyphs:
            pen = TTGlyphPen(None)
            outlines[".notdef"].draw(pen)
            glyphs[".notdef"], metrics[".notdef"] = pen.glyph(), (outlines[".notdef"].width, 0)
        for code, source in sorted(font.getBestCmap().items()):
            if code not in wanted or code in cmap:
                continue
            pen = TTGlyphPen(None)
            outlines[source].draw(DecomposingFilterPen(pen, outlines))
            target = f"u{code:04X}"
            cmap[code], glyphs[target], metrics[target] = target, pen.glyph(), (outlines[source].width, 0)
    builder = FontBuilder(first["head"].unitsPerEm, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap(cmap)
    builder.setupGlyf(glyphs)
    bearings = {key: (width, getattr(glyphs[key], "xMin", 0) or 0) for key, (width, _) in metrics.items()}
    builder.setupHorizontalMetrics(bearings)
    builder.setupHorizontalHeader(ascent=first["hhea"].ascent, descent=first["hhea"].descent)
    builder.setupOS2(
        sTypoAscender=first["OS/2"].sTypoAscender, sTypoDescender=first["OS/2"].sTypoDescender, fsType=0,
        usWinAscent=first["OS/2"].usWinAscent, usWinDescent=first["OS/2"].usWinDescent,
    )  # fmt: skip
    family, style = name.split("-")
    builder.setupNameTable({"familyName": family, "styleName": style, "psName": name, "fullName": f"{family} {style}"})
    builder.setupPost(keepGlyphNames=False)
    return builder.font


def finish(font: TTFont, name: str) -> None:
    """Give the face one clear name, keep the copyright and licence lines, fix the dates, and write it."""
    table = font["name"]
    family, style = name.split("-")
    notice = table.getDebugName(0) or "The Noto Project Authors"
    table.names = []
    names = {0: notice, 1: family, 2: style, 3: name, 4: f"{family} {style}", 6: name, 13: LICENCE}
    for number, value in names.items():
        table.setName(value, number, 3, 1, 0x409)
    font["head"].created = font["head"].modified = MADE
    font["post"].formatType = 3.0
    font.recalcTimestamp = False
    font.save(HERE / f"{name}.ttf")


def main() -> None:
    """Make the named faces, or all."""
    work = Path(sys.argv[1])
    work.mkdir(parents=True, exist_ok=True)
    names = sys.argv[2:] or [*FACES, *DRAWN]
    for name in names:
        if name in FACES:
            face = FACES[name]
            files = unpacked(face.package, face.version, work)
            font = joined(slice_files(files, face.package, face.slices, face.weight, face.style), work)
        else:
            packages, wanted = DRAWN[name]
            paths = []
            for package in packages:
                files = unpacked(package, VERSIONS.get(package, "5.3.0"), work)
                paths += sorted(files.glob(f"{package}-*-400-normal.woff2"))
            font = redrawn(paths, wanted, name)
        finish(font, name)
    sizes = {path.name: path.stat().st_size for path in sorted(HERE.glob("*.ttf"))}
    sys.stdout.write(json.dumps(sizes | {"total": sum(sizes.values())}, indent=2) + "\n")


if __name__ == "__main__":
    main()
