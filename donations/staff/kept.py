"""A donor's kept totals, asked once for all that shows on one page."""

from __future__ import annotations

from constituents.models import Constituent
from donations.models import GivingTotals

_KEPT = "giving_totals_kept"


def kept_totals(constituent: Constituent) -> GivingTotals | None:
    """Return the kept totals; None for whom no gift was ever posted or recognised: the row, once made, stays."""
    if not hasattr(constituent, _KEPT):
        setattr(constituent, _KEPT, GivingTotals.objects.filter(constituent=constituent).first())
    kept: GivingTotals | None = getattr(constituent, _KEPT)
    return kept
