"""Everything a receipt says, as plain values: what is drawn today, in ten years, after any renaming."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import translation
from django.utils.translation import gettext as _

from constituents.models import Constituent
from constituents.services.addresses import address_on
from core.money import Money
from core.organisation import current_organisation
from core.postal import country_line
from donations.receipts.regimes import Issuer, Line, Occasion, Regime, Wording, language_for


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom a receipt is made out: name and address as printed, and what puts it in postal order."""

    name: str
    lines: tuple[str, ...] = ()
    abroad: str = ""
    postal_code: str = ""
    language: str = ""

    @classmethod
    def of(cls, constituent: Constituent, date: dt.date) -> Recipient:
        """Return a constituent as they are addressed on a day."""
        address = address_on(constituent, date)
        if address is None:
            return cls(constituent.formal_name, language=constituent.language)
        is_abroad = address.country and address.country != current_organisation().country
        return cls(
            name=constituent.formal_name,
            lines=tuple(address.envelope_lines),
            abroad=country_line(str(address.country)) if is_abroad else "",
            postal_code=address.postal_code,
            language=constituent.language,
        )


def take_snapshot(
    *,
    regime: Regime,
    issuer: Issuer,
    recipient: Recipient,
    lines: Sequence[Line],
    serial: str,
    issued_on: dt.date,
    covers_year: int | None = None,
    replaces: str = "",
    is_specimen: bool = False,
) -> dict[str, Any]:
    """Return what the receipt says, in the donor's language where the rules have it, complete for drawing it."""
    language = language_for(regime, recipient.language, issuer.settings.language, settings.LANGUAGE_CODE)
    occasion = Occasion(
        issuer=issuer, issued_on=issued_on, language=language, serial=serial, year=covers_year, replaces=replaces
    )
    with translation.override(language):
        wording = regime.wording(lines, occasion)
        currency = lines[0].amount.currency
        return {
            "layout": regime.layout,
            "language": language,
            "serial": serial,
            "issued_on": issued_on.isoformat(),
            "replaces": replaces,
            "specimen": is_specimen,
            "currency": currency,
            "organisation": _organisation(),
            "recipient": {
                "name": recipient.name,
                "lines": list(recipient.lines),
                "abroad": recipient.abroad,
                "postal_code": recipient.postal_code,
            },
            "lines": [_line(line, what) for line, what in zip(lines, wording.items, strict=True)],
            "total": _total(lines, currency),
            "facts": [list(fact) for fact in wording.facts],
            "marks": dict(wording.marks),
            "says": _says(wording),
        }


def _total(lines: Sequence[Line], currency: str) -> dict[str, str]:
    names = ("amount", "advantage", "eligible")
    return {name: sum((getattr(line, name) for line in lines), Money.zero(currency)).plain for name in names}


def _says(wording: Wording) -> dict[str, Any]:
    """Return the words: those every receipt has, in the language that is on; a regime may have others for them."""
    return {
        "title": wording.title,
        "opening": wording.opening,
        "statements": list(wording.statements),
        "registration": wording.registration,
        "closing": wording.closing,
        "number": _("Receipt number"),
        "registration_number": wording.registration_label,
        "replaces": _("Replaces receipt"),
        "date": _("Date"),
        "gift": _("Gift"),
        "amount": _("Amount"),
        "advantage": _("Received in return"),
        "eligible": _("Deductible"),
        "total": _("Total"),
    } | dict(wording.words)


def _organisation() -> dict[str, Any]:
    organisation = current_organisation()
    return {
        "name": organisation.printed_name,
        "lines": organisation.address_lines,
        "country": str(organisation.country),
        "email": organisation.email,
        "phone": organisation.phone,
        "website": organisation.website,
        "registration_number": organisation.registration_number,
        "accent": organisation.accent_colour,
        "logo": keep_picture(organisation.logo),
        "signature": keep_picture(organisation.signature),
        "signatory_name": organisation.signatory_name,
        "signatory_title": organisation.signatory_title,
    }


def _line(line: Line, what: str) -> dict[str, Any]:
    """What is described and not valued carries no amount; what is not so is not mentioned."""
    return {
        "on": line.received_on.isoformat(),
        "what": what,
        "amount": "" if line.is_described else line.amount.plain,
        "advantage": line.advantage.plain if line.advantage else "",
        "eligible": "" if line.is_described else line.eligible.plain,
    } | ({"waives_expenses": True} if line.waives_expenses else {})


def keep_picture(image: Any) -> str:
    """Keep a copy of the picture's bytes under their own hash, and return where; an empty string without a picture.

    Staff may replace logo or signature any day: a receipt goes on showing those it was issued with.
    """
    if image is None:
        return ""
    rendition = image.get_rendition("max-1200x1200|format-png")
    with rendition.file.open("rb") as file:
        content = file.read()
    path = f"receipts/pictures/{hashlib.sha256(content).hexdigest()}.png"
    storage = storages["private"]
    return path if storage.exists(path) else storage.save(path, ContentFile(content))
