"""OFX: the older files, whose tags are not closed, and the newer XML ones, read by the same eye.

Source: Open Financial Exchange 1.6 and 2.2, section 11 (bank statements): STMTTRN with DTPOSTED, TRNAMT, FITID, NAME,
MEMO. Only these are looked at, so that nothing a file declares is ever expanded.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from core.money import Money
from donations.bank.readers.lines import Entry, StatementError

_TRANSACTION = re.compile(r"<STMTTRN>(.*?)(?=</STMTTRN>|<STMTTRN>|</BANKTRANLIST>|\Z)", re.DOTALL | re.IGNORECASE)
_VALUE = re.compile(r"<([A-Z0-9.]+)>([^<\r\n]*)", re.IGNORECASE)
_CURRENCY = re.compile(r"<CURDEF>\s*([A-Z]{3})", re.IGNORECASE)


def looks_like_ofx(start: bytes) -> bool:
    """Return whether a file that starts so is OFX."""
    return b"OFXHEADER" in start or b"<OFX>" in start.upper()


def read_ofx(content: bytes, currency: str) -> list[Entry]:
    """Return the transactions; amounts are in the file's currency, or in the account's when it names none.

    Raises StatementError naming the transaction that cannot be read.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    named = _CURRENCY.search(text)
    currency = named.group(1).upper() if named else currency
    return [
        _entry(number, _values(found.group(1)), currency) for number, found in enumerate(_TRANSACTION.finditer(text), 1)
    ]


def _values(transaction: str) -> dict[str, str]:
    return {tag.upper(): html.unescape(value).strip() for tag, value in _VALUE.findall(transaction)}


def _entry(number: int, values: dict[str, str], currency: str) -> Entry:
    try:
        amount = Decimal(values.get("TRNAMT", "").replace(",", "."))
        booked_on = dt.datetime.strptime(values.get("DTPOSTED", "")[:8], "%Y%m%d").date()  # noqa: DTZ007  a plain day
    except (InvalidOperation, ValueError) as error:
        words = _("Transaction %(number)d has no readable day or amount.")
        raise StatementError(words % {"number": number}) from error
    return Entry(
        booked_on=booked_on,
        money=Money(amount, currency),
        payer=values.get("NAME", "") or values.get("PAYEE", ""),
        payer_account=values.get("ACCTID", ""),
        reference=values.get("REFNUM", "") or values.get("CHECKNUM", ""),
        text=values.get("MEMO", ""),
        bank_id=values.get("FITID", ""),
    )
