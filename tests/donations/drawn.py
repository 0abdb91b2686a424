"""What a PDF draws, whatever codes its fonts know their letters by: for comparing drawings of two versions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream

_SECTION = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)
_HEX = re.compile(rb"<([0-9a-fA-F]+)>")


def drawn_by(content: bytes) -> str:
    """Return every stroke, and every line of text as its font, its size, its letters and the space between them."""
    reader = PdfReader(BytesIO(content))
    return "\n".join(line for page in reader.pages for line in _lines(page, reader))


def _lines(page: PageObject, reader: PdfReader) -> Iterator[str]:
    fonts = {name: font.get_object() for name, font in page["/Resources"]["/Font"].items()}
    letters = {name: _letters(font) for name, font in fonts.items()}
    named = {name: str(font["/BaseFont"]).split("+")[-1] for name, font in fonts.items()}
    face, size, text = "", "", ""
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator == b"Tf":
            if text and (named[operands[0]], str(operands[1])) != (named[face], size):
                yield f"{named[face]} {size} {text}"
                text = ""
            face, size = operands[0], str(operands[1])
        elif operator == b"TJ":
            text += "".join(_said(piece, letters[face]) for piece in operands[0])
        else:
            if text:
                yield f"{named[face]} {size} {text}"
                text = ""
            yield f"{operator.decode()} {' '.join(map(str, operands))}"


def _said(piece: Any, letters: dict[int, str]) -> str:
    if isinstance(piece, int | float):
        return f"⟨{piece}⟩"
    raw = piece if isinstance(piece, bytes) else piece.original_bytes
    return "".join(letters[code] for code in raw)


def _letters(font: Any) -> dict[int, str]:
    """Return what each code of a font stands for, as it says to readers."""
    found: dict[int, str] = {}
    if "/ToUnicode" not in font:
        return {code: chr(code) for code in range(256)}
    for kind, body in _SECTION.findall(font["/ToUnicode"].get_data()):
        numbers = _HEX.findall(body)
        if kind == b"char":
            pairs = zip(numbers[::2], numbers[1::2], strict=True)
            found |= {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}
        else:
            for first, last, text in zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True):
                start = int(text, 16)
                found |= {code: chr(start + code - int(first, 16)) for code in range(int(first, 16), int(last, 16) + 1)}
    return found
