"""Post a batch: every row becomes a gift in the books, or none does."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.merging.signposts import standing
from constituents.models import Constituent
from core import audit, clock
from donations.batches.checking import Tally, allocations_of, problems_of
from donations.batches.expecting import keep_promise
from donations.batches.rows import rows_in_order
from donations.errors import BatchClosedError, BatchDisagreesError, BatchRowsError
from donations.models import Batch, BatchRow, BatchState, Gift
from donations.services.bulk import NewGift, post_gifts
from donations.services.tributes import dedicate

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
    _lock_donors(rows)
    locked.rows.exclude(pk__in=[row.pk for row in rows]).delete()
    gifts = post_gifts([_gift_of(row, locked) for row in rows], by=by, announced=True)
    for position, (row, gift) in enumerate(zip(rows, gifts, strict=True), start=1):
        row.position, row.gift = position, gift
        if row.tribute:
            dedicate(gift, kind=row.tribute_kind, honouree_name=row.tribute, by=by)
        if row.promise and (why_not := keep_promise(gift, row, by=by)):
            raise BatchRowsError([_at(row, why_not)])
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


def _lock_donors(rows: Sequence[BatchRow]) -> None:
    """Hold the donors until the end, in one order so that two batches posted at once do not wait for each other.

    Whoever was merged since the row was typed gives under the record that was kept.
    """
    donors = Constituent.objects.select_for_update(of=("self",)).filter(pk__in={row.donor_id for row in rows})
    known = {donor.pk: donor for donor in donors.order_by("pk")}
    for row in rows:
        donor = known[row.donor_id or 0]
        row.donor = standing(donor) if donor.merged_into_id else donor


def _gift_of(row: BatchRow, batch: Batch) -> NewGift:
    """Return the gift of a row, whose fields can be what they are. Raises BatchRowsError, which names the row."""
    gift = Gift(
        donor=row.donor,
        amount=row.amount or Decimal(0),
        currency=batch.currency,
        received_on=row.received_on,
        batch=batch,
        method=row.method,
        reference=row.reference,
        appeal=row.appeal,
        campaign=row.appeal.campaign if row.appeal else None,
        note=row.note,
        is_anonymous=row.is_anonymous,
    )
    try:
        # Donor, fund and appeal are rows just read; what they must be is checked by the verb that posts.
        gift.clean_fields(exclude=["donor", "batch", "appeal", "campaign", "base_amount"])
    except ValidationError as error:
        raise BatchRowsError([_at(row, sentence) for sentence in error.messages]) from error
    return NewGift(gift, allocations_of(row))


def _at(row: BatchRow, sentence: str) -> str:
    return _("Row %(row)s: %(problem)s") % {"row": row.position, "problem": sentence}
