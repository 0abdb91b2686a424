"""Postcodes and house numbers as HMRC's schedule wants them."""

from __future__ import annotations

import re

# The pattern HMRC's own checker holds postcodes against.
_POSTCODE = re.compile(
    r"(?:GIR 0AA|(?:[A-Z][0-9][0-9]?|[A-Z][A-HJ-Y][0-9][0-9]?|[A-Z][0-9][A-Z]|[A-Z][A-HJ-Y][0-9]?[A-Z]) [0-9][A-Z]{2})"
)
_LETTERS = re.compile(r"[^A-Za-z0-9]")
# `12`, `12a`, `12-14`, `Flat 3, 12 High Street`: what comes before the street's name.
_NUMBER = re.compile(
    r"^(?P<number>(?:(?:flat|apartment|apt\.?|unit)\s+\w+\s*,?\s*)?\d+\s?[a-z]?(?:\s?[-/]\s?\d+[a-z]?)?)\b",
    re.IGNORECASE,
)
# Islands that are not in the United Kingdom, though their postcodes look it.
_ISLANDS = ("GY", "IM", "JE")


def written(postcode: str) -> str:
    """Return the postcode in capitals with its space: `sw1a1aa` becomes `SW1A 1AA`."""
    bare = _LETTERS.sub("", postcode).upper()
    return f"{bare[:-3]} {bare[-3:]}" if len(bare) > 4 else bare


def is_valid(postcode: str) -> bool:
    """Return whether it is a postcode of the United Kingdom, however it is spaced."""
    return bool(_POSTCODE.fullmatch(written(postcode)))


def is_of_the_islands(postcode: str) -> bool:
    """Return whether it is of Guernsey, Man or Jersey, which are not in the United Kingdom."""
    return written(postcode)[:2] in _ISLANDS


def house_of(street: str) -> str:
    """Return the number at the head of a street line, or the line itself where it has none: `12`, `The Old Barn`."""
    line = street.strip()
    found = _NUMBER.match(line)
    return found["number"].strip(" ,") if found else line
