"""What will not come of a pledge is given up, with a reason, apart from what was paid; and that can be taken back."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, clock
from core.money import Money
from donations.models import Instalment, Pledge, WriteOff
from donations.promises.errors import PromiseError
from donations.promises.settling import locked, settle


@transaction.atomic
def write_off(pledge: Pledge, *, by: User | None, reason: str, instalment: Instalment | None = None) -> Pledge:
    """Give up what is still to come: of one instalment, or of the whole pledge.

    Raises PromiseError when nothing of it is open or no reason is given.
    """
    _need_reason(reason)
    pledge = locked(pledge)
    open_ones = pledge.instalments.open()
    rows = list(open_ones.filter(pk=instalment.pk) if instalment is not None else open_ones)
    if not rows:
        raise PromiseError(_("Nothing of it is still to come."))
    before = pledge.written_off
    WriteOff.objects.bulk_create(
        WriteOff(
            instalment=row,
            amount=row.left_amount,
            written_off_on=clock.today(),
            reason=reason.strip(),
            at=clock.now(),
            by=by,
        )
        for row in rows
    )
    settle(pledge)
    _trace("pledge.written_off", pledge, before, rows, by, reason)
    return pledge


@transaction.atomic
def take_back_write_off(
    pledge: Pledge, *, by: User | None, reason: str, instalment: Instalment | None = None
) -> Pledge:
    """Expect again what was written off: of one instalment, or of the whole pledge. The write-off stays on record.

    Raises PromiseError when nothing is written off.
    """
    _need_reason(reason)
    pledge = locked(pledge)
    offs = WriteOff.objects.filter(instalment__pledge=pledge, taken_back_at__isnull=True).select_related("instalment")
    if instalment is not None:
        offs = offs.filter(instalment=instalment)
    rows = list(offs)
    if not rows:
        raise PromiseError(_("Nothing of it is written off."))
    before = pledge.written_off
    offs.update(taken_back_at=clock.now(), taken_back_by=by, taken_back_reason=reason.strip())
    settle(pledge)
    _trace("pledge.write_off_taken_back", pledge, before, [row.instalment for row in rows], by, reason)
    return pledge


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise PromiseError(_("Say why."))


def _trace(verb: str, pledge: Pledge, before: Money, rows: Iterable[Instalment], by: User | None, reason: str) -> None:
    numbers = sorted(row.number for row in rows)
    audit.record(
        verb,
        pledge,
        by=by,
        old={"written_off": before.plain},
        new={"written_off": pledge.written_off.plain, "instalments": numbers},
        reason=reason,
        about=pledge.donor,
    )
