"""How our paper looks: sizes and measures in points, colours from the same tokens as the web pages."""

from __future__ import annotations

from dataclasses import replace

from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.units import mm

from core.documents.lines import Style, plain
from core.documents.typefaces import SANS, SERIF
from core.theme import tokens

_COLOURS = tokens()
INK, SOFT, SUNK = _COLOURS["ink"], _COLOURS["ink-soft"], _COLOURS["sunk"]
RULE, RULE_STRONG = _COLOURS["rule"], _COLOURS["rule-strong"]
WRONG = _COLOURS["wrong"]

# Countries whose letter paper is 8.5 by 11 inches (CLDR, territories with paper size US-Letter).
LETTER_COUNTRIES = frozenset(["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"])

MARGIN_SIDE, MARGIN_TOP, MARGIN_FOOT = 24 * mm, 20 * mm, 25 * mm

BODY = plain(SERIF, 10.5)
LEAD = plain(SERIF, 13, colour=SOFT)
SMALL = plain(SANS, 8.5, colour=SOFT)
PLAIN = plain(SANS, 9.5)
LABEL = plain(SANS, 8.5, colour=SOFT)
ADDRESS = plain(SANS, 10.5, align="left")
FACTS = plain(SANS, 10.5)
MARK = Style(SANS, 110, 121, strong=True)
BIG = Style(SERIF, 23, 28, strong=True)
NAME = Style(SERIF, 15, 19, strong=True)
HEADINGS = {
    1: Style(SERIF, 21, 26, strong=True),
    2: Style(SERIF, 14, 19, strong=True),
    3: Style(SANS, 10.5, 15, strong=True),
}
COVER_TITLE = Style(SERIF, 34, 41, strong=True)


def page_size(country: str) -> tuple[float, float]:
    """Return the width and height of the country's letter paper."""
    return LETTER if country in LETTER_COUNTRIES else A4


def scaled(style: Style, by: float) -> Style:
    """Return the style with larger or smaller type."""
    return style if by == 1 else replace(style, size=round(style.size * by, 2), leading=round(style.leading * by, 2))


def tint(colour: str, share: float) -> str:
    """Return the colour thinned with white: a share of 0.1 is a tenth of it."""
    parts = [int(colour[index : index + 2], 16) for index in (1, 3, 5)]
    return "#{:02x}{:02x}{:02x}".format(*(round(255 - (255 - part) * share) for part in parts))
