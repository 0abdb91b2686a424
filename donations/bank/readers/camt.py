"""CAMT.053, the statement of ISO 20022, in any of its versions: the namespace names it and is not looked at.

Source: ISO 20022 BankToCustomerStatement (camt.053.001.02 to .08); one entry may hold several transactions, such as the
standing orders of a morning booked as one sum.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _

from core.money import Money
from donations.bank.readers.lines import Entry, StatementError


def looks_like_camt(start: bytes) -> bool:
    """Return whether a file that starts so is a statement of this kind."""
    return b"camt.053" in start or b"BkToCstmrStmt" in start


def read_camt(content: bytes) -> list[Entry]:
    """Return the booked entries. Raises StatementError for what is not well-formed, or declares a document type."""
    # Entities are only declared in a document type, which no bank writes: without one there is nothing to expand.
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise StatementError(_("The file declares a document type. A bank’s statement does not; it is not read."))
    try:
        root = ET.fromstring(content)  # noqa: S314  no entities: see above
    except ET.ParseError as error:
        line = error.position[0]
        raise StatementError(_("Line %(line)d is not well-formed XML.") % {"line": line}) from error
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return [entry for booked in root.iter("Ntry") if _is_booked(booked) for entry in _entries(booked)]


def _is_booked(booked: ET.Element) -> bool:
    status = booked.findtext("Sts/Cd") or booked.findtext("Sts") or "BOOK"
    return status.strip() == "BOOK"


def _entries(booked: ET.Element) -> Iterator[Entry]:
    """Yield the transactions of an entry, or the entry itself when it does not list them with their amounts."""
    day = _day(booked)
    sign = -1 if booked.findtext("CdtDbtInd") == "DBIT" else 1
    details = booked.findall("NtryDtls/TxDtls")
    money = [_money(detail) for detail in details]
    if len(details) > 1 and all(money) and sum(each.amount for each in money if each) == _required(booked).amount:
        for detail, each in zip(details, money, strict=True):
            yield _entry(booked, detail, day, each * sign if each else _required(booked))
        return
    yield _entry(booked, details[0] if details else booked, day, _required(booked) * sign)


def _entry(booked: ET.Element, detail: ET.Element, day: dt.date, money: Money) -> Entry:
    texts = [*(each.text or "" for each in detail.iter("Ustrd")), booked.findtext("AddtlNtryInf") or ""]
    reference = detail.findtext(".//CdtrRefInf/Ref") or detail.findtext("Refs/EndToEndId") or ""
    return Entry(
        booked_on=day,
        money=money,
        payer=(detail.findtext(".//Dbtr/Nm") or detail.findtext(".//Dbtr/Pty/Nm") or "").strip(),
        payer_account=(
            detail.findtext(".//DbtrAcct/Id/IBAN") or detail.findtext(".//DbtrAcct/Id/Othr/Id") or ""
        ).strip(),
        payer_address=_address(detail),
        reference="" if reference.strip() == "NOTPROVIDED" else reference.strip(),
        text=" ".join(" ".join(texts).split()),
        bank_id=(
            detail.findtext("Refs/TxId") or detail.findtext("Refs/AcctSvcrRef") or booked.findtext("AcctSvcrRef") or ""
        ).strip(),
    )


def _address(detail: ET.Element) -> str:
    """Return the payer's address line by line: as the bank wrote the lines, or put together from its parts."""
    address = detail.find(".//Dbtr/PstlAdr")
    if address is None:
        address = detail.find(".//Dbtr/Pty/PstlAdr")
    if address is None:
        return ""
    written = [(line.text or "").strip() for line in address.findall("AdrLine")]
    street, town = (
        " ".join(filter(None, ((address.findtext(part) or "").strip() for part in parts)))
        for parts in (("StrtNm", "BldgNb"), ("PstCd", "TwnNm"))
    )
    return "\n".join(filter(None, written or (street, town)))


def _day(booked: ET.Element) -> dt.date:
    written = booked.findtext("BookgDt/Dt") or booked.findtext("BookgDt/DtTm") or booked.findtext("ValDt/Dt") or ""
    try:
        return dt.date.fromisoformat(written.strip()[:10])
    except ValueError as error:
        raise StatementError(_("“%(text)s” is not a day an entry was booked on.") % {"text": written}) from error


def _required(booked: ET.Element) -> Money:
    money = _money(booked)
    if money is None:
        raise StatementError(_("An entry has no amount."))
    return money


def _money(element: ET.Element) -> Money | None:
    amount = element.find("Amt")
    if amount is None:
        amount = element.find("AmtDtls/TxAmt/Amt")
    if amount is None:
        return None
    try:
        return Money(Decimal((amount.text or "").strip()), amount.get("Ccy", ""))
    except InvalidOperation as error:
        raise StatementError(_("“%(text)s” is not an amount.") % {"text": amount.text or ""}) from error
