"""Amounts in words, for countries whose receipts print them."""

from __future__ import annotations

from decimal import Decimal

from core.money import Money

_UP_TO_NINETEEN = [
    *("null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"),
    *("dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn"),
]
_TENS = ["-", "-", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"]


def german_euros(money: Money) -> str:
    """Return an amount in euros as German writes it out: `eintausenddreihundert Euro und fünf Cent`.

    Raises ValueError for another currency, for less than nothing, and from a thousand million on.
    """
    if money.currency != "EUR" or not 0 <= money.amount < Decimal(10**9):
        raise ValueError(f"{money.plain} {money.currency} is not written out in German.")
    euros, cents = divmod(int(money.amount * 100), 100)
    parts = []
    if euros or not cents:
        parts.append(f"{_german(euros, one='ein')} Euro")
    if cents:
        parts.append(f"{_german(cents, one='ein')} Cent")
    return " und ".join(parts)


def _german(number: int, *, one: str) -> str:
    """Return a number below a thousand million; `one` is how a one that stands alone is said."""
    if number == 1:
        return one
    millions, rest = divmod(number, 1_000_000)
    thousands, hundreds = divmod(rest, 1_000)
    words = []
    if millions:
        words.append(f"{_german(millions, one='eine')} {'Million' if millions == 1 else 'Millionen'}")
    if rest or not millions:
        small = _below_thousand(hundreds) if hundreds or not rest else ""
        words.append((_inside(thousands) + "tausend" if thousands else "") + small)
    return " ".join(words)


def _inside(number: int) -> str:
    """Return a number below a thousand as it stands before `tausend`: einhunderteintausend, not -einstausend."""
    return _below_thousand(number).removesuffix("s") if number % 100 == 1 else _below_thousand(number)


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    words = f"{_UP_TO_NINETEEN[hundreds].removesuffix('s') if hundreds == 1 else _UP_TO_NINETEEN[hundreds]}hundert"
    return (words if hundreds else "") + (_below_hundred(rest) if rest or not hundreds else "")


def _below_hundred(number: int) -> str:
    if number < 20:
        return _UP_TO_NINETEEN[number]
    tens, ones = divmod(number, 10)
    if not ones:
        return _TENS[tens]
    return f"{'ein' if ones == 1 else _UP_TO_NINETEEN[ones]}und{_TENS[tens]}"
