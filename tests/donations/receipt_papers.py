"""What the tests of each country's receipts share: facts of a gift, a charity of that country, a PDF read as text."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from constituents.models import Constituent
from core.money import Money
from core.organisation import current_organisation, forget_organisation
from core.organisation.models import Organisation
from donations.models import AdvantageKind, GiftKind, Method, Receipt, ReceiptSettings
from donations.receipts.regimes import Facts
from donations.services.yearly import issue_year
from tests.factories.constituents import make_person

CANADIAN = {
    "name": "Harbour Light",
    "legal_name": "Harbour Light Foundation",
    "registration_number": "123456789 RR 0001",
    "street": "12 Quay Street",
    "city": "Halifax",
    "region": "NS",
    "postal_code": "B3H 1A1",
    "country": "CA",
    "regime": "ca",
    "base_currency": "CAD",
    "time_zone": "America/Halifax",
    "signatory_name": "Miriam Castellane",
    "signatory_title": "Treasurer",
}
GERMAN = CANADIAN | {
    "name": "Hafenlicht",
    "legal_name": "Hafenlicht e. V.",
    "registration_number": "VR 1234",
    "street": "Kaistraße 12",
    "city": "Musterstadt",
    "region": "",
    "postal_code": "12345",
    "country": "DE",
    "regime": "de",
    "base_currency": "EUR",
    "time_zone": "Europe/Berlin",
    "signatory_title": "Schatzmeisterin",
}
NOTICE = {
    "tax_office": "Musterstadt",
    "tax_number": "12/345/67890",
    "notice_kind": "exemption",
    "notice_date": dt.date(2025, 3, 4),
    "assessment_period": "2021 bis 2023",
    "purposes": "der Jugendhilfe und des Naturschutzes",
}


def become(values: dict[str, Any], **settings: Any) -> Organisation:
    """Make this instance that charity, with these receipt settings."""
    Organisation.objects.filter(pk=current_organisation().pk).update(**values)
    ReceiptSettings.objects.update_or_create(pk=1, defaults=settings)
    forget_organisation()
    return current_organisation()


def facts(amount: str = "100", currency: str = "CAD", **details: Any) -> Facts:
    """Return the facts of a cheque from a person, unless told otherwise."""
    values: dict[str, Any] = {
        "gift_id": 1,
        "received_on": dt.date(2026, 5, 4),
        "left": Money(Decimal(amount), currency),
        "kind": GiftKind.GIFT,
        "method": Method.CHEQUE,
        "description": "",
        "advantage": Decimal(0),
        "advantage_kind": AdvantageKind.GOODS,
        "advantage_description": "",
        "donor_is_person": True,
        "purpose": "General fund",
    }
    return Facts(**values | details)


def make_donor(name: str = "Anna", family: str = "Beispiel", *, country: str = "CA", **details: Any) -> Constituent:
    """Return a person with an address to print."""
    address = {"street": "2 Mill Lane", "city": "Exampleton", "postal_code": "B3H 1A2", "country": country}
    return make_person(name, family, address=address, **details)


def issued(year: int) -> list[Receipt]:
    """Return what the yearly run issues, all of it issued."""
    steps = list(issue_year(year, by=None))
    assert not [error for step in steps for error in step.errors]
    return [receipt for step in steps for receipt in step.receipts]


def words_of(content: bytes) -> str:
    """Return what a PDF says, each run of blanks as one."""
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages)


def pages_of(content: bytes) -> list[str]:
    """Return what each page says."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages]
