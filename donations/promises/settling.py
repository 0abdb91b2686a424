"""What a pledge has come to, written from the rows that settle it; and the lock that every verb takes first."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Prefetch

from donations.models import Instalment, Pledge, PledgeStatus, WriteOff


def locked(pledge: Pledge) -> Pledge:
    """Return the pledge as it stands, locked until the transaction ends."""
    return Pledge.objects.select_for_update(of=("self",)).select_related("donor").get(pk=pledge.pk)


def settle(pledge: Pledge) -> Pledge:
    """Write what was paid and given up of each instalment, and of the whole; the pledge is locked by the caller."""
    standing = Prefetch("write_offs", WriteOff.objects.filter(taken_back_at__isnull=True))
    instalments = list(pledge.instalments.order_by("due_on", "number").prefetch_related("payments", standing))
    changed = []
    for instalment in instalments:
        before = (instalment.paid_amount, instalment.written_off_amount)
        instalment.paid_amount = sum((payment.live_amount for payment in instalment.payments.all()), Decimal(0))
        instalment.written_off_amount = sum((each.amount for each in instalment.write_offs.all()), Decimal(0))
        if (instalment.paid_amount, instalment.written_off_amount) != before:
            changed.append(instalment)
    Instalment.objects.bulk_update(changed, ["paid_amount", "written_off_amount"], batch_size=500)
    pledge.paid_amount = sum((each.paid_amount for each in instalments), Decimal(0))
    pledge.written_off_amount = sum((each.written_off_amount for each in instalments), Decimal(0))
    pledge.next_due_on = next((each.due_on for each in instalments if each.left_amount), None)
    if pledge.next_due_on:
        pledge.status = PledgeStatus.OPEN
    else:
        pledge.status = PledgeStatus.WRITTEN_OFF if pledge.written_off_amount else PledgeStatus.FULFILLED
    pledge.save(update_fields=["paid_amount", "written_off_amount", "next_due_on", "status"])
    return pledge
