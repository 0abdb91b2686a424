"""Record, post, cancel, void and refund one gift."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.merging.signposts import standing
from constituents.models import Constituent
from core import audit, clock
from core.money import Money, quantize
from core.organisation import current_organisation
from donations.accounting.periods import check_open
from donations.errors import AllocationError, ClosedFundError, GiftStateError, NoFundError, RefundError
from donations.models import EntryKind, Fund, Gift, GiftAllocation, GiftStatus, LedgerEntry
from donations.models.gift import COUNTED_STATUSES
from donations.models.rate import rate_on
from donations.services.rollups import recompute_totals
from donations.signals import gift_posted, gift_reversed

Allocations = Sequence[tuple[Fund, Decimal]]


@transaction.atomic
def record_gift(
    *,
    donor: Constituent,
    money: Money,
    received_on: dt.date,
    by: User | None,
    allocations: Allocations | None = None,
    post: bool = True,
    **details: Any,
) -> Gift:
    """Record a gift for one or more funds, and post it unless it is only expected.

    `money` is in the gift's own currency; `allocations` are (fund, amount) in the same currency and add up to it, or
    are left out for the default fund. `details` are further fields of Gift. Raises AllocationError, ClosedFundError,
    ClosedPeriodError, NoFundError, MissingRateError, or ValidationError naming the field.
    """
    donor = standing(donor)
    parts = list(allocations) if allocations else [(default_fund(), money.amount)]
    check_allocations(money, parts, received_on)
    rate = rate_on(money.currency, received_on)
    gift = Gift(
        donor=donor,
        amount=money.amount,
        currency=money.currency,
        exchange_rate=rate,
        base_amount=quantize(money.amount * rate, current_organisation().base_currency),
        received_on=received_on,
        **details,
    )
    gift.full_clean()
    gift.save()
    GiftAllocation.objects.bulk_create(GiftAllocation(gift=gift, fund=fund, amount=amount) for fund, amount in parts)
    audit.record("gift.recorded", gift, by=by, new=_facts(gift), about=donor)
    return post_gift(gift, by=by) if post else gift


def default_fund() -> Fund:
    """Return the fund gifts go to when nothing else is chosen. Raises NoFundError when there is none."""
    fund = Fund.objects.order_by("-is_default", "pk").first()
    if fund is None:
        raise NoFundError
    return fund


def check_allocations(money: Money, parts: Allocations, received_on: dt.date) -> None:
    """Raise AllocationError or ClosedFundError unless the parts are a fair split of the gift."""
    total = Money(sum((amount for _fund, amount in parts), Decimal(0)), money.currency)
    if total != money:
        raise AllocationError(
            _("The parts add up to %(total)s, but the gift is %(gift)s.") % {"total": total, "gift": money}
        )
    for fund, _amount in parts:
        if not fund.is_open_on(received_on):
            raise ClosedFundError(fund)


@transaction.atomic
def post_gift(gift: Gift, *, by: User | None, received_on: dt.date | None = None) -> Gift:
    """Put a gift into the ledger: from here on its money facts are fixed.

    For an expected gift that has come, `received_on` is the day it came. Raises GiftStateError when it is not expected,
    ClosedPeriodError when the books of the day are closed.
    """
    locked = Gift.objects.select_for_update().get(pk=gift.pk)
    if locked.status != GiftStatus.PENDING:
        raise GiftStateError(_("This gift has been posted or cancelled already."))
    if received_on:
        locked.received_on = received_on
        locked.exchange_rate = rate_on(locked.currency, received_on)
        locked.base_amount = quantize(locked.amount * locked.exchange_rate, current_organisation().base_currency)
    check_open(locked.received_on)
    locked.status = GiftStatus.POSTED
    locked.posted_at = clock.now()
    locked.posted_by = by
    locked.net_base_amount = locked.base_amount
    parts = list(locked.allocations.select_related("fund"))
    check_allocations(locked.money, [(part.fund, part.amount) for part in parts], locked.received_on)
    locked.full_clean()
    locked.save()
    base_parts = Money(locked.base_amount, current_organisation().base_currency).split([p.amount for p in parts])
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            gift=locked,
            fund=part.fund,
            donor_id=locked.donor_id,
            kind=EntryKind.POSTED,
            amount=part.amount,
            currency=locked.currency,
            base_amount=base.amount,
            effective_on=locked.received_on,
            recorded_at=locked.posted_at,
            recorded_by=by,
        )
        for part, base in zip(parts, base_parts, strict=True)
    )
    recompute_totals([locked.donor_id])
    audit.record("gift.posted", locked, by=by, new=_facts(locked), about=locked.donor)
    gift_posted.send(Gift, gift=locked, by=by)
    return locked


@transaction.atomic
def cancel_gift(gift: Gift, *, by: User | None, reason: str) -> Gift:
    """Give up an expected gift that will not come. Raises GiftStateError once money has been posted."""
    locked = Gift.objects.select_for_update().get(pk=gift.pk)
    if locked.status != GiftStatus.PENDING:
        raise GiftStateError(_("Only an expected gift can be cancelled; void or refund this one."))
    locked.status = GiftStatus.CANCELLED
    locked.save(update_fields=["status"])
    audit.record("gift.cancelled", locked, by=by, reason=reason, about=locked.donor)
    return locked


@transaction.atomic
def void_gift(gift: Gift, *, by: User | None, reason: str) -> Gift:
    """Take back a gift that should never have been posted: a typing mistake, a cheque that bounced.

    Raises GiftStateError when nothing of it is left to void.
    """
    locked = Gift.objects.select_for_update().get(pk=gift.pk)
    if locked.status not in COUNTED_STATUSES:
        raise GiftStateError(_("There is nothing left of this gift to void."))
    _enter_reversal(locked, Money(locked.amount - locked.refunded_amount, locked.currency), EntryKind.VOID, by, reason)
    return _settle(locked, GiftStatus.VOIDED, by=by, reason=reason, verb="gift.voided")


@transaction.atomic
def refund_gift(gift: Gift, *, money: Money, by: User | None, reason: str) -> Gift:
    """Return part or all of a gift to its donor. Raises RefundError when more would go back than was given."""
    locked = Gift.objects.select_for_update().get(pk=gift.pk)
    if locked.status not in COUNTED_STATUSES:
        raise GiftStateError(_("There is nothing left of this gift to refund."))
    left = Money(locked.amount - locked.refunded_amount, locked.currency)
    if not Money.zero(money.currency) < money <= left:
        raise RefundError(_("Between nothing and %(left)s can be refunded.") % {"left": left})
    _enter_reversal(locked, money, EntryKind.REFUND, by, reason)
    locked.refunded_amount += money.amount
    whole = locked.refunded_amount == locked.amount
    status = GiftStatus.REFUNDED if whole else GiftStatus.PARTLY_REFUNDED
    return _settle(locked, status, by=by, reason=reason, verb="gift.refunded")


def _enter_reversal(gift: Gift, money: Money, kind: EntryKind, by: User | None, reason: str) -> None:
    """Enter minus the amount, spread over the funds as what is left of the gift is spread."""
    left = list(
        gift.entries.values("fund").annotate(left=Sum("amount"), base_left=Sum("base_amount")).filter(left__gt=0)
        .order_by("fund")
    )  # fmt: skip
    remaining = gift.amount - gift.refunded_amount
    base_currency = current_organisation().base_currency
    new_net = quantize(gift.base_amount * (remaining - money.amount) / gift.amount, base_currency)
    base = Money(gift.net_base_amount - new_net, base_currency)
    weights = [quantize(row["left"], gift.currency) for row in left]
    parts = zip(left, money.split(weights), base.split(weights), strict=True)
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            gift=gift,
            fund_id=row["fund"],
            donor_id=gift.donor_id,
            kind=kind,
            amount=-part.amount,
            currency=gift.currency,
            base_amount=-base_part.amount,
            effective_on=clock.today(),
            recorded_at=clock.now(),
            recorded_by=by,
            reason=reason,
        )
        for row, part, base_part in parts
        if part
    )
    gift.net_base_amount = new_net


def _settle(gift: Gift, status: GiftStatus, *, by: User | None, reason: str, verb: str) -> Gift:
    old = gift.status
    gift.status = status
    gift.full_clean()
    gift.save(update_fields=["status", "refunded_amount", "net_base_amount"])
    recompute_totals([gift.donor_id])
    audit.record(
        verb,
        gift,
        by=by,
        old={"status": old},
        new={"status": status, "refunded": gift.refunded_amount},
        reason=reason,
        about=gift.donor,
    )
    gift_reversed.send(Gift, gift=gift, by=by, reason=reason)
    return gift


def _facts(gift: Gift) -> dict[str, Any]:
    return {
        "amount": gift.money.plain,
        "currency": gift.currency,
        "received_on": gift.received_on,
        "method": gift.method,
        "status": gift.status,
        "funds": {part.fund.code: str(part.amount) for part in gift.allocations.select_related("fund")},
    }
