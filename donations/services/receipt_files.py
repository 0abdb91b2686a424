"""Draw, store and hand out the files of numbered receipts.

Until its file is stored a receipt is not deliverable, and `finish_receipt` may be run again at any time.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.sets import update_rows
from donations.documents import draw_receipt, mark_receipt
from donations.errors import ReceiptError
from donations.models import Receipt, ReceiptState
from donations.models.receipt import ReceiptQuerySet, receipt_path
from donations.receipts.files import StoredFile, ToDraw, draw_and_store

# Whoever numbered it is drawing it now, or is gone.
FINISHED_WITHIN = dt.timedelta(minutes=2)


def finish_receipt(receipt: Receipt) -> Receipt:
    """Draw, store and hash the file of a numbered receipt, and make it deliverable. Safe to run twice, or at once."""
    return finish_receipts([receipt])[0]


def finish_receipts(receipts: Sequence[Receipt]) -> list[Receipt]:
    """Draw and store the files of numbered receipts outside any lock, then make them deliverable in one transaction."""
    to_finish = [receipt for receipt in receipts if receipt.state == ReceiptState.NUMBERED]
    files = draw_and_store([to_draw(receipt) for receipt in to_finish])
    finished = {receipt.pk: receipt for receipt in make_deliverable(to_finish, files)}
    return [finished.get(receipt.pk, receipt) for receipt in receipts]


def finish_after_commit(receipt: Receipt) -> Receipt:
    """Have the file drawn once the caller's transaction is through; should that be lost, the clock finishes it."""
    transaction.on_commit(partial(finish_receipt, receipt), robust=True)
    return receipt


def to_draw(receipt: Receipt) -> ToDraw:
    """Return all that is needed to draw and store a receipt's file."""
    return receipt_path(receipt), receipt.snapshot


@transaction.atomic
def make_deliverable(receipts: Sequence[Receipt], files: Sequence[StoredFile]) -> list[Receipt]:
    """Note the stored files of numbered receipts, in the same order; from here on they are given to donors."""
    stored = {receipt.pk: file for receipt, file in zip(receipts, files, strict=True)}
    rows = Receipt.objects.select_for_update(of=("self",)).select_related("recipient", "issued_by").order_by("pk")
    locked = {row.pk: row for row in rows.filter(pk__in=[receipt.pk for receipt in receipts])}
    # Somebody may have finished or voided it in the meantime.
    finished = [locked[pk] for pk in stored if locked[pk].state == ReceiptState.NUMBERED]
    for receipt in finished:
        receipt.file.name, receipt.sha256, receipt.byte_count = stored[receipt.pk]
        receipt.state = ReceiptState.ISSUED
    update_rows(finished, ["file", "sha256", "byte_count", "state"])
    audit.record_many(
        audit.Draft(
            verb="receipt.issued",
            obj=receipt,
            by=receipt.issued_by,
            new={"serial": receipt.serial, "sha256": receipt.sha256},
            about=receipt.recipient,
        )
        for receipt in finished
    )
    return [locked[receipt.pk] for receipt in receipts]


def finish_unfinished(receipts: ReceiptQuerySet | None = None) -> int:
    """Finish every receipt that was numbered and not stored, such as after a kill; returns how many there were."""
    unfinished = list((receipts if receipts is not None else Receipt.objects.all()).unfinished().order_by("pk"))
    for receipt in unfinished:
        finish_receipt(receipt)
    return len(unfinished)


def finish_left_over(*, now: dt.datetime) -> int:
    """Finish what was numbered a while ago and never stored; run by the clock."""
    return finish_unfinished(Receipt.objects.filter(numbered_at__lt=now - FINISHED_WITHIN))


def receipt_bytes(receipt: Receipt, *, copy: bool = False) -> bytes:
    """Return the PDF to hand out: the stored file itself, or for a void one or a further copy the same page so marked.

    Raises ReceiptError when the stored file is not the one that was hashed.
    """
    if receipt.state == ReceiptState.NUMBERED:
        receipt = finish_receipt(receipt)
    if not receipt.file:  # voided before its file was stored
        content = draw_receipt(receipt.snapshot)
    else:
        with receipt.file.open("rb") as file:
            content = file.read()
        if hashlib.sha256(content).hexdigest() != receipt.sha256:
            raise ReceiptError(
                _("The file of receipt %(serial)s is not the one that was issued.") % {"serial": receipt.serial}
            )
    if receipt.is_void or copy:
        return mark_receipt(content, receipt.snapshot, void=receipt.is_void)
    return content


def in_postal_order(receipts: Iterable[Receipt]) -> list[Receipt]:
    """Return the receipts that are to be printed as letter carriers want them: abroad last, then by postal code."""

    def place(receipt: Receipt) -> tuple[str, str, str]:
        to = receipt.snapshot["recipient"]
        return to.get("abroad", ""), to.get("postal_code", ""), receipt.serial

    return sorted(receipts, key=place)
