"""Declarations and claims, made by the app's own verbs so that every rule holds."""

from __future__ import annotations

import datetime as dt
from typing import Any

from constituents.models import Constituent
from donations.gift_aid.claiming import gather_claim, send_claim
from donations.gift_aid.declaring import declare
from donations.gift_aid.files import finish_files
from donations.gift_aid.wording import wording_for
from donations.models import GiftAidClaim, GiftAidDeclaration
from tests.factories.constituents import make_person

HOME = {"house": "12", "postcode": "SW1A 1AA"}


def make_declaration(donor: Constituent | None = None, **details: Any) -> GiftAidDeclaration:
    """Return a declaration for past, this and future gifts, of 1 June 2025 unless told otherwise."""
    scope = {name: details.get(f"covers_{name}", True) for name in ("past", "this", "future")}
    values = {"by": None, "declared_on": dt.date(2025, 6, 1), "wording": wording_for(**scope)} | HOME | details
    return declare(donor or make_person(title="Ms"), **values)


def make_sent_claim(up_to: dt.date, **details: Any) -> GiftAidClaim:
    """Return a claim that was sent, with its files."""
    claim = send_claim(gather_claim(by=None, up_to=up_to, **details), by=None)
    finish_files(claim)
    return claim
