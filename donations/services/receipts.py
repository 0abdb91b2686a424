"""Issue, finish, void and replace receipts.

A number and everything the receipt says are taken in one short transaction. The file is drawn, stored and hashed after
it, outside any lock; until then the receipt is not deliverable, and `finish_receipt` may be run again at any time.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.models import Constituent
from core import audit, clock
from core.money import Money
from donations.documents import check_printable, draw_receipt
from donations.errors import NotReceiptableError, ReceiptError
from donations.models import Gift, Receipt, ReceiptCounter, ReceiptLine, ReceiptState
from donations.models.gift import COUNTED_STATUSES
from donations.models.receipt import receipt_path
from donations.receipts.regimes import Facts, Line, Regime, current_regime
from donations.receipts.snapshot import take_snapshot

# Whoever numbered it is drawing it now, or is gone.
FINISHED_WITHIN = dt.timedelta(minutes=2)


def receipt_series() -> str:
    """Return the series numbers are taken in: one for real receipts, one for those of a demonstration."""
    return "T" if settings.DEMO else "R"


def why_not_receiptable(gift: Gift, regime: Regime | None = None) -> str:
    """Return why a gift gets no receipt, in words for staff, or an empty string when it gets one."""
    if gift.status not in COUNTED_STATUSES or not gift.left:
        return _("nothing of it is here.")
    return (regime or current_regime()).refusal(Facts.of(gift))


def issue_receipt(gifts: Gift | Sequence[Gift], *, by: User | None, covers_year: int | None = None) -> Receipt:
    """Issue one receipt over a donor's gift or gifts and store its file.

    Raises NotReceiptableError naming the gift that cannot be receipted, ReceiptError when the gifts do not belong
    together, and UnprintableTextError, before any number is taken, when a name has characters we have no letters for.
    """
    chosen = [gifts] if isinstance(gifts, Gift) else list(gifts)
    return finish_receipt(number_receipt(chosen, by=by, covers_year=covers_year))


def finish_after_commit(receipt: Receipt) -> Receipt:
    """Have the file drawn once the caller's transaction is through; should that be lost, the clock finishes it."""
    transaction.on_commit(partial(finish_receipt, receipt), robust=True)
    return receipt


@transaction.atomic
def number_receipt(
    gifts: Sequence[Gift], *, by: User | None, covers_year: int | None = None, replaces: Receipt | None = None
) -> Receipt:
    """Take a number and freeze what the receipt says; `finish_receipt` has to follow."""
    regime = current_regime()
    locked = lock_gifts(gifts)
    recipient = _one_donor(locked)
    receipted = dict(
        ReceiptLine.objects.filter(gift__in=locked, is_live=True).values_list("gift", "receipt__serial").order_by()
    )
    for gift in locked:
        if gift.pk in receipted:
            raise NotReceiptableError(gift, _("it is on receipt %(serial)s.") % {"serial": receipted[gift.pk]})
        if why := why_not_receiptable(gift, regime):
            raise NotReceiptableError(gift, why)
    lines = [regime.assess(Facts.of(gift)) for gift in locked]
    today = clock.today()
    check_printable([recipient.formal_name, *(line.description for line in lines)])
    series, number = receipt_series(), take_number(receipt_series(), today.year)
    serial = f"{series}{today.year}-{number:06d}"
    receipt = Receipt(
        series=series,
        year=today.year,
        number=number,
        serial=serial,
        regime=regime.code,
        recipient=recipient,
        covers_year=covers_year,
        currency=locked[0].currency,
        amount=_total(line.amount for line in lines),
        advantage=_total(line.advantage for line in lines),
        eligible=_total(line.eligible for line in lines),
        issued_on=today,
        snapshot=take_snapshot(
            regime=regime,
            recipient=recipient,
            lines=lines,
            serial=serial,
            issued_on=today,
            covers_year=covers_year,
            replaces=replaces.serial if replaces else "",
        ),
        numbered_at=clock.now(),
        issued_by=by,
        replaces=replaces,
    )
    receipt.save()
    ReceiptLine.objects.bulk_create(_row(receipt, line) for line in lines)
    audit.record(
        "receipt.numbered",
        receipt,
        by=by,
        new={"serial": serial, "eligible": receipt.eligible, "gifts": [gift.pk for gift in locked]},
        about=recipient,
    )
    return receipt


def lock_gifts(gifts: Sequence[Gift]) -> list[Gift]:
    """Lock the gifts, always in the same order, and return them as they are now, oldest gift first."""
    rows = Gift.objects.select_for_update(of=("self",)).filter(pk__in=[gift.pk for gift in gifts]).order_by("pk")
    return sorted(rows.for_receipt(), key=lambda gift: (gift.received_on, gift.pk))


def _one_donor(gifts: Sequence[Gift]) -> Constituent:
    if not gifts:
        raise ReceiptError(_("There is no gift to put on a receipt."))
    if len({gift.donor_id for gift in gifts}) > 1:
        raise ReceiptError(_("These gifts are of several donors: each gets a receipt of their own."))
    if len({gift.currency for gift in gifts}) > 1:
        raise ReceiptError(_("These gifts are in several currencies: each needs a receipt of its own."))
    return gifts[0].donor


def take_number(series: str, year: int, count: int = 1) -> int:
    """Take the next number, or the first of the next `count`, and hold the counter until the transaction ends."""
    ReceiptCounter.objects.get_or_create(series=series, year=year)
    counters = ReceiptCounter.objects.filter(series=series, year=year)
    counters.update(last=F("last") + count)
    return counters.get().last - count + 1


def _total(parts: Any) -> Decimal:
    return sum((part.amount for part in parts), Decimal(0))


def _row(receipt: Receipt, line: Line) -> ReceiptLine:
    return ReceiptLine(
        receipt=receipt,
        gift_id=line.gift_id,
        amount=line.amount.amount,
        advantage=line.advantage.amount,
        eligible=line.eligible.amount,
        is_described=line.is_described,
    )


def finish_receipt(receipt: Receipt) -> Receipt:
    """Draw, store and hash the file of a numbered receipt, and make it deliverable. Safe to run twice, or at once."""
    if receipt.state != ReceiptState.NUMBERED:
        return receipt
    content = draw_receipt(receipt.snapshot)
    digest = hashlib.sha256(content).hexdigest()
    path = _store(receipt.file.storage, receipt_path(receipt), content)
    with transaction.atomic():
        locked = Receipt.objects.select_for_update(of=("self",)).get(pk=receipt.pk)
        if locked.state == ReceiptState.NUMBERED:
            locked.file.name = path
            locked.sha256 = digest
            locked.byte_count = len(content)
            locked.state = ReceiptState.ISSUED
            locked.save(update_fields=["file", "sha256", "byte_count", "state"])
            audit.record(
                "receipt.issued",
                locked,
                by=locked.issued_by,
                new={"serial": locked.serial, "sha256": digest},
                about=locked.recipient,
            )
    return locked


def _store(storage: Storage, path: str, content: bytes) -> str:
    """Store the file under its one name. What an attempt killed half-way left there is replaced."""
    if storage.exists(path):
        with storage.open(path, "rb") as file:
            if file.read() == content:
                return path
        storage.delete(path)
    return storage.save(path, ContentFile(content))


def finish_receipts() -> int:
    """Finish every receipt that was numbered and not stored, such as after a kill; returns how many there were."""
    unfinished = list(Receipt.objects.unfinished().order_by("pk"))
    for receipt in unfinished:
        finish_receipt(receipt)
    return len(unfinished)


def finish_left_over(*, now: dt.datetime) -> int:
    """Finish what was numbered a while ago and never stored; run by the clock."""
    left = list(Receipt.objects.unfinished().filter(numbered_at__lt=now - FINISHED_WITHIN).order_by("pk"))
    for receipt in left:
        finish_receipt(receipt)
    return len(left)


@transaction.atomic
def void_receipt(receipt: Receipt, *, by: User | None, reason: str) -> Receipt:
    """Declare a receipt void: it keeps its number and file, and its gifts may be receipted again.

    Raises ReceiptError when it is void already or no reason is given.
    """
    if not reason.strip():
        raise ReceiptError(_("Say why the receipt is void."))
    lock_gifts(list(Gift.objects.filter(receipt_lines__receipt=receipt)))
    locked = Receipt.objects.select_for_update(of=("self",)).get(pk=receipt.pk)
    if locked.is_void:
        raise ReceiptError(_("Receipt %(serial)s is void already.") % {"serial": locked.serial})
    old = locked.state
    locked.state = ReceiptState.VOID
    locked.voided_at = clock.now()
    locked.voided_by = by
    locked.void_reason = reason.strip()
    locked.save(update_fields=["state", "voided_at", "voided_by", "void_reason"])
    locked.lines.update(is_live=False)
    audit.record(
        "receipt.voided",
        locked,
        by=by,
        old={"state": old},
        new={"state": locked.state},
        reason=reason,
        about=locked.recipient,
    )
    return locked


@transaction.atomic
def replace_receipt(receipt: Receipt, *, by: User | None, reason: str) -> Receipt | None:
    """Void a receipt and number a new one over what is still receiptable of it; None when nothing is.

    The new one names the old; `finish_receipt` has to follow.
    """
    voided = void_receipt(receipt, by=by, reason=reason)
    regime = current_regime()
    gifts = Gift.objects.filter(receipt_lines__receipt=voided).for_receipt()
    left = [gift for gift in gifts if not why_not_receiptable(gift, regime)]
    if not left:
        return None
    return number_receipt(left, by=by, covers_year=voided.covers_year, replaces=voided)


def reissue_receipt(receipt: Receipt, *, by: User | None, reason: str) -> Receipt:
    """Void a receipt and issue another in its place, such as after a change of name or address.

    Raises ReceiptError when nothing of its gifts can be receipted any more: void it instead.
    """
    with transaction.atomic():
        replacement = replace_receipt(receipt, by=by, reason=reason)
        if replacement is None:
            raise ReceiptError(_("Nothing on this receipt can be receipted any more. Void it instead."))
    return finish_receipt(replacement)


def receipt_bytes(receipt: Receipt, *, copy: bool = False) -> bytes:
    """Return the PDF to hand out: the stored file itself, or for a void one or a further copy the same page so marked.

    Raises ReceiptError when the stored file is not the one that was hashed.
    """
    if receipt.state == ReceiptState.NUMBERED:
        receipt = finish_receipt(receipt)
    if receipt.is_void or copy:
        return draw_receipt(receipt.snapshot, void=receipt.is_void, copy=copy and not receipt.is_void)
    with receipt.file.open("rb") as file:
        content = file.read()
    if hashlib.sha256(content).hexdigest() != receipt.sha256:
        raise ReceiptError(
            _("The file of receipt %(serial)s is not the one that was issued.") % {"serial": receipt.serial}
        )
    return content


def eligible_total(receipts: Sequence[Receipt]) -> dict[str, Money]:
    """Return what receipts add up to, a currency each."""
    totals: dict[str, Money] = {}
    for receipt in receipts:
        totals[receipt.currency] = totals.get(receipt.currency, Money.zero(receipt.currency)) + receipt.eligible_money
    return totals
