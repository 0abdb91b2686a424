"""Open a batch, change what it should come to, discard it."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.models import User
from core import audit, clock
from donations.errors import BatchClosedError
from donations.models import Batch, BatchState


@transaction.atomic
def open_batch(*, by: User | None, **facts: Any) -> Batch:
    """Open a batch; `facts` are fields of Batch. Raises ValidationError naming the field that is wrong."""
    batch = Batch(**facts, opened_at=clock.now(), opened_by=by)
    batch.full_clean()
    batch.save()
    audit.record("batch.opened", batch, by=by, new=_expected(batch))
    return batch


@transaction.atomic
def change_batch(batch: Batch, *, by: User | None, **facts: Any) -> Batch:
    """Change an open batch; rows that stand already keep what they have. Raises BatchClosedError."""
    locked = open_and_locked(batch)
    before = audit.snapshot(locked)
    for name, value in facts.items():
        setattr(locked, name, value)
    locked.full_clean()
    locked.save()
    old, new = audit.changes(before, audit.snapshot(locked))
    if new:
        audit.record("batch.changed", locked, by=by, old=old, new=new)
    return locked


@transaction.atomic
def discard_batch(batch: Batch, *, by: User | None, reason: str) -> Batch:
    """Give a batch up: its rows stay to be looked at and never become gifts. Raises BatchClosedError."""
    locked = open_and_locked(batch)
    locked.state, locked.reason = BatchState.DISCARDED, reason
    locked.closed_at, locked.closed_by = clock.now(), by
    locked.full_clean()
    locked.save()
    audit.record("batch.discarded", locked, by=by, old={"rows": locked.rows.filled().count()}, reason=reason)
    return locked


def open_and_locked(batch: Batch) -> Batch:
    """Return the batch as it is now, locked until the transaction ends. Raises BatchClosedError unless it is open."""
    locked = Batch.objects.select_for_update().get(pk=batch.pk)
    if not locked.is_open:
        raise BatchClosedError(locked)
    return locked


def _expected(batch: Batch) -> dict[str, Any]:
    return {"expected_count": batch.expected_count, "expected_total": batch.expected_money.plain}
