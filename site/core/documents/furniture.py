"""The parts of a page that say who writes to whom: letterhead, address, signature, cover, footer and mark."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django_countries import countries
from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm

from core.documents import look
from core.documents.blocks import Drawn, Picture, draw_lines
from core.documents.errors import DocumentError
from core.documents.lines import set_lines
from core.documents.sender import Sender
from core.documents.structure import Element
from core.documents.tags import TaggedCanvas
from core.documents.words import Text, join, text
from core.theme import accent_for


def picture(image: Any) -> Picture | None:
    """Return a Wagtail image (or bytes) ready to draw. Raises DocumentError when its file cannot be read."""
    if not image:
        return None
    if isinstance(image, bytes):
        return Picture(image)
    try:
        with image.open_file() as file:
            return Picture(file.read())
    except OSError as error:
        raise DocumentError(_("The image “%(title)s” cannot be read.") % {"title": image.title}) from error


def stacked(lines: list[Any]) -> Text:
    """Return the lines that are not blank as one text, each on a line of its own."""
    shown = [text(line) for line in lines if str(line or "").strip()]
    return join([part for line in shown for part in (text("\n"), line)][1:])


def letterhead(organisation: Sender, root: Element, width: float, language: str) -> Drawn:
    """Return the head of a letter: logo and name on the left, address and ways to answer on the right."""
    accent = accent_for(organisation.accent_colour).accent
    country = str(countries.name(str(organisation.country)))
    side = 58 * mm
    main_width = width - side - 8 * mm
    logo = picture(organisation.logo)
    logo_width, logo_height = logo.size_within(56 * mm, 17 * mm) if logo else (0.0, 0.0)
    name_style, small = replace(look.NAME, colour=accent), replace(look.SMALL, align="right")
    name = set_lines(text(organisation.printed_name), name_style, main_width, language)
    contact = [organisation.email, organisation.phone, organisation.website.removeprefix("https://").rstrip("/")]
    address = set_lines(stacked([*organisation.address_lines, country, *contact]), small, side, language)
    logo_element = Element("Figure", root, alt=organisation.name) if logo else None
    name_element, address_element = Element("P", root), Element("P", root)
    left_height = len(name) * name_style.leading + (logo_height + 8 if logo else 0)

    def draw(canvas: TaggedCanvas, _width: float, height: float) -> None:
        top = height
        if logo and logo_element:
            with canvas.tagged(logo_element):
                logo.draw(canvas, 0, top - logo_height, logo_width, logo_height)
            top -= logo_height + 8
        with canvas.tagged(name_element):
            draw_lines(canvas, name, name_style, 0, top, main_width)
        with canvas.tagged(address_element):
            draw_lines(canvas, address, small, width - side, height, side)
        with canvas.artifact():
            canvas.setStrokeColor(HexColor(accent))
            canvas.setLineWidth(1.4)
            canvas.line(0, 0.7, width, 0.7)

    return Drawn(max(left_height, len(address) * small.leading) + 12, draw, after=10 * mm)


def address(lines: list[Any], date: Any, root: Element, width: float, language: str) -> Drawn:
    """Return the recipient's address, high enough for a window envelope, with the date across from it."""
    style, date_style = look.ADDRESS, replace(look.PLAIN, colour=look.SOFT, align="right")
    half = width * 0.6
    shown = set_lines(stacked(lines), style, half, language)
    element = Element("P", root)
    dated = set_lines(text(date), date_style, width - half, language) if date else []
    date_element = Element("P", root) if date else None

    def draw(canvas: TaggedCanvas, _width: float, height: float) -> None:
        with canvas.tagged(element):
            draw_lines(canvas, shown, style, 0, height, half)
        if date_element:
            with canvas.tagged(date_element):
                draw_lines(canvas, dated, date_style, half, height, width - half)

    return Drawn(max(len(shown) * style.leading, 24 * mm), draw, after=9 * mm)


def signature(name: Text, title: Text, image: Any, root: Element, width: float, language: str) -> Drawn:
    """Return the signature: the image, or room for a pen, above who signs."""
    drawn = picture(image)
    image_width, image_height = drawn.size_within(60 * mm, 18 * mm) if drawn else (0.0, 16 * mm)
    names = set_lines(name, replace(look.PLAIN, strong=True), width, language)
    titles = set_lines(title, look.SMALL, width, language) if title else []
    figure = Element("Figure", root, alt=_("Signature")) if drawn else None
    element = Element("P", root)

    def draw(canvas: TaggedCanvas, _width: float, height: float) -> None:
        if drawn and figure:
            with canvas.tagged(figure):
                drawn.draw(canvas, 0, height - image_height, image_width, image_height)
        top = height - image_height - 4
        with canvas.tagged(element):
            draw_lines(canvas, names, replace(look.PLAIN, strong=True), 0, top, width)
            draw_lines(canvas, titles, look.SMALL, 0, top - look.PLAIN.leading * len(names), width)

    height = image_height + 4 + len(names) * look.PLAIN.leading + len(titles) * look.SMALL.leading
    return Drawn(height, draw, after=8)


def cover(
    organisation: Sender, title: Text, subtitle: Text, date: Text, root: Element, page: tuple[float, float],
    language: str,
) -> Drawn:  # fmt: skip
    """Return a first page in the organisation's colour."""
    accent = accent_for(organisation.accent_colour)
    width, height = page[0] - 2 * look.MARGIN_SIDE, page[1] - look.MARGIN_TOP - look.MARGIN_FOOT
    title_style, lead_style = (
        replace(look.COVER_TITLE, colour=accent.on_deep),
        replace(look.LEAD, colour=accent.on_deep),
    )
    name_style = replace(look.NAME, colour=accent.deep)
    logo = picture(organisation.logo)
    logo_width, logo_height = logo.size_within(60 * mm, 22 * mm) if logo else (0.0, 0.0)
    titles = set_lines(title, title_style, width * 0.9, language)
    subtitles = set_lines(subtitle, lead_style, width * 0.75, language) if subtitle else []
    title_element = Element("H1", root)
    subtitle_element = Element("P", root) if subtitle else None
    name_element = Element("P", root)
    figure = Element("Figure", root, alt=organisation.name) if logo else None

    def draw(canvas: TaggedCanvas, _width: float, _height: float) -> None:
        edge = height * 0.3
        with canvas.artifact():
            canvas.setFillColor(HexColor(accent.deep))
            canvas.rect(-look.MARGIN_SIDE, edge, page[0], page[1], stroke=0, fill=1)
        top = height * 0.72
        with canvas.tagged(title_element):
            draw_lines(canvas, titles, title_style, 0, top, width)
        top -= len(titles) * title_style.leading + 14
        if subtitle_element:
            with canvas.tagged(subtitle_element):
                draw_lines(canvas, subtitles, lead_style, 0, top, width)
        top = edge - 14 * mm
        if logo and figure:
            with canvas.tagged(figure):
                logo.draw(canvas, 0, top - logo_height, logo_width, logo_height)
            top -= logo_height + 10
        with canvas.tagged(name_element):
            draw_lines(
                canvas, set_lines(text(organisation.name), name_style, width, language), name_style, 0, top, width
            )
            dated = set_lines(date, look.PLAIN, width, language)
            draw_lines(canvas, dated, replace(look.PLAIN, colour=look.SOFT), 0, top - name_style.leading - 4, width)

    return Drawn(height - 1, draw)


def footer(canvas: TaggedCanvas, words: Text, numbered: Text, width: float, language: str) -> None:
    """Draw what every page has at its foot: who, and which page of how many."""
    style, right = look.SMALL, replace(look.SMALL, align="right")
    with canvas.artifact():
        canvas.setStrokeColor(HexColor(look.RULE))
        canvas.setLineWidth(0.4)
        canvas.line(look.MARGIN_SIDE, 17 * mm, look.MARGIN_SIDE + width, 17 * mm)
        lines = set_lines(words, style, width * 0.76, language)[:2]
        draw_lines(canvas, lines, style, look.MARGIN_SIDE, 15.5 * mm, width)
        lines = set_lines(numbered, right, width * 0.22, language)[:1]
        draw_lines(canvas, lines, right, look.MARGIN_SIDE, 15.5 * mm, width)


def overprint(canvas: TaggedCanvas, mark: str, page: tuple[float, float], language: str) -> None:
    """Draw a word across the page, under what stands there: large, and never in its way."""
    style = replace(look.MARK, colour=look.tint(look.WRONG, 0.2))
    lines = set_lines(text(mark), style, 1e4, language)
    size = min(style.size, style.size * page[0] * 0.85 / lines[0].width)
    style = replace(style, size=size, leading=size * 1.1)
    lines = set_lines(text(mark), style, 1e4, language)
    with canvas.artifact():
        canvas.saveState()
        canvas.translate(page[0] / 2, page[1] / 2)
        canvas.rotate(52)
        draw_lines(canvas, lines, style, -lines[0].width / 2, size * 0.55, lines[0].width)
        canvas.restoreState()
