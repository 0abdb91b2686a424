"""How our paper looks: sizes, colours and measures, in points."""

from __future__ import annotations

from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.units import mm

from core.documents.lines import Style, plain
from core.documents.typefaces import SANS, SERIF

INK, SOFT, RULE, RULE_STRONG, SUNK = "#20211d", "#595a52", "#dcd5c6", "#847f6e", "#f0ebe0"
WRONG = "#a3271c"

# Countries whose letter paper is 8.5 by 11 inches (CLDR, territories with paper size US-Letter).
LETTER_COUNTRIES = frozenset(["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"])

MARGIN_SIDE, MARGIN_TOP, MARGIN_FOOT = 24 * mm, 20 * mm, 25 * mm

BODY = plain(SERIF, 10.5)
LEAD = plain(SERIF, 13, colour=SOFT)
SMALL = plain(SANS, 8.5, colour=SOFT)
PLAIN = plain(SANS, 9.5)
LABEL = plain(SANS, 8.5, colour=SOFT)
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


def _luminance(colour: str) -> float:
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def readable(colour: str, ratio: float = 4.5) -> str:
    """Return the colour, darkened as far as it must be to be read on white paper (WCAG contrast)."""
    parts = [int(colour[index : index + 2], 16) for index in (1, 3, 5)]
    while 1.05 / (_luminance(colour) + 0.05) < ratio:
        parts = [int(part * 0.94) for part in parts]
        colour = "#{:02x}{:02x}{:02x}".format(*parts)
    return colour


def tint(colour: str, share: float) -> str:
    """Return the colour thinned with white: a share of 0.1 is a tenth of it."""
    parts = [int(colour[index : index + 2], 16) for index in (1, 3, 5)]
    return "#{:02x}{:02x}{:02x}".format(*(round(255 - (255 - part) * share) for part in parts))
