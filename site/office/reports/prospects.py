"""The donor-prospect list: who to ask next, with the reason for each name; who must not be asked is left out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from constituents.models import Constituent
from core.organisation import current_organisation
from donations.prospects import Prospect, participation_of, rank_prospects, reasons_for

LISTED = 50


@dataclass(frozen=True, slots=True)
class ProspectLine:
    """One name on the list."""

    place: int
    constituent: Constituent
    household: str
    prospect: Prospect
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class ProspectList:
    """The list and how it came about."""

    as_of: dt.date
    currency: str
    lines: list[ProspectLine]
    ranked: int
    left_out: int

    @property
    def asked_for(self) -> Decimal:
        """What the suggested asks add up to."""
        return sum((line.prospect.ask for line in self.lines), Decimal(0))


def prospect_list(*, as_of: dt.date, limit: int = LISTED) -> ProspectList:
    """Return the first names of the ranking by value that may be asked."""
    ranked = rank_prospects(as_of=as_of, kind="value")
    may_be_asked = [prospect for prospect in ranked if not prospect.excluded]
    chosen = may_be_asked[:limit]
    ids = [prospect.constituent_id for prospect in chosen]
    people = Constituent.objects.filter(pk__in=ids).prefetch_related("household_memberships__household").in_bulk()
    participation = participation_of(ids, as_of)
    lines = []
    for place, prospect in enumerate(chosen, start=1):
        constituent = people[prospect.constituent_id]
        household = constituent.household
        reasons = reasons_for(
            prospect.history, as_of=as_of, participation=participation.get(prospect.constituent_id, [])
        )
        lines.append(ProspectLine(place, constituent, str(household) if household else "", prospect, reasons))
    return ProspectList(
        as_of, current_organisation().base_currency, lines, len(ranked), len(ranked) - len(may_be_asked)
    )
