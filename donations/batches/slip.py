"""The deposit slip: what of a posted batch goes to the bank, as it was posted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core import clock
from core.money import Money
from donations.batches.rows import rows_in_order
from donations.models import Batch, BatchRow, Method


@dataclass(frozen=True, slots=True)
class Cheque:
    """One cheque: who drew it, its number, what it is over."""

    payer: str
    reference: str
    money: Money


@dataclass(frozen=True, slots=True)
class Slip:
    """A deposit: its cheques one by one, its cash in one sum, and what of the batch came another way."""

    title: str
    posted_on: dt.date
    bank_account: str
    cheques: Sequence[Cheque]
    cash_count: int
    cash: Money
    # (method, number of gifts, total): in the batch, and in no envelope for the bank.
    others: Sequence[tuple[Any, int, Money]]
    remark: str

    @property
    def cheque_total(self) -> Money:
        """What the cheques come to."""
        return _total([cheque.money for cheque in self.cheques], self.cash.currency)

    @property
    def total(self) -> Money:
        """What the bank should count."""
        return self.cheque_total + self.cash


def slip_of(batch: Batch) -> Slip:
    """Return the deposit slip of a posted batch; a gift that was adjusted since stands as it was paid in."""
    rows = [row for row in rows_in_order(batch) if row.gift_id]
    cash = [row for row in rows if row.method == Method.CASH]
    others = sorted({row.method for row in rows} - {Method.CHEQUE, Method.CASH})
    return Slip(
        title=str(batch),
        posted_on=clock.local_date(batch.closed_at or clock.now()),
        bank_account=batch.bank_account,
        cheques=[_cheque(row) for row in rows if row.method == Method.CHEQUE],
        cash_count=len(cash),
        cash=_sum(cash, batch.currency),
        others=[_other(method, [row for row in rows if row.method == method], batch.currency) for method in others],
        remark=batch.reason,
    )


def _cheque(row: BatchRow) -> Cheque:
    return Cheque(str(row.donor), row.reference, Money(row.amount or Decimal(0), row.batch.currency))


def _other(method: str, rows: Sequence[BatchRow], currency: str) -> tuple[Any, int, Money]:
    return Method(method).label, len(rows), _sum(rows, currency)


def _sum(rows: Sequence[BatchRow], currency: str) -> Money:
    return Money(sum((row.amount or Decimal(0) for row in rows), Decimal(0)), currency)


def _total(parts: Sequence[Money], currency: str) -> Money:
    return sum(parts, Money.zero(currency))
