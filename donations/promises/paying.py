"""Gifts pay instalments. When money of a gift goes back, what it paid is open again."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, clock
from core.money import Money
from donations.models import Gift, Instalment, Pledge, PledgePayment
from donations.promises import events
from donations.promises.errors import PaymentError
from donations.promises.settling import locked, settle


@transaction.atomic
def apply_payment(
    gift: Gift,
    *,
    by: User | None,
    pledge: Pledge | None = None,
    instalment: Instalment | None = None,
    money: Money | None = None,
) -> list[PledgePayment]:
    """Let a gift pay what was promised: the named instalment first, then the oldest ones of the same pledge.

    With no pledge named, the donor's pledges in the order they fall due. `money` is how much of the gift at most; what
    is left over and above the pledge stays a gift. Raises PaymentError when there is nothing to pay, or to pay with.
    """
    gift = _locked_gift(gift)
    if instalment is not None:
        pledge = instalment.pledge
    pledges = [locked(pledge)] if pledge is not None else _owed_by(gift)
    if pledge is not None and pledge.currency != gift.currency:
        words = {"gift": gift.currency, "pledge": pledge.currency}
        raise PaymentError(_("The gift is in %(gift)s, the pledge in %(pledge)s.") % words)
    free = unapplied(gift)
    if money is not None:
        free = min(free, money, key=lambda each: each.amount)
    if not free:
        raise PaymentError(_("Nothing of this gift is left to pay a pledge with."))
    left, payments = free.amount, []
    for one in pledges:
        paid = _pay(one, gift, left, first=instalment, by=by)
        left -= sum((amount for _payment, amount in paid), Decimal(0))
        payments += [payment for payment, _amount in paid]
    if not payments:
        raise PaymentError(_("Nothing that was promised is still to come."))
    return payments


def unapplied(gift: Gift) -> Money:
    """Return what of a gift pays no instalment yet."""
    used = sum((payment.live_amount for payment in gift.pledge_payments.all()), Decimal(0))
    return gift.left - Money(used, gift.currency)


def _locked_gift(gift: Gift) -> Gift:
    return Gift.objects.select_for_update(of=("self",)).select_related("donor").get(pk=gift.pk)


def _owed_by(gift: Gift) -> list[Pledge]:
    pledges = Pledge.objects.open().filter(donor=gift.donor_id, currency=gift.currency)
    return [locked(pledge) for pledge in pledges.order_by("next_due_on", "pk")]


def _pay(
    pledge: Pledge, gift: Gift, amount: Decimal, *, first: Instalment | None, by: User | None
) -> list[tuple[PledgePayment, Decimal]]:
    """Spread the amount over the open instalments of one pledge."""
    was_open = pledge.is_open
    due = list(pledge.instalments.open())
    due.sort(key=lambda row: first is None or row.pk != first.pk)  # stable: the others stay in order of their dates
    paid = []
    for instalment in due:
        if not (part := min(amount, instalment.left_amount)):
            break
        paid.append((_add(instalment, gift, part, by), part))
        amount -= part
    if paid:
        settle(pledge)
        _trace("pledge.paid", pledge, gift, {str(row.instalment.number): str(part) for row, part in paid}, by)
        if was_open and not pledge.is_open:
            events.announce_fulfilled(pledge, by=by)
    return paid


def _add(instalment: Instalment, gift: Gift, amount: Decimal, by: User | None) -> PledgePayment:
    payment = PledgePayment.objects.filter(instalment=instalment, gift=gift).first()
    if payment is None:
        payment = PledgePayment(instalment=instalment, gift=gift, amount=Decimal(0))
    payment.amount += amount
    payment.applied_at = clock.now()
    payment.applied_by = by
    payment.full_clean()
    payment.save()
    return payment


@transaction.atomic
def unapply_payment(gift: Gift, *, pledge: Pledge, by: User | None, reason: str) -> Pledge:
    """Take a gift off a pledge it was applied to by mistake: it stays a gift, the instalments are open again.

    Raises PaymentError when it pays nothing of the pledge.
    """
    pledge = locked(pledge)
    rows = list(PledgePayment.objects.filter(gift=gift, instalment__pledge=pledge).select_related("instalment"))
    if not rows:
        raise PaymentError(_("This gift pays nothing of this pledge."))
    freed = {str(row.instalment.number): str(row.live_amount) for row in rows}
    PledgePayment.objects.filter(pk__in=[row.pk for row in rows]).delete()
    settle(pledge)
    _trace("pledge.unapplied", pledge, gift, freed, by, reason)
    return pledge


@transaction.atomic
def payments_follow(gift: Gift, *, by: User | None, reason: str) -> None:
    """Bring what a gift pays in line with what is left of it: the latest instalment is freed first.

    Money that comes back to the gift (a charge-back reversed) pays again what it paid, as far as that is still open.
    """
    gift = _locked_gift(gift)
    rows = _payments_of(gift)
    if not rows:
        return
    excess = sum((row.live_amount for row in rows), Decimal(0)) - gift.left.amount
    for row in reversed(rows) if excess > 0 else rows:
        if excess > 0:
            step = min(excess, row.live_amount)
        else:
            step = -min(-excess, row.released_amount, row.instalment.left_amount)
        row.released_amount += step
        excess -= step
    PledgePayment.objects.bulk_update(rows, ["released_amount"])
    _settle_all(rows, gift, by, reason)


@transaction.atomic
def payments_move(original: Gift, replacement: Gift, *, by: User | None, reason: str) -> None:
    """Let the corrected gift pay what the original paid; where donor or currency changed, it only frees it."""
    rows = _payments_of(_locked_gift(original))
    if not rows:
        return
    fits = replacement.currency == original.currency and replacement.donor_id == original.donor_id
    free = unapplied(_locked_gift(replacement)).amount if fits else Decimal(0)
    moved = []
    for row in rows:
        # Should the reversal have freed it already, what the row was for still says what to pay.
        wanted = row.live_amount or row.amount
        row.released_amount = row.amount
        moved.append((row.instalment, min(wanted, free)))
        free -= moved[-1][1]
    PledgePayment.objects.bulk_update(rows, ["released_amount"])
    for instalment, amount in moved:
        if amount:
            _add(instalment, replacement, amount, by)
    _settle_all(rows, replacement, by, reason)


def _payments_of(gift: Gift) -> list[PledgePayment]:
    """Return what a gift pays, oldest instalment first, with the pledges locked."""
    pledges = Pledge.objects.filter(instalments__payments__gift=gift).distinct().values_list("pk", flat=True)
    list(Pledge.objects.select_for_update().filter(pk__in=list(pledges)).order_by("pk"))
    rows = PledgePayment.objects.filter(gift=gift).select_related("instalment__pledge__donor")
    return list(rows.order_by("instalment__due_on", "instalment__number"))


def _settle_all(rows: Iterable[PledgePayment], gift: Gift, by: User | None, reason: str) -> None:
    for pledge in {row.instalment.pledge_id: row.instalment.pledge for row in rows}.values():
        before = pledge.paid.plain
        settle(pledge)
        if pledge.paid.plain != before:
            _trace("pledge.payment_changed", pledge, gift, {"paid": pledge.paid.plain}, by, reason, {"paid": before})


def _trace(
    verb: str,
    pledge: Pledge,
    gift: Gift,
    new: dict[str, Any],
    by: User | None,
    reason: str = "",
    old: dict[str, Any] | None = None,
) -> None:
    new = {"gift": str(gift), "gift_id": gift.pk, **new}
    audit.record(verb, pledge, by=by, old=old, new=new, reason=reason, about=pledge.donor)


def drifted_pledges() -> list[int]:
    """Return the pledges whose kept figures are not what their rows say; empty when all is well."""
    from_rows = Pledge.objects.prefetch_related("instalments__payments", "instalments__write_offs", "allocations")
    return [pledge.pk for pledge in from_rows.order_by("pk").iterator(500) if not _holds(pledge)]


def _holds(pledge: Pledge) -> bool:
    rows = list(pledge.instalments.all())
    for row in rows:
        offs = sum((off.amount for off in row.write_offs.all() if off.taken_back_at is None), Decimal(0))
        paid = sum((payment.live_amount for payment in row.payments.all()), Decimal(0))
        if row.paid_amount != paid or row.written_off_amount != offs:
            return False
    return (
        sum((row.amount for row in rows), Decimal(0)) == pledge.amount
        and sum((part.amount for part in pledge.allocations.all()), Decimal(0)) == pledge.amount
        and sum((row.paid_amount for row in rows), Decimal(0)) == pledge.paid_amount
        and sum((row.written_off_amount for row in rows), Decimal(0)) == pledge.written_off_amount
        and pledge.next_due_on == min((row.due_on for row in rows if row.left_amount), default=None)
    )


def overapplied_gifts() -> list[int]:
    """Return the gifts that pay more of pledges than is left of them."""
    gifts = Gift.objects.filter(Q(pledge_payments__isnull=False)).distinct().prefetch_related("pledge_payments")
    return [gift.pk for gift in gifts.order_by("pk").iterator(500) if unapplied(gift).amount < 0]
