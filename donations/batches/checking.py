"""What stands in the way of each row, and how the pile adds up against what it should come to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from core import clock
from core.money import Money
from core.theme.figures import day_in_words
from donations.accounting.periods import closed_through
from donations.batches.expecting import words_of
from donations.batches.twins import Twin, twins_of
from donations.models import Batch, BatchRow, Fund


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row cannot become a gift yet: the field at fault, a sentence, and what it looks like once more."""

    field: str
    words: str
    twins: tuple[Twin, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows hold something and what they add up to, beside what was counted by hand."""

    count: int
    total: Money
    expected_count: int
    expected_total: Money

    @classmethod
    def of(cls, batch: Batch, rows: Sequence[BatchRow]) -> Tally:
        """Add up the rows of the batch."""
        filled = [row for row in rows if not row.is_blank]
        total = Money(sum((row.amount or Decimal(0) for row in filled), Decimal(0)), batch.currency)
        return cls(len(filled), total, batch.expected_count, batch.expected_money)

    @property
    def count_difference(self) -> int:
        """How many too many; below zero, how many are missing."""
        return self.count - self.expected_count

    @property
    def difference(self) -> Money:
        """How much too much; below zero, how much is missing."""
        return self.total - self.expected_total

    @property
    def agrees(self) -> bool:
        """Whether both are as expected."""
        return not self.count_difference and not self.difference


def problems_of(batch: Batch, rows: Sequence[BatchRow]) -> dict[int, list[Problem]]:
    """Return what stands in the way of each row that holds something, by its key; a constant number of questions."""
    twins, closed, kept = twins_of(batch, rows), closed_through(), words_of(rows)
    found = {row.pk: list(_of_row(row, tuple(twins.get(row.pk, ())), closed)) for row in rows if not row.is_blank}
    for key in (key for key, words in kept.items() if not words and key in found):
        found[key].append(Problem("promise", _("The promise it should keep is not open any more: take it off.")))
    return {key: problems for key, problems in found.items() if problems}


def allocations_of(row: BatchRow) -> list[tuple[Fund, Decimal]]:
    """Return how the row's amount is spread: its parts, and the rest to its own fund."""
    parts: dict[Fund, Decimal] = {}
    for part in row.parts.all():
        if part.fund and part.amount:
            parts[part.fund] = parts.get(part.fund, Decimal(0)) + part.amount
    rest = (row.amount or Decimal(0)) - sum(parts.values(), Decimal(0))
    if rest > 0:
        parts = {row.fund: rest + parts.pop(row.fund, Decimal(0)), **parts}
    return list(parts.items())


def _of_row(row: BatchRow, twins: tuple[Twin, ...], closed: dt.date | None) -> Iterator[Problem]:
    if row.donor is None:
        said = _("“%(typed)s” is nobody on record yet: choose or add the donor.") % {"typed": row.donor_typed}
        yield Problem("donor", said if row.donor_typed else _("Choose who gave it."))
    if row.amount is None:
        said = _("“%(typed)s” is no amount in %(currency)s.") % {
            "typed": row.amount_typed,
            "currency": row.batch.currency,
        }
        yield Problem("amount", said if row.amount_typed else _("Say how much it is."))
    if row.received_on > clock.today():
        yield Problem("received_on", _("The gift date is still to come."))
    elif closed and row.received_on <= closed:
        words = _("The books are closed through %(day)s: date the gift after it.")
        yield Problem("received_on", words % {"day": day_in_words(closed, "medium")})
    yield from _of_parts(row)
    if twins and not row.twin_is_meant:
        yield Problem("twin", _("This looks like the same gift once more."), twins)


def _of_parts(row: BatchRow) -> Iterator[Problem]:
    parts = list(row.parts.all())
    amounts = [part.amount for part in parts if part.fund is not None and part.amount is not None]
    if len(amounts) < len(parts):
        yield Problem("parts", _("Each part of a split needs a fund and an amount."))
    elif row.amount is not None and sum(amounts, Decimal(0)) > row.amount:
        yield Problem("parts", _("The parts are more than the gift."))
    for fund in dict.fromkeys([fund for fund, _amount in allocations_of(row)] or [row.fund]):
        if not fund.is_open_on(row.received_on):
            words = _("The fund “%(fund)s” takes no gifts on %(date)s.")
            yield Problem("fund", words % {"fund": fund, "date": day_in_words(row.received_on, "medium")})
