"""What rules that speak of Gift Aid need to know of gifts beyond their own rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from donations.gift_aid.eligibility import gift_aid_is_on, portions_of
from donations.gift_aid.rules import Reason
from donations.models import Gift
from donations.receipts.regimes import Facts, Regime
from donations.receipts.regimes.base import CLAIMABLE, CLAIMED

_SPEAK_OF_IT = frozenset({"uk"})


def facts_for(gifts: Sequence[Gift], regime: Regime) -> list[Facts]:
    """Return the facts of gifts for a receipt, with how they stand with Gift Aid where the rules speak of it."""
    facts = [Facts.of(gift) for gift in gifts]
    if regime.code not in _SPEAK_OF_IT or not gift_aid_is_on():
        return facts
    standing = standings(gifts)
    return [replace(one, gift_aid=standing.get(one.gift_id, "")) for one in facts]


def standings(gifts: Sequence[Gift]) -> dict[int, str]:
    """Return for each gift whether Gift Aid was claimed or can be; of a joint one what holds of the donor's share."""
    found = {}
    for portion in portions_of(gifts):
        if portion.person.pk == portion.gift.donor_id:
            claimed = portion.verdict.reason is Reason.CLAIMED
            found[portion.gift.pk] = CLAIMED if claimed else CLAIMABLE if portion.verdict.is_eligible else ""
    return found
