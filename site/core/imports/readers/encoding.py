"""What a text file is written in: told by its first bytes, then proved over all of it."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

_BLOCK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to decode the file, what to call that on screen, and what the reader should know about it."""

    codec: str
    label: str
    note: str = ""


def detect_encoding(path: Path) -> Encoding:
    """Return what the file is written in. Bytes that do not fit come out as U+FFFD, for the row that has them."""
    with path.open("rb") as file:
        start = file.read(_BLOCK)
        for mark, codec, label in _BOMS:
            if start.startswith(mark):
                return Encoding(codec, label)
        if (unmarked := _utf16_without_mark(start)) is not None:
            return Encoding(unmarked, "UTF-16")
        file.seek(0)
        multibyte, stray = _count(file)
    if not stray:
        return Encoding("utf-8", "UTF-8")
    if multibyte > stray:
        return Encoding("utf-8", "UTF-8", _("Some cells have characters in another encoding; their rows are refused."))
    return Encoding("cp1252", "Windows-1252")


def _utf16_without_mark(start: bytes) -> str | None:
    sample = start[:2_000]
    if len(sample) < 4 or b"\0" not in sample:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > len(sample) // 4 and even < odd // 4:
        return "utf-16-le"
    if even > len(sample) // 4 and odd < even // 4:
        return "utf-16-be"
    return None


def _count(file: object) -> tuple[int, int]:
    """Return how many characters of several bytes there are, and how many bytes that fit none."""
    multibyte = stray = 0
    rest = b""
    while block := file.read(_BLOCK):  # type: ignore[attr-defined]
        block = rest + block
        if len(block) >= _BLOCK:  # a character may go on in the next block
            cut = max(block.rfind(b"\n"), len(block) - 4)
            block, rest = block[:cut], block[cut:]
        else:
            rest = b""
        several, single = _count_block(block)
        multibyte, stray = multibyte + several, stray + single
    several, single = _count_block(rest)
    return multibyte + several, stray + single


def _count_block(block: bytes) -> tuple[int, int]:
    try:
        text = block.decode("utf-8")
    except UnicodeDecodeError:
        without, found = _MULTIBYTE.subn(b"", block)
        return found, len(_HIGH.findall(without))
    return (0 if text.isascii() else 1), 0
