"""The receipt rules of each country; the organisation follows one. A further country is one more file here."""

from __future__ import annotations

from core.organisation import current_organisation
from donations.errors import UnknownRegimeError
from donations.models.receipt_settings import ReceiptSettings
from donations.receipts.regimes.base import Facts, Issuer, Line, Occasion, Regime, Wording, language_for
from donations.receipts.regimes.ca import Canada
from donations.receipts.regimes.de import Germany
from donations.receipts.regimes.uk import UnitedKingdom
from donations.receipts.regimes.us import UnitedStates

_ISSUER = "receipt_issuer"
_ALL: tuple[Regime, ...] = (UnitedStates(), Canada(), UnitedKingdom(), Germany())
_REGIMES: dict[str, Regime] = {regime.code: regime for regime in _ALL}


def regime_named(code: str) -> Regime:
    """Return the rules with that code. Raises UnknownRegimeError when nobody has written them."""
    try:
        return _REGIMES[code]
    except KeyError:
        raise UnknownRegimeError(code) from None


def current_regime() -> Regime:
    """Return the rules the organisation follows today."""
    return regime_named(current_organisation().regime)


def current_issuer() -> Issuer:
    """Return who issues receipts today; read once while the organisation is kept (a request, a job)."""
    organisation = current_organisation()
    if not hasattr(organisation, _ISSUER):
        setattr(organisation, _ISSUER, Issuer.of(organisation, ReceiptSettings.load()))
    issuer: Issuer = getattr(organisation, _ISSUER)
    return issuer


__all__ = [
    "Facts",
    "Issuer",
    "Line",
    "Occasion",
    "Regime",
    "Wording",
    "current_issuer",
    "current_regime",
    "language_for",
    "regime_named",
]
