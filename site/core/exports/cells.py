"""One cell: what a value becomes in a file, and how words are kept from running as a formula."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from core.clock import zone
from core.money import Money

# What starts a formula, also behind blanks, and in the full-width forms that some East Asian set-ups accept. A mark put
# there by us, or typed, counts as seen, so that `unguard` gives back exactly what was typed.
_RUNS = re.compile("^'*[\\s\\x00-\\x20\u00a0\u200b-\u200f\u2060\ufeff]*[=+\\-@＝＋－＠]|^'*[\\t\\r\\n]")
# What neither XML nor a CSV reader takes.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# A spreadsheet keeps 15 digits of a number; a longer one (an account number) would lose its end.
_DIGITS = 15


def guard(words: str) -> str:
    """Return the words with an apostrophe in front if a spreadsheet would run them; other words as they are."""
    return f"'{words}" if _RUNS.match(words) else words


def unguard(words: str) -> str:
    """Return what `guard` was given: importing our own export changes nothing."""
    return words[1:] if words.startswith("'") and _RUNS.match(words) else words


def simple(value: Any) -> str | int | Decimal | bool | dt.date | dt.datetime | dt.time | None:
    """Return the value as one of the few kinds a file knows.

    Money gives its amount (its currency is a column of its own), several values one line of words, an instant the
    organisation's local time, a float its exact shortest decimal.
    """
    if value is None or isinstance(value, (bool, Decimal, dt.time)):
        return value if not isinstance(value, Decimal) or value.is_finite() else str(value)
    if isinstance(value, Money):
        return value.amount
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return simple(Decimal(repr(value)))
    if isinstance(value, dt.datetime):
        return value.astimezone(zone()) if value.tzinfo else value
    if isinstance(value, dt.date):
        return value
    if isinstance(value, (list, tuple, set, frozenset)):
        return "; ".join(str(simple(part) if simple(part) is not None else "") for part in value)
    return _CONTROLS.sub("", str(value))


def csv_cell(value: Any) -> str:
    """Return the value as a CSV cell: plain numbers, ISO dates, guarded words, nothing for None."""
    value = simple(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return guard(value)


def json_cell(value: Any) -> Any:
    """Return the value as JSON has it: amounts as strings (they are exact), dates in ISO, lists as lists."""
    if isinstance(value, (list, tuple, set, frozenset)):
        return [json_cell(part) for part in value]
    value = simple(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return value


def xlsx_cell(value: Any) -> str | int | Decimal | bool | dt.date | dt.datetime | dt.time | None:
    """Return the value as a sheet holds it: local times without a zone, and numbers too long for a sheet as words."""
    value = simple(value)
    if isinstance(value, dt.datetime):
        value = value.replace(tzinfo=None)
    if isinstance(value, (dt.date, dt.datetime)) and value.year < 1900:
        return value.isoformat()
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        exact = Decimal(value)
        digits = max(len(exact.normalize().as_tuple().digits), exact.adjusted() + 1)
        return f"{exact:f}" if digits > _DIGITS else value
    return value
