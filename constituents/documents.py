"""Mail on paper: labels for a sheet of the stationer's, and one letter a person with their own words put in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.units import inch, mm

from core.documents import Document, text
from core.documents.blocks import draw_lines
from core.documents.lines import Style, set_lines
from core.documents.structure import Element
from core.documents.tags import TaggedCanvas
from core.documents.typefaces import SANS
from core.organisation import current_organisation


@dataclass(frozen=True)
class Sheet:
    """A sheet of labels, as the stationer cuts it."""

    name: str
    page: tuple[float, float]
    across: int
    down: int
    size: tuple[float, float]
    left: float
    top: float
    gap: float = 0

    @property
    def places(self) -> int:
        """How many labels a sheet has."""
        return self.across * self.down


SHEETS = {
    "a4-21": Sheet(
        "A4, 3 × 7 (63.5 × 38.1 mm, L7160)",
        A4, 3, 7, (63.5 * mm, 38.1 * mm), 7.2 * mm, 15.1 * mm, 2.5 * mm,
    ),
    "a4-24": Sheet("A4, 3 × 8 (70 × 37 mm, 3474)", A4, 3, 8, (70 * mm, 37 * mm), 0, 0.5 * mm),
    "letter-30": Sheet(
        "US Letter, 3 × 10 (2 5/8 × 1 in, 5160)",
        LETTER, 3, 10, (2.625 * inch, 1 * inch), 0.1875 * inch, 0.5 * inch, 0.125 * inch,
    ),
}  # fmt: skip
_WORDS, _SMALL = Style(SANS, 9.5, 11.6), Style(SANS, 8, 9.8)
_INSET = 4 * mm


def labels(addresses: Iterable[Sequence[str]], *, sheet: Sheet, language: str = "en", skip: int = 0) -> bytes:
    """Return sheets of labels; `skip` leaves the first places of the first sheet free, when they are used up."""
    out, root = BytesIO(), Element("Document")
    canvas = TaggedCanvas(
        out, root=root, furniture=lambda *_page: None, ground=lambda _canvas: None, pagesize=sheet.page,
        pageCompression=1, invariant=1, lang=language, pdfVersion=(1, 7),
    )  # fmt: skip
    canvas.setTitle(str(text(_("Address labels"))))
    canvas.setAuthor(str(text(current_organisation().printed_name)))
    place = skip % sheet.places
    started = False
    for lines in addresses:
        if place == sheet.places:
            canvas.showPage()
            place = 0
        _label(canvas, root, lines, sheet, place, language)
        place, started = place + 1, True
    if not started:
        _label(canvas, root, [_("Nobody with an address.")], sheet, place, language)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _label(canvas: TaggedCanvas, root: Element, lines: Sequence[str], sheet: Sheet, place: int, language: str) -> None:
    width, height = sheet.size
    x = sheet.left + (place % sheet.across) * (width + sheet.gap) + _INSET
    top = sheet.page[1] - sheet.top - (place // sheet.across) * height
    room = width - 2 * _INSET
    style, made = _WORDS, _set(lines, _WORDS, room, language)
    if len(made) * style.leading > height - 2 * mm:
        style, made = _SMALL, _set(lines, _SMALL, room, language)
    made = made[: int((height - 2 * mm) / style.leading)]
    with canvas.tagged(Element("P", root)):
        draw_lines(canvas, made, style, x, top - (height - len(made) * style.leading) / 2, room)


def _set(lines: Sequence[str], style: Style, room: float, language: str) -> list[Any]:
    return [part for line in lines for part in set_lines(text(line), style, room, language)]


def letter(
    *, address: Sequence[str], date: Any, paragraphs: Sequence[str], language: str = "en", signed: bool = True
) -> bytes:
    """Return one letter on our paper."""
    document = Document(_("Letter"), language=language)
    document.letterhead()
    document.address(address, date=date)
    for paragraph in paragraphs:
        document.paragraph(paragraph)
    if signed:
        document.signature()
    return document.render()


__all__ = ["SHEETS", "Sheet", "labels", "letter"]
