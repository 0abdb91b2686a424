"""Post a batch: every row becomes a gift in the books, or none does."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.models import Constituent
from core import audit, clock
from donations.batches.checking import Tally, allocations_of, problems_of
from donations.batches.rows import rows_in_order
from donations.errors import BatchClosedError, BatchDisagreesError, BatchRowsError, DonationsError
from donations.models import Batch, BatchRow, BatchState, Gift
from donations.services.gifts import record_gift

OVERRIDE = "donations.override_batch"


@transaction.atomic
def post_batch(batch: Batch, *, by: User | None, override_reason: str = "") -> Batch:
    """Post every row that holds something; blank ones are dropped. A batch that is posted already stays as it is.

    Count and total must be the expected ones, unless somebody who may override says why not. Raises BatchRowsError with
    a sentence for each row at fault, BatchDisagreesError, or BatchClosedError for a discarded batch; nothing is posted
    then.
    """
    locked = Batch.objects.select_for_update().get(pk=batch.pk)
    if locked.is_posted:
        return locked
    if not locked.is_open:
        raise BatchClosedError(locked)
    rows = [row for row in rows_in_order(locked) if not row.is_blank]
    tally = Tally.of(locked, rows)
    _check(locked, rows, tally, by, override_reason)
    # In one order, so that two batches posted at once do not wait for each other's donors.
    list(Constituent.objects.select_for_update(of=("self",)).filter(pk__in=[r.donor_id for r in rows]).order_by("pk"))
    locked.rows.exclude(pk__in=[row.pk for row in rows]).delete()
    for position, row in enumerate(rows, start=1):
        row.gift = _gift_of(row, locked, by)
        row.position = position
    BatchRow.objects.bulk_update(rows, ["gift", "position"])
    locked.state, locked.closed_at, locked.closed_by = BatchState.POSTED, clock.now(), by
    locked.posted_count, locked.posted_total = tally.count, tally.total.amount
    locked.reason = "" if tally.agrees else override_reason.strip()
    locked.full_clean()
    locked.save()
    posted = {"gifts": tally.count, "total": tally.total.plain, "currency": locked.currency}
    expected = {"gifts": tally.expected_count, "total": tally.expected_total.plain, "currency": locked.currency}
    audit.record("batch.posted", locked, by=by, old=expected, new=posted, reason=locked.reason)
    return locked


def _check(batch: Batch, rows: Sequence[BatchRow], tally: Tally, by: User | None, override_reason: str) -> None:
    """Raise unless every row can become a gift and the pile is what it should be, or somebody says why it is not."""
    problems = problems_of(batch, rows)
    if problems:
        raise BatchRowsError([_at(row, problem.words) for row in rows for problem in problems.get(row.pk, ())])
    if not rows:
        raise BatchDisagreesError(_("There is nothing in this batch yet."))
    if tally.agrees:
        return
    if not override_reason.strip():
        raise BatchDisagreesError(
            _("%(count)s gifts over %(total)s are entered, but %(expected_count)s over %(expected)s are expected.")
            % {
                "count": tally.count,
                "total": tally.total,
                "expected_count": tally.expected_count,
                "expected": tally.expected_total,
            }
        )
    if by is not None and not by.has_perm(OVERRIDE):
        raise BatchDisagreesError(_("Only a supervisor may post a batch that does not agree."))


def _gift_of(row: BatchRow, batch: Batch, by: User | None) -> Gift:
    """Record and post the gift of a row; a refusal names the row. Raises BatchRowsError."""
    assert row.donor is not None  # noqa: S101 - checked with every other row before the first is posted
    assert row.money is not None  # noqa: S101
    try:
        return record_gift(
            donor=row.donor,
            money=row.money,
            received_on=row.received_on,
            by=by,
            allocations=allocations_of(row),
            batch=batch,
            method=row.method,
            reference=row.reference,
            appeal=row.appeal,
            campaign=row.appeal.campaign if row.appeal else None,
            tribute=row.tribute,
            note=row.note,
            is_anonymous=row.is_anonymous,
        )
    except DonationsError as error:
        raise BatchRowsError([_at(row, str(error))]) from error
    except ValidationError as error:
        raise BatchRowsError([_at(row, sentence) for sentence in error.messages]) from error


def _at(row: BatchRow, sentence: str) -> str:
    return _("Row %(row)s: %(problem)s") % {"row": row.position, "problem": sentence}
