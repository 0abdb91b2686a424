"""The value: `Money(Decimal("12.50"), "EUR")`, its arithmetic, its parts, and how it reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING

from babel.core import Locale, UnknownLocaleError
from babel.numbers import format_currency, format_decimal, get_currency_precision
from django.utils import translation
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence


class CurrencyMismatchError(ValueError):
    """Two amounts of different currencies were added or compared."""


class InvalidAmountError(ValueError):
    """A text could not be read as an amount; the message says so to a person."""


@lru_cache(maxsize=256)
def currency_places(currency: str) -> int:
    """Return how many decimals the currency's smallest unit has (ISO 4217 by way of CLDR): 2 for EUR, 0 for JPY."""
    return get_currency_precision(currency)


def quantize(amount: Decimal, currency: str) -> Decimal:
    """Round to the currency's smallest unit, half away from zero."""
    return amount.quantize(Decimal(1).scaleb(-currency_places(currency)), rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An exact amount in one currency."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError(f"Money takes a Decimal, not {type(self.amount).__name__}.")
        object.__setattr__(self, "amount", quantize(self.amount, self.currency))

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Return nothing, in the given currency."""
        return cls(Decimal(0), currency)

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatchError(f"{self.currency} and {other.currency} do not add up.")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __mul__(self, factor: Decimal | int) -> Money:
        return Money(self.amount * factor, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.amount < other.amount

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.amount <= other.amount

    def __gt__(self, other: Money) -> bool:
        return other < self

    def __ge__(self, other: Money) -> bool:
        return other <= self

    def __bool__(self) -> bool:
        return self.amount != 0

    def __str__(self) -> str:
        return format_amount(self.amount, self.currency)

    def split(self, weights: Sequence[Decimal | int]) -> list[Money]:
        """Divide by weights so that the parts add up to the whole (largest remainder; ties go to the earlier part).

        Raises ValueError when there are no weights, one is negative, or all are zero.
        """
        shares = [Decimal(weight) for weight in weights]
        total = sum(shares, Decimal(0))
        if not shares or min(shares) < 0 or total == 0:
            raise ValueError("Weights must be zero or more, and not all zero.")
        unit = Decimal(1).scaleb(-currency_places(self.currency))
        units = int(self.amount / unit)
        sign, units = (-1, -units) if units < 0 else (1, units)
        exact = [units * share / total for share in shares]
        whole = [int(part) for part in exact]
        by_remainder = sorted(range(len(shares)), key=lambda i: (whole[i] - exact[i], i))
        for index in by_remainder[: units - sum(whole)]:
            whole[index] += 1
        return [Money(sign * part * unit, self.currency) for part in whole]

    @property
    def plain(self) -> str:
        """The amount as files and APIs write it: `1234.50`, no currency, no grouping."""
        return str(self.amount)


def _babel_locale() -> Locale:
    language = translation.get_language() or "en"
    try:
        return Locale.parse(translation.to_locale(language))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def format_amount(amount: Decimal, currency: str | None = None) -> str:
    """Write the amount for the active language, with its currency's sign when one is named; the minus sign is real."""
    locale = _babel_locale()
    if currency:
        text = format_currency(amount, currency, locale=locale)
    else:
        text = format_decimal(amount, format="#,##0.00", locale=locale)
    return text.replace("-", "\N{MINUS SIGN}")


_PLAIN = re.compile(r"^\d+(\.\d+)?$")
# Two numbers are no amount: `10 or 20`, `2x25`, `1e3`, `12 50`; behind a space between figures come three of them.
_TWO_NUMBERS = re.compile(r"\d[^\d]*[^\W\d_][^\d]*\d|\d\s+(?!\d{3}(?!\d))\d")
# The name of a currency, with the point of its abbreviation: `Rs. 500`, `kr. 100`.
_NAMES = re.compile(r"[^\W\d_]+\.?")


def parse_amount(text: str, *, decimal_mark: str | None = None) -> Decimal:
    """Read an amount as people write it: `$1,200.00`, `1.234,56`, `(58.80)`, `-58.80`, `1 200,5 €`.

    With both marks present the last one is the decimal mark. With one mark that could be either (`1,234`), three digits
    behind it mean thousands unless `decimal_mark` says otherwise. Raises InvalidAmountError on anything else.
    """
    original = text
    text = text.strip().replace("\N{MINUS SIGN}", "-")
    negative = False
    if text.startswith("(") and text.endswith(")"):
        negative, text = True, text[1:-1]
    if _TWO_NUMBERS.search(text):
        raise InvalidAmountError(_("“%(text)s” is not an amount.") % {"text": original})
    text = re.sub(r"[^\d.,\-+]", "", _NAMES.sub("", text))
    if text.startswith("-") or text.endswith("-"):
        negative, text = True, text.strip("-")
    text = text.removeprefix("+")
    mark = decimal_mark
    if mark is None:
        comma, dot = text.rfind(","), text.rfind(".")
        if comma >= 0 and dot >= 0:
            mark = "," if comma > dot else "."
        elif comma >= 0:
            mark = "." if text.count(",") > 1 or len(text) - comma - 1 == 3 else ","
        else:
            mark = "," if text.count(".") > 1 else "."
    thousands = "." if mark == "," else ","
    text = text.replace(thousands, "").replace(mark, ".")
    if text.startswith("."):
        text = f"0{text}"
    text = text.removesuffix(".")
    if not _PLAIN.match(text):
        raise InvalidAmountError(_("“%(text)s” is not an amount.") % {"text": original})
    try:
        amount = Decimal(text)
    except InvalidOperation as error:  # pragma: no cover - the pattern above admits only what Decimal reads
        raise InvalidAmountError(_("“%(text)s” is not an amount.") % {"text": original}) from error
    return -amount if negative else amount
