"""Receipts to look at before any is issued: invented gifts of nobody, drawn as the settings would have them today.

Nothing is written, no number is taken, and the page says SPECIMEN.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from core.money import Money
from core.organisation import current_organisation
from donations.documents import draw_receipt
from donations.models.gift import AdvantageKind, GiftKind, GoodsOrigin, Method
from donations.models.receipt_settings import NoticeKind, ReceiptSettings
from donations.receipts.regimes import Facts, Issuer, Regime, language_for, regime_named
from donations.receipts.snapshot import Recipient, take_snapshot

# What the tax office of the country counts in; elsewhere the organisation's own currency.
_CURRENCIES = {"us": "USD", "ca": "CAD", "uk": "GBP", "de": "EUR"}
# Where German rules confirm nothing of a gift that brought something back, the specimen brings nothing back.
_ADVANTAGE = {"us": Decimal(40), "ca": Decimal(40)}
# Nobody's names, goods and dinners, in the languages receipts are written in.
_INVENTED = {
    "en": ("Alex Sample", ("2 Mill Lane", "Exampleton"), "An upright piano of 1998, in good condition", "A dinner"),
    "fr": ("Camille Exemple", ("2, rue du Moulin", "Exempleville"), "Un piano droit de 1998, en bon état", "Un souper"),
    "de": ("Erika Beispiel", ("Mühlenweg 2", "54321 Beispielhausen"), "Klavier, Baujahr 1998, guter Zustand", ""),
}
_VALUERS = {"en": "P. Valuer, 4 Market Street, Exampleton", "fr": "P. Évaluateur, 4, rue du Marché, Exempleville"}


@dataclass(frozen=True, slots=True)
class Abroad:
    """A charity that is none, to show in the demo what the receipts of another country look like."""

    name: str
    lines: tuple[str, ...]
    city: str
    registration_number: str
    signatory: str
    signatory_title: str
    country: str
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def issuer(self) -> Issuer:
        """It, as one who issues receipts."""
        return Issuer(
            name=self.name,
            address_lines=self.lines,
            city=self.city,
            registration_number=self.registration_number,
            signatory=self.signatory,
            has_signature=False,
            settings=ReceiptSettings(**self.settings),
        )

    @property
    def letterhead(self) -> dict[str, Any]:
        """It, as a snapshot keeps an organisation."""
        return {
            "name": self.name,
            "lines": list(self.lines),
            "country": self.country,
            "email": "",
            "phone": "",
            "registration_number": self.registration_number,
            "signatory_name": self.signatory,
            "signatory_title": self.signatory_title,
            "signature": "",
        }


ABROAD: Mapping[str, Abroad] = {
    "us": Abroad(
        "Harbour Light", ("12 Quay Street", "Portbury, ME 04101"), "Portbury", "00-0000000", "Miriam Castellane",
        "Treasurer", "US",
    ),
    "ca": Abroad(
        "Harbour Light Foundation", ("12 Quay Street", "Portbury NS B3H 1A1"), "Portbury", "123456789 RR 0001",
        "Miriam Castellane", "Treasurer", "CA",
    ),
    "uk": Abroad(
        "Harbour Light Trust", ("12 Quay Street", "Portbury", "TR11 3XX"), "Portbury", "1234567", "Miriam Castellane",
        "Treasurer", "GB",
    ),
    "de": Abroad(
        "Hafenlicht e. V.", ("Kaistraße 12", "12345 Musterstadt"), "Musterstadt", "VR 1234", "Miriam Kastellan",
        "Schatzmeisterin", "DE",
        {
            "tax_office": "Musterstadt", "tax_number": "12/345/67890", "notice_kind": NoticeKind.EXEMPTION,
            "notice_date": dt.date(2025, 3, 4), "assessment_period": "2021 bis 2023",
            "purposes": "der Jugendhilfe und des Naturschutzes",
        },
    ),
}  # fmt: skip


class Paper(models.TextChoices):
    """Which receipt to look at."""

    MONEY = "money", _("One gift of money")
    GOODS = "goods", _("A gift of goods")
    YEAR = "year", _("A whole year")


def specimen_abroad(country: str, *, paper: str = Paper.MONEY, language: str = "") -> bytes:
    """Return what a receipt of another country looks like, of an invented charity there."""
    charity = ABROAD[country]
    return specimen(
        regime_named(country), charity.issuer, paper=paper, language=language, letterhead=charity.letterhead
    )


def specimen(
    regime: Regime,
    issuer: Issuer,
    *,
    paper: str = Paper.MONEY,
    language: str = "",
    letterhead: Mapping[str, Any] | None = None,
) -> bytes:
    """Return the PDF of an invented receipt under the rules, in one of their languages."""
    today = clock.today()
    language = language_for(regime, language, issuer.settings.language)
    name, address, goods, dinner = _INVENTED.get(language[:2], _INVENTED["en"])
    year = today.year - 1 if paper == Paper.YEAR else None
    currency = _CURRENCIES.get(regime.code, current_organisation().base_currency)
    gifts = [_gift("120", currency, today, advantage=_ADVANTAGE.get(regime.code, Decimal(0)), dinner=dinner)]
    if paper == Paper.GOODS:
        valuer = _VALUERS.get(language[:2], "")
        gifts = [_gift("480", currency, today, method=Method.IN_KIND, description=goods, valued_by=valuer)]
    elif year:
        first, _last = regime.year_bounds(year)
        days = [first + dt.timedelta(days=after) for after in (42, 134, 260, 355)]
        gifts = [_gift(f"{20 * place}", currency, day) for place, day in zip((2, 5, 9, 12), days, strict=True)]
    snapshot = take_snapshot(
        regime=regime,
        issuer=issuer,
        recipient=Recipient(name, address, language=language),
        lines=[regime.assess(gift) for gift in gifts],
        serial=f"R{today.year}-000000",
        issued_on=today,
        covers_year=year,
    )
    marks = {"specimen": "SPECIMEN"} | snapshot["marks"]
    organisation = snapshot["organisation"] | dict(letterhead or {})
    return draw_receipt(snapshot | {"specimen": True, "marks": marks, "organisation": organisation})


def _gift(
    amount: str, currency: str, on: dt.date, *, advantage: Decimal = Decimal(0), dinner: str = "", **more: Any
) -> Facts:
    values: dict[str, Any] = {
        "gift_id": 0,
        "received_on": on,
        "left": Money(Decimal(amount), currency),
        "kind": GiftKind.GIFT,
        "method": Method.TRANSFER,
        "description": "",
        "advantage": advantage,
        "advantage_kind": AdvantageKind.GOODS,
        "advantage_description": dinner if advantage else "",
        "donor_is_person": True,
        "purpose": current_organisation().name,
        "goods_origin": GoodsOrigin.PRIVATE,
        "value_is_documented": True,
    }
    return Facts(**values | more)
