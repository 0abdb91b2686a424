"""How a declaration and a donor stand, as the tones and words of their chips."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from donations.models import GiftAidDeclaration, NotEnoughTax, Standing

TONES = {
    Standing.STANDS: "good",
    Standing.TO_CONFIRM: "waiting",
    Standing.INCOMPLETE: "waiting",
    Standing.CANCELLED: "quiet",
}


def donor_chip(declarations: Sequence[GiftAidDeclaration], told: Sequence[NotEnoughTax]) -> tuple[str | Promise, str]:
    """Return how a donor stands with Gift Aid today, in words and as a tone."""
    if any(time.until is None for time in told):
        return _("Gift Aid: too little tax"), "quiet"
    states = {declaration.standing for declaration in declarations}
    if Standing.STANDS in states:
        return _("Gift Aid"), "good"
    if Standing.TO_CONFIRM in states:
        return _("Gift Aid: confirm in writing"), "waiting"
    if Standing.INCOMPLETE in states:
        return _("Gift Aid: address incomplete"), "waiting"
    return (_("Gift Aid cancelled"), "quiet") if states else (_("No Gift Aid declaration"), "quiet")
