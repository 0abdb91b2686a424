"""The yearly receipt run: one receipt a donor over the year's gifts that no receipt has yet.

The run needs no memory of its own: a donor who has been receipted has nothing left to receipt, so a run that was
stopped or killed simply goes on, and a second run finds nothing to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Exists, OuterRef

from accounts.models import User
from constituents.models import Constituent
from core.documents import DocumentError
from core.money import Money
from donations.errors import NotReceiptableError, ReceiptError
from donations.models import Gift, Receipt, ReceiptLine
from donations.models.gift import COUNTED_STATUSES
from donations.receipts.regimes import Facts, Line, current_regime
from donations.services.receipts import (
    finish_receipts,
    finish_unfinished,
    number_receipts,
    why_not_receiptable,
)

# How many receipts are numbered in one transaction: few enough that nobody waits for the counter.
STEP = 50


@dataclass(frozen=True, slots=True)
class Planned:
    """A receipt that the run would issue: one donor, one currency, what may share a receipt."""

    donor: Constituent
    gifts: list[Gift]
    lines: list[Line]

    @property
    def currency(self) -> str:
        """The currency of all its gifts."""
        return self.gifts[0].currency

    @property
    def eligible(self) -> Money:
        """What the donor could declare."""
        return sum((line.eligible for line in self.lines), Money.zero(self.currency))


@dataclass(slots=True)
class Run:
    """What a run issued, and whom it could not."""

    year: int
    receipts: list[Receipt] = field(default_factory=list)
    errors: list[tuple[Constituent, str]] = field(default_factory=list)


def plan_year(year: int) -> Iterator[Planned]:
    """Return the receipts a run for the year would issue now, by name of donor; writes nothing and takes no number."""
    regime = current_regime()
    receipted = ReceiptLine.objects.filter(gift=OuterRef("pk"), is_live=True)
    gifts = (
        Gift.objects.filter(status__in=COUNTED_STATUSES)
        .between(*regime.year_bounds(year))
        .exclude(Exists(receipted))
        .for_receipt()
        .order_by("donor__sort_name", "donor", "currency", "received_on", "pk")
    )
    for (_donor, _currency), group in groupby(gifts.iterator(2_000), key=lambda gift: (gift.donor_id, gift.currency)):
        shelves: dict[str, list[Gift]] = {}
        for gift in group:
            if not why_not_receiptable(gift, regime):
                shelves.setdefault(regime.shelf(Facts.of(gift)), []).append(gift)
        for chosen in shelves.values():
            yield Planned(chosen[0].donor, chosen, [regime.assess(Facts.of(gift)) for gift in chosen])


def issue_year(year: int, *, by: User | None, advance: Callable[[int], None] | None = None) -> Run:
    """Issue the year's receipts a few at a time; those that an earlier run left unfinished first.

    `advance` is told after each step how many donors it was, and may raise to stop the run. A donor who cannot be
    receipted is reported and does not hold up the others.
    """
    finish_unfinished()
    run = Run(year)
    planned = list(plan_year(year))
    for start in range(0, len(planned), STEP):
        step = planned[start : start + STEP]
        run.receipts += _issue(step, run, by)
        if advance:
            advance(len(step))
    return run


def _issue(step: Sequence[Planned], run: Run, by: User | None) -> list[Receipt]:
    """Issue a step's receipts together, or one by one when one of them is refused."""
    try:
        numbered = number_receipts([planned.gifts for planned in step], by=by, covers_year=run.year)
    except NotReceiptableError:
        if len(step) == 1:
            return []  # somebody else was quicker
    except (DocumentError, ReceiptError) as error:
        if len(step) == 1:
            run.errors.append((step[0].donor, str(error)))
            return []
    else:
        return finish_receipts(numbered)
    return [receipt for planned in step for receipt in _issue([planned], run, by)]
