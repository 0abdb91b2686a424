"""What a fund received and gave back, fiscal year by fiscal year, from the ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth

from core import clock
from core.money import quantize
from core.organisation import current_organisation
from donations.models import EntryKind, Fund, LedgerEntry

# What comes in; every other kind takes back.
_COMES_IN = (EntryKind.POSTED, EntryKind.REFUND_RETURNED, EntryKind.REINSTATED)


@dataclass
class FundYear:
    """One fiscal year of a fund, in the base currency. Adjustments count with their sign."""

    year: int
    received: Decimal = field(default_factory=Decimal)
    returned: Decimal = field(default_factory=Decimal)
    gifts: int = 0

    @property
    def net(self) -> Decimal:
        """What stayed."""
        return self.received + self.returned


def years_of_fund(fund: Fund) -> list[FundYear]:
    """Return every fiscal year in which money moved, newest first; one query of a row a month and kind."""
    base = current_organisation().base_currency
    rows = (
        LedgerEntry.objects.filter(fund=fund)
        .order_by()
        .annotate(month=TruncMonth("effective_on"))
        .values("month", "kind")
        .annotate(total=Sum("base_amount"), number=Count("gift", distinct=True))
    )
    years: dict[int, FundYear] = {}
    for row in rows:
        year = clock.fiscal_year(row["month"])
        found = years.setdefault(year, FundYear(year))
        amount = quantize(row["total"], base)
        if row["kind"] in _COMES_IN:
            found.received += amount
        else:
            found.returned += amount
        if row["kind"] == EntryKind.POSTED:
            found.gifts += row["number"]
    return sorted(years.values(), key=lambda one: -one.year)
