"""Member cards on paper: one of credit-card size, or ten to a sheet with marks to cut along."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

from babel.dates import format_date
from django.utils import translation
from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm

from core.documents import look, text
from core.documents.blocks import draw_lines
from core.documents.lines import Style, set_lines
from core.documents.structure import Element
from core.documents.tags import TaggedCanvas
from core.documents.typefaces import SANS, SERIF
from core.organisation import current_organisation
from core.theme import accent_for
from memberships.cards import Card, qr_rows

# ISO 7810 ID-1, the size of a credit card; on a sheet the common 85 by 54 of card paper.
CARD = (85.6 * mm, 53.98 * mm)
ON_SHEET = (85 * mm, 54 * mm)
_ACROSS, _DOWN = 2, 5
_INSET, _BAND, _QR = 5.2 * mm, 13 * mm, 19 * mm

_NAME = Style(SERIF, 13, 16, strong=True, colour=look.INK)
_LEVEL = Style(SANS, 8.5, 11, colour=look.SOFT)
_LABEL = Style(SANS, 6.2, 8, colour=look.SOFT)
_FACT = Style(SANS, 9, 11.5, strong=True, colour=look.INK)


def single_card(card: Card, *, language: str = "en") -> bytes:
    """Return one card as a page of its own size, for a card printer or a phone."""
    canvas, out, root = _canvas(CARD, _("Member card"), language)
    with translation.override(language):
        _draw(canvas, root, card, 0, 0, CARD, language)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def card_sheets(cards: Iterable[Card], *, language: str = "en") -> bytes:
    """Return cards ten to a sheet of the organisation's paper, with crop marks."""
    page = look.page_size(str(current_organisation().country))
    canvas, out, root = _canvas(page, _("Member cards"), language)
    left = (page[0] - _ACROSS * ON_SHEET[0]) / 2
    foot = (page[1] - _DOWN * ON_SHEET[1]) / 2
    drawn = 0
    with translation.override(language):
        for card in cards:
            place = drawn % (_ACROSS * _DOWN)
            if place == 0:
                if drawn:
                    canvas.showPage()
                _crop_marks(canvas, left, foot)
            column, row = place % _ACROSS, place // _ACROSS
            x, y = left + column * ON_SHEET[0], foot + (_DOWN - 1 - row) * ON_SHEET[1]
            _draw(canvas, root, card, x, y, ON_SHEET, language)
            drawn += 1
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _canvas(page: tuple[float, float], title: str, language: str) -> tuple[TaggedCanvas, BytesIO, Element]:
    out, root = BytesIO(), Element("Document")
    canvas = TaggedCanvas(
        out, root=root, furniture=lambda *_page: None, ground=lambda _canvas: None, pagesize=page,
        pageCompression=1, invariant=1, lang=language, pdfVersion=(1, 7),
    )  # fmt: skip
    canvas.setTitle(str(text(title)))
    canvas.setAuthor(str(text(current_organisation().printed_name)))
    canvas.setViewerPreference("DisplayDocTitle", "true")
    return canvas, out, root


def _draw(
    canvas: TaggedCanvas, root: Element, card: Card, x: float, y: float, size: tuple[float, float], language: str
) -> None:
    """Draw one card with its lower left corner at x, y: whose it is, who we are, the facts, the code."""
    organisation = current_organisation()
    accent = accent_for(organisation.accent_colour)
    width, height = size
    section = Element("Sect", root)
    with canvas.artifact():
        canvas.setFillColor(HexColor(accent.deep))
        canvas.rect(x, y + height - _BAND, width, _BAND, stroke=0, fill=1)
    head = Style(SERIF, 12, 14, strong=True, colour=accent.on_deep)
    role = Style(SANS, 7, 9, colour=accent.on_deep, align="right")
    inner = width - 2 * _INSET
    _put(
        canvas,
        section,
        organisation.name,
        head,
        x + _INSET,
        y + height - (_BAND - head.leading) / 2,
        inner * 0.72,
        language,
    )
    _put(canvas, section, _("Member card"), role, x + _INSET, y + height - (_BAND - role.leading) / 2, inner, language)

    room = width - 2 * _INSET - _QR - 3 * mm
    top = y + height - _BAND - 4.2 * mm
    top = _put(
        canvas, section, card.name, _fitting(card.name, room, language), x + _INSET, top, room, language, lines=2
    )
    _put(canvas, section, card.level, _LEVEL, x + _INSET, top - 1, room, language)

    facts = [(_("Number"), card.number), (_("Valid to"), _until(card.until, language))]
    if card.since is not None:
        facts.append((_("Member since"), str(card.since.year)))
    columns = (room * 0.3, room * 0.42, room * 0.28)
    base = y + _INSET + _FACT.leading + _LABEL.leading
    at = x + _INSET
    for (label, value), column in zip(facts, columns, strict=False):
        under = _put(canvas, section, label, _LABEL, at, base, column, language)
        _put(canvas, section, value, _FACT, at, under, column, language)
        at += column
    _draw_code(canvas, section, card.url, x + width - _INSET - _QR, y + _INSET)


def _put(
    canvas: TaggedCanvas,
    section: Element,
    words: Any,
    style: Style,
    x: float,
    top: float,
    width: float,
    language: str,
    *,
    lines: int = 1,
) -> float:
    """Draw words as a paragraph and return where it ends."""
    made: Sequence[Any] = set_lines(text(words), style, width, language)[:lines]
    with canvas.tagged(Element("P", section)):
        draw_lines(canvas, made, style, x, top, width)
    return top - len(made) * style.leading


def _fitting(name: str, room: float, language: str) -> Style:
    """Return the name's style, smaller where a long name would need more than two lines."""
    style = _NAME
    while style.size > 7 and len(set_lines(text(name), style, room, language)) > 2:
        style = replace(style, size=style.size - 1, leading=style.leading - 1.2)
    return style


def _until(until: dt.date | None, language: str) -> str:
    return _("for life") if until is None else format_date(until, "d MMM y", locale=language.replace("-", "_"))


def _draw_code(canvas: TaggedCanvas, section: Element, url: str, x: float, y: float) -> None:
    rows = qr_rows(url)
    side = _QR / len(rows)
    with canvas.tagged(Element("Figure", section, alt=_("Code to check the card: %(url)s") % {"url": url})):
        canvas.setFillColor(HexColor("#000000"))
        path = canvas.beginPath()
        for number, row in enumerate(rows):
            start = None
            for column, dark in enumerate([*row, False]):
                if dark and start is None:
                    start = column
                elif not dark and start is not None:
                    # A run of squares in one piece: no hairlines between them on screen or on paper.
                    path.rect(x + start * side, y + _QR - (number + 1) * side, (column - start) * side, side)
                    start = None
        canvas.drawPath(path, stroke=0, fill=1)


def _crop_marks(canvas: TaggedCanvas, left: float, foot: float) -> None:
    reach, gap = 3 * mm, 1 * mm
    right, top = left + _ACROSS * ON_SHEET[0], foot + _DOWN * ON_SHEET[1]
    with canvas.artifact():
        canvas.setStrokeColor(HexColor(look.RULE_STRONG))
        canvas.setLineWidth(0.35)
        for column in range(_ACROSS + 1):
            x = left + column * ON_SHEET[0]
            canvas.line(x, foot - gap, x, foot - gap - reach)
            canvas.line(x, top + gap, x, top + gap + reach)
        for row in range(_DOWN + 1):
            y = foot + row * ON_SHEET[1]
            canvas.line(left - gap, y, left - gap - reach, y)
            canvas.line(right + gap, y, right + gap + reach, y)
