"""Colours: reading and writing hex, contrast as WCAG measures it, and lightness as the eye sees it (OKLab)."""

from __future__ import annotations

import math
import re

HEX_COLOUR = re.compile(r"^#[0-9a-fA-F]{6}$")

Triple = tuple[float, float, float]


def parse_hex(colour: str) -> Triple:
    """Return red, green and blue between 0 and 1. Raises ValueError unless the text is like `#1f5f4a`."""
    if not HEX_COLOUR.match(colour):
        raise ValueError(f"{colour!r} is not a colour such as #1f5f4a.")
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def to_hex(rgb: Triple) -> str:
    """Write red, green and blue as `#rrggbb`, each clipped to what a screen can show."""
    return "#" + "".join(f"{round(min(max(channel, 0), 1) * 255):02x}" for channel in rgb)


def _to_linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _from_linear(channel: float) -> float:
    return channel * 12.92 if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def luminance(colour: str) -> float:
    """Return the relative luminance, 0 (black) to 1 (white), as WCAG 2.2 defines it."""
    red, green, blue = (_to_linear(channel) for channel in parse_hex(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21; WCAG AA asks 4.5 of text and 3 of what one must see."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def to_oklch(colour: str) -> Triple:
    """Return lightness (0 to 1), chroma and hue (radians) in OKLCH, where equal steps look equal."""
    red, green, blue = (_to_linear(channel) for channel in parse_hex(colour))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def from_oklch(lightness: float, chroma: float, hue: float) -> str:
    """Return the hex colour; chroma gives way when a screen cannot show that much of it at that lightness."""
    while True:
        rgb = _oklch_to_rgb(lightness, chroma, hue)
        if chroma <= 0 or all(-0.0005 <= channel <= 1.0005 for channel in rgb):
            return to_hex(rgb)
        chroma = max(chroma - 0.004, 0)


def _oklch_to_rgb(lightness: float, chroma: float, hue: float) -> Triple:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _from_linear(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _from_linear(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _from_linear(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )
