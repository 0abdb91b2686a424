"""Keep a row as it is being typed, whole or not; take one away.

Nothing here refuses what was typed: what cannot be read is kept as it stands, and `checking` says what is wrong.
Whoever saves a row says which version of it they saw; a row that somebody else has changed since is not overwritten.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.dateparse import parse_date

from accounts.models import User
from constituents.merging.signposts import standing
from constituents.models import Constituent
from core import clock
from core.money import InvalidAmountError, currency_places, parse_amount
from donations.batches.opening import open_and_locked
from donations.errors import BatchError, StaleRowError
from donations.models import Appeal, Batch, BatchPart, BatchRow, DedicationKind, Fund, Method

_HIGHEST = Decimal(10) ** 12
TEXTS = {"donor_typed": 200, "reference": 120, "tribute": 255, "note": 5_000, "promise": 40}
SWITCHES = ("is_anonymous", "wants_receipt", "twin_is_meant")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as it was typed, and its value once that can be read as one of the currency."""

    typed: str
    value: Decimal | None = None

    @classmethod
    def read(cls, typed: str, currency: str) -> Amount:
        """Read it: above nothing, and with no smaller parts than the currency has."""
        typed = typed.strip()[:40]
        try:
            value = parse_amount(typed)
        except InvalidAmountError:
            return cls(typed)
        if not 0 < value < _HIGHEST or -value.normalize().as_tuple().exponent > currency_places(currency):  # type: ignore[operator]
            return cls(typed)
        return cls("", value)


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands on a row: fields of BatchRow, and its parts as (fund, amount)."""

    donor: Constituent | None
    donor_typed: str
    amount: Amount
    reference: str
    method: str
    received_on: dt.date
    fund: Fund
    appeal: Appeal | None
    tribute_kind: str
    tribute: str
    note: str
    is_anonymous: bool
    wants_receipt: bool
    twin_is_meant: bool
    promise: str
    parts: tuple[tuple[Fund | None, Amount], ...]

    @classmethod
    def read(cls, said: Mapping[str, Any], batch: Batch, row: BatchRow | None = None) -> Typed:
        """Read what the browser says; what it leaves out or garbles stays as it is, for a new row as in the batch."""
        before = row or batch
        texts: dict[str, Any] = {
            name: str(said.get(name) or "").replace("\x00", "").strip()[:most] for name, most in TEXTS.items()
        }
        switches: dict[str, Any] = {name: bool(said.get(name, getattr(before, name, False))) for name in SWITCHES}
        donor = _one(Constituent.objects.all(), said.get("donor"))
        if donor is not None:
            texts["donor_typed"] = ""
            donor = standing(donor) if donor.merged_into_id else donor
        else:
            texts["promise"] = ""
        method, dedication = said.get("method"), said.get("tribute_kind")
        parts = [part for part in said.get("parts") or () if isinstance(part, Mapping)][:10]
        read = [
            (_one(Fund.objects.all(), part.get("fund")), Amount.read(str(part.get("amount") or ""), batch.currency))
            for part in parts
        ]
        return cls(
            donor=donor,
            amount=Amount.read(str(said.get("amount") or ""), batch.currency),
            method=method if method in Method.values else before.method,
            tribute_kind=dedication if dedication in DedicationKind.values else DedicationKind.MEMORY,
            received_on=date_of(said.get("received_on")) or before.received_on,
            fund=_one(Fund.objects.all(), said.get("fund")) or before.fund,
            appeal=_one(Appeal.objects.all(), said["appeal"]) if "appeal" in said else before.appeal,
            parts=tuple(part for part in read if part[0] or part[1].typed or part[1].value),
            **texts,
            **switches,
        )


@transaction.atomic
def save_row(batch: Batch, said: Mapping[str, Any], *, key: uuid.UUID, version: int, by: User | None) -> BatchRow:
    """Write a row as it stands in the browser; version 0 is a new one. Returns it with its new version.

    The same thing said twice, because the answer was lost, changes nothing. Raises StaleRowError when somebody else has
    changed the row or taken it away, BatchClosedError, or BatchError for a key that belongs to another batch.
    """
    locked = open_and_locked(batch)
    row = BatchRow.objects.for_entry().filter(key=key).first()
    if row is None:
        if version:
            raise StaleRowError(None)
        return _write(BatchRow(batch=locked, key=key, position=_next_position(locked), version=0), said, locked, by)
    if row.batch_id != locked.pk:
        raise BatchError("The row is one of another batch.")
    typed = Typed.read(said, locked, row)
    if _stands(row) == typed:
        return row
    if row.version != version:
        raise StaleRowError(row)
    return _write(row, said, locked, by)


@transaction.atomic
def remove_row(batch: Batch, *, key: uuid.UUID, version: int, by: User | None) -> None:
    """Take a row away; one that is gone already is no error. Raises StaleRowError, BatchClosedError."""
    locked = open_and_locked(batch)
    row = locked.rows.filter(key=key).first()
    if row is None:
        return
    if row.version != version:
        raise StaleRowError(locked.rows.for_entry().get(pk=row.pk))
    row.delete()
    locked.rows.filter(position__gt=row.position).update(position=F("position") - 1)


def _write(row: BatchRow, said: Mapping[str, Any], batch: Batch, by: User | None) -> BatchRow:
    typed = Typed.read(said, batch, row if row.pk else None)
    for field in fields(typed):
        if field.name not in ("amount", "parts"):
            setattr(row, field.name, getattr(typed, field.name))
    row.amount, row.amount_typed = typed.amount.value, typed.amount.typed
    row.version += 1
    row.changed_at, row.changed_by = clock.now(), by
    row.save()
    row.parts.all().delete()
    BatchPart.objects.bulk_create(
        BatchPart(row=row, fund=fund, amount=amount.value, amount_typed=amount.typed) for fund, amount in typed.parts
    )
    return BatchRow.objects.for_entry().get(pk=row.pk)


def _stands(row: BatchRow) -> Typed:
    """Return what stands on the row already, to compare."""
    own = {field.name: getattr(row, field.name) for field in fields(Typed) if field.name not in ("amount", "parts")}
    return Typed(
        **own,
        amount=Amount(row.amount_typed, row.amount),
        parts=tuple((part.fund, Amount(part.amount_typed, part.amount)) for part in row.parts.all()),
    )


def _next_position(batch: Batch) -> int:
    return (batch.rows.aggregate(last=Max("position"))["last"] or 0) + 1


def _one(queryset: Any, key: object) -> Any:
    """Return the record of that key, or None when nothing, or nothing of ours, is named."""
    text = str(key if key is not None else "")
    return queryset.filter(pk=int(text)).first() if text.isdecimal() and len(text) < 19 else None


def _text(said: object, most: int) -> str:
    return str(said or "").replace("\x00", "").strip()[:most]


def date_of(text: object) -> dt.date | None:
    """Read a day as a browser sends it; None for what is none."""
    try:
        return parse_date(str(text or ""))
    except ValueError:
        return None


def rows_in_order(batch: Batch) -> Sequence[BatchRow]:
    """Return the rows of the batch as the grid shows them."""
    return list(batch.rows.for_entry())
