"""Receipts to look at before any is issued: invented gifts of nobody, drawn as the settings would have them today.

Nothing is written, no number is taken, and the page says SPECIMEN.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from core.money import Money
from core.organisation import current_organisation
from donations.documents import draw_receipt
from donations.models.gift import AdvantageKind, GiftKind, GoodsOrigin, Method
from donations.receipts.regimes import Facts, Issuer, Regime, language_for
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


class Paper(models.TextChoices):
    """Which receipt to look at."""

    MONEY = "money", _("One gift of money")
    GOODS = "goods", _("A gift of goods")
    YEAR = "year", _("A whole year")


def specimen(regime: Regime, issuer: Issuer, *, paper: str = Paper.MONEY, language: str = "") -> bytes:
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
        gifts = [_gift(f"{20 * month}", currency, dt.date(year, month, 10 + month)) for month in (2, 5, 9, 12)]
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
    return draw_receipt(snapshot | {"specimen": True, "marks": marks})


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
