"""Postal addresses as an envelope has them: the order of lines, and what is written in capitals, differ by country.

The orders follow the addressing sheets of the Universal Postal Union. A letter that crosses a border carries its town
in capitals, and below it the country in capitals and in the sender's language, which their own post office reads.
"""

from __future__ import annotations

from typing import Protocol

from django.conf import settings
from django.utils.translation import override
from django_countries import countries


class PostalParts(Protocol):
    """What an address is made of."""

    street: str
    city: str
    region: str
    postal_code: str

    @property
    def country(self) -> object:
        """A country, or its two letters."""


# S street, X second line, C town, R region, Z postal code; each | begins a line. What stands between two parts is
# written only when both are there.
_FORMATS = {
    line: codes.split()
    for line, codes in {
        "S|X|Z C": "AD AT BE BG CH CZ DE DK EE FI FR GF GL GP GR HR IS LI LT LU MC ME MK MQ NC NL NO PF PL PT RE RO "
        "RS SE SI SK SM VA YT",
        "S|X|C R Z": "AS FM GU MH MP PR PW US VI",
        "S|X|C R  Z": "AU CA",
        "S|X|C|Z": "FK GB GG GI IM JE LK ZA",
        "S|X|C|R|Z": "EG IE KE RU UA",
        "S|X|R|C Z": "NZ",
        "S|X|C Z": "IL SA SG",
        "S|X|C Z|R": "IN NG PK",
        "S|X|Z C R": "IT",
        "S|X|Z C|R": "AR CL ES MY PH UY",
        "S|X|Z C/R": "TR",
        "S|X|Z C, R": "MX",
        "S|X|C - R|Z": "BR",
        "S|X|C, R, Z": "CO",
        "S|X|C, R Z": "CN JP KR TW VN",
        "S|X|C|R Z": "ID TH",
        "S|X|C|R": "AE HK QA",
        "C|S|X|Z": "HU",
    }.items()
}
_FORMAT_OF = {code: line for line, codes in _FORMATS.items() for code in codes}
_ELSEWHERE = "S|X|C R Z"
# In their own script these write from the largest to the smallest.
_NATIVE = {"CN": "Z|RC|SX", "JP": "〒Z|RC|S|X", "KR": "R C|S|X|Z", "TW": "Z|RC|SX"}
# Where the post asks for the town in capitals at home too.
_CAPITALS = frozenset(["AU", "CA", "ES", "FI", "FR", "GB", "GG", "IE", "IM", "IT", "JE", "NL", "NO", "PT", "SE"])
_REGION_IN_CAPITALS = frozenset(["AU", "CA", "IT", "US"])


def postal_lines(address: PostalParts, *, from_country: str = "", language: str = "") -> list[str]:
    """Return the lines of an address without the name, none of them blank, as one reads them on a screen.

    With `from_country`, as they are written on an envelope posted there: capitals where the post asks for them, and
    abroad the country, named in `language` (the house's own unless given).
    """
    code = str(address.country or "")
    is_abroad = bool(from_country and code and code != from_country)
    parts = _parts(address)
    if from_country and (is_abroad or code in _CAPITALS):
        parts["C"] = parts["C"].upper()
    if from_country and (is_abroad or code in _REGION_IN_CAPITALS):
        parts["R"] = parts["R"].upper()
    lines = [_line(pattern, parts) for pattern in _format_for(code, parts).split("|")]
    if is_abroad:
        lines.append(country_line(code, language=language))
    return [line for line in lines if line]


def postal_order(address: PostalParts, *, from_country: str) -> tuple[bool, str, str]:
    """Return what letters are sorted by for the post: those for home first, then country by country, by postal code."""
    code = str(address.country or "")
    return code not in ("", from_country), code, address.postal_code


def country_line(code: str, *, language: str = "") -> str:
    """Return the country as the last line of an envelope has it: its name in a language, in capitals."""
    with override(language or settings.LANGUAGE_CODE):
        return str(countries.name(code)).upper()


def _parts(address: PostalParts) -> dict[str, str]:
    parts = {
        "S": address.street,
        "X": getattr(address, "extra", ""),
        "C": address.city,
        "R": address.region,
        "Z": address.postal_code,
    }
    parts = {name: (value or "").strip() for name, value in parts.items()}
    if parts["R"].casefold() == parts["C"].casefold() and str(address.country or "") in ("AR", "CL", "ES"):
        parts["R"] = ""  # Madrid in the province of Madrid is said once
    return parts


def _format_for(code: str, parts: dict[str, str]) -> str:
    if code in _NATIVE and any(ord(letter) > 0x2E80 for letter in parts["C"] + parts["S"]):
        return _NATIVE[code]
    return _FORMAT_OF.get(code, _ELSEWHERE)


def _line(pattern: str, parts: dict[str, str]) -> str:
    written, between = "", ""
    for sign in pattern:
        if sign not in parts:
            between += sign
            continue
        if value := parts[sign]:
            # A mark before the first part, such as Japan's 〒, belongs to the part itself.
            written += (between if written or between == "〒" else "") + value
        between = ""
    return written
