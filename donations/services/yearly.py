"""The yearly receipt run: one receipt a donor over the year's gifts that no receipt has yet.

The run needs no memory of its own: a donor who has been receipted has nothing left to receipt, so a run that was
stopped or killed simply goes on, and a second run finds nothing to do. Donors are read, numbered and drawn some at a
time, the drawing on all processors, so that the number of donors changes the time it takes and not the memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import django
from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import User
from constituents.models import Constituent
from core.documents import DocumentError
from core.money import Money
from core.spreading import batched, processors, spread
from donations.errors import NotReceiptableError, ReceiptError
from donations.models import Gift, Receipt, ReceiptLine
from donations.models.gift import COUNTED_STATUSES, GiftQuerySet
from donations.receipts.files import StoredFile, ToDraw, draw_and_store
from donations.receipts.regimes import Facts, Line, current_issuer, current_regime
from donations.services.receipt_files import finish_unfinished, make_deliverable, to_draw
from donations.services.receipt_numbers import (
    lock_gifts,
    number_locked,
    number_receipts,
    refuse_while_lacking,
    why_not_receiptable,
)

# How many donors are numbered in one transaction: few enough that nobody waits for the counter.
STEP = 50
# From so many donors on helper processes are worth their start.
MANY = 200


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
class Step:
    """What became of some donors: their receipts, and whom we could not receipt."""

    donors: int
    receipts: list[Receipt] = field(default_factory=list)
    errors: list[tuple[Constituent, str]] = field(default_factory=list)

    @property
    def to_draw(self) -> list[ToDraw]:
        """What a helper needs to know to draw the files."""
        return [to_draw(receipt) for receipt in self.receipts]


def open_gifts(year: int) -> GiftQuerySet:
    """Return the gifts of the year that are here and on no live receipt; not all of them may be receiptable."""
    return _unreceipted(year).filter(status__in=COUNTED_STATUSES)


def _open_gifts_of(donors: Sequence[int], year: int) -> GiftQuerySet:
    """Return the open gifts of some donors, and what of theirs is not here: `_plan` leaves that out.

    Asked for the status too, SQLite reads all gifts of the year for it, for every few donors anew.
    """
    return _unreceipted(year).filter(donor__in=donors)


def _unreceipted(year: int) -> GiftQuerySet:
    receipted = ReceiptLine.objects.filter(gift=OuterRef("pk"), is_live=True)
    return Gift.objects.between(*current_regime().year_bounds(year)).exclude(Exists(receipted))


def donors_with_open_gifts(year: int) -> list[int]:
    """Return the keys of who gave them, by name."""
    rows = open_gifts(year).order_by("donor__sort_name", "donor").values_list("donor", "donor__sort_name").distinct()
    return [donor for donor, _name in rows]


def plan_year(year: int) -> Iterator[Planned]:
    """Yield the receipts a run for the year would issue now, by name of donor; writes nothing and takes no number.

    Raises ReceiptError while the organisation lacks what its receipts have to say.
    """
    refuse_while_lacking(current_regime(), current_issuer())
    for donors in batched(donors_with_open_gifts(year), STEP):
        yield from _plan(_open_gifts_of(donors, year).for_receipt())


def _plan(gifts: Iterable[Gift]) -> Iterator[Planned]:
    """Yield the receipts that gifts on no live receipt would get, by name of donor; what is not here gets none."""
    regime = current_regime()
    in_order = sorted(
        gifts, key=lambda gift: (gift.donor.sort_name, gift.donor_id, gift.currency, gift.received_on, gift.pk)
    )
    for _donor_and_currency, group in groupby(in_order, key=lambda gift: (gift.donor_id, gift.currency)):
        shelves: dict[str, list[Gift]] = {}
        for gift in group:
            if not why_not_receiptable(gift, regime):
                shelves.setdefault(regime.shelf(Facts.of(gift)), []).append(gift)
        for chosen in shelves.values():
            yield Planned(chosen[0].donor, chosen, [regime.assess(Facts.of(gift)) for gift in chosen])


def issue_year(year: int, *, by: User | None, donors: Sequence[int] | None = None) -> Iterator[Step]:
    """Issue the year's receipts, yielding after each step what came of it; whoever stops asking stops the run.

    What an earlier run left numbered is finished first. `donors` are those to be receipted, by default all with gifts
    that no receipt has. A donor who cannot be receipted is reported and does not hold up the others. Raises
    ReceiptError while the organisation lacks what its receipts have to say.
    """
    refuse_while_lacking(current_regime(), current_issuer())
    finish_unfinished()
    donors = donors_with_open_gifts(year) if donors is None else donors
    steps = (_number(year, some, by) for some in batched(donors, STEP))
    for step, files in _drawn(steps, many=len(donors) >= MANY):
        step.receipts = make_deliverable(step.receipts, files)
        yield step


def _drawn(steps: Iterable[Step], *, many: bool) -> Iterator[tuple[Step, list[StoredFile]]]:
    """Draw the files of each step, of many on all processors while this process numbers the next."""
    if not many or processors() == 1:
        return ((step, draw_and_store(step.to_draw)) for step in steps)
    return spread(draw_and_store, steps, of=lambda step: step.to_draw, helpers=processors(), prepare=django.setup)


def _number(year: int, donors: Sequence[int], by: User | None) -> Step:
    """Number the receipts of some donors together, or one by one when one of them is refused."""
    step = Step(len(donors))
    try:
        step.receipts = _number_together(year, donors, by)
    except (NotReceiptableError, DocumentError, ReceiptError):
        for planned in list(_plan(_open_gifts_of(donors, year).for_receipt())):
            step.receipts += _number_alone(planned, step, year, by)
    return step


@transaction.atomic
def _number_together(year: int, donors: Sequence[int], by: User | None) -> list[Receipt]:
    gifts = lock_gifts(list(_open_gifts_of(donors, year).only("pk")))
    groups = [planned.gifts for planned in _plan(gifts)]
    return number_locked(groups, by=by, covers_year=year) if groups else []


def _number_alone(planned: Planned, step: Step, year: int, by: User | None) -> list[Receipt]:
    try:
        return number_receipts([planned.gifts], by=by, covers_year=year)
    except NotReceiptableError:
        return []  # somebody else was quicker
    except (DocumentError, ReceiptError) as error:
        step.errors.append((planned.donor, str(error)))
        return []
