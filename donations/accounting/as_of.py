"""The books as they stood: what had been recorded by the end of a day, whatever was corrected since.

The books go by when something was *recorded*; giving history goes by the day it is *dated*. Both can be asked for at
once: what was given in March, as we knew it on 30 April.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from core import clock
from core.money import quantize
from core.organisation import current_organisation
from donations.models import EntryKind, GiftKind, LedgerEntry

#: What the books can be sorted by: the entry's own field or the gift's.
GROUPINGS = {
    "fund": (_("Fund"), "fund", "fund__name"),
    "campaign": (_("Campaign"), "gift__campaign", "gift__campaign__name"),
}

_KINDS = {
    "posted": (EntryKind.POSTED,),
    "adjusted": (EntryKind.ADJUSTMENT,),
    "voided": (EntryKind.VOID,),
    "refunded": (EntryKind.REFUND, EntryKind.REFUND_RETURNED),
    "charged_back": (EntryKind.CHARGE_BACK, EntryKind.REINSTATED),
}


@dataclass(frozen=True, slots=True)
class Line:
    """What the books held of one fund or campaign, in base currency; `now` is the same question asked today."""

    pk: int | None
    name: str
    posted: Decimal
    adjusted: Decimal
    voided: Decimal
    refunded: Decimal
    charged_back: Decimal
    net: Decimal
    now: Decimal

    @property
    def since(self) -> Decimal:
        """What was recorded after the day."""
        return self.now - self.net


def books_as_of(
    day: dt.date,
    *,
    first: dt.date | None = None,
    last: dt.date | None = None,
    by: str = "fund",
    kind: str = "",
) -> list[Line]:
    """Return what the books held at the end of the local day, a line for each fund or campaign, by name.

    `first` and `last` narrow it to what is dated from and to a day; `kind` to gifts or dues. Entered foreign amounts
    count at their own day's rate, in base currency.
    """
    _label, key, name = GROUPINGS[by]
    known = Q(recorded_at__lt=clock.start_of_day(day + dt.timedelta(days=1)))
    entries = LedgerEntry.objects.order_by()
    if first:
        entries = entries.filter(effective_on__gte=first)
    if last:
        entries = entries.filter(effective_on__lte=last)
    if kind:
        entries = entries.filter(gift__kind=GiftKind(kind))
    sums: dict[str, Any] = {
        column: Coalesce(Sum("base_amount", filter=known & Q(kind__in=kinds)), Decimal(0))
        for column, kinds in _KINDS.items()
    }
    rows: Any = entries.values(group=F(key), label=F(name)).annotate(
        **sums, net=Coalesce(Sum("base_amount", filter=known), Decimal(0)), now=Sum("base_amount")
    )
    currency = current_organisation().base_currency
    lines = [
        Line(
            pk=row["group"],
            name=row["label"] or "",
            **{column: quantize(row[column], currency) for column in (*_KINDS, "net", "now")},
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (not line.name, line.name.casefold()))


def given_between(first: dt.date, last: dt.date) -> Decimal:
    """Return what the ledger holds dated from the first to the last day, dues included, in base currency."""
    total = LedgerEntry.objects.filter(effective_on__range=(first, last)).aggregate(total=Sum("base_amount"))["total"]
    return quantize(total or Decimal(0), current_organisation().base_currency)
