"""Record, post and cancel one gift; void, refund and charge it back, and take a charge-back back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.merging.signposts import standing
from constituents.models import Constituent
from core import audit, clock
from core.money import Money, quantize
from core.organisation import current_organisation
from core.saving import save_valid
from donations.accounting.periods import check_open, first_open_day
from donations.errors import (
    AllocationError,
    ClosedFundError,
    FutureGiftError,
    GiftStateError,
    NoFundError,
    RefundError,
)
from donations.models import EntryKind, Fund, Gift, GiftAllocation, GiftStatus, Method
from donations.models.gift import COUNTED_STATUSES, parts_with_funds
from donations.models.rate import rate_on
from donations.services.entries import enter_gift, enter_return, enter_reversal
from donations.services.recognition import credit_household
from donations.services.rollups import recompute_totals, whose_totals
from donations.signals import gift_posted, gift_reinstated, gift_reversed

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
    ClosedPeriodError, NoFundError, MissingRateError, FutureGiftError for a gift that is here already and dated after
    today, or ValidationError naming the field.
    """
    if post:
        check_not_in_future(received_on)
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
    save_valid(gift)
    GiftAllocation.objects.bulk_create(GiftAllocation(gift=gift, fund=fund, amount=amount) for fund, amount in parts)
    audit.record("gift.recorded", gift, by=by, new=facts_of(gift), about=donor)
    return post_gift(gift, by=by) if post else gift


def default_fund() -> Fund:
    """Return the fund gifts go to when nothing else is chosen. Raises NoFundError when there is none."""
    fund = Fund.objects.default()
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


def check_not_in_future(received_on: dt.date) -> None:
    """Raise FutureGiftError when the day is still to come: what is promised for it is expected, not here."""
    if received_on > clock.today():
        raise FutureGiftError(received_on)


@transaction.atomic
def post_gift(
    gift: Gift,
    *,
    by: User | None,
    received_on: dt.date | None = None,
    promised_on: dt.date | None = None,
    method: Method | None = None,
) -> Gift:
    """Put a gift into the ledger: from here on its money facts are fixed.

    For an expected gift that has come, `received_on` is the day it came, and `method` how, where that was not as
    expected; its funds have to take gifts on that day, or, where that is named, on the day it was promised. Raises
    GiftStateError when it is not expected, ClosedFundError, ClosedPeriodError when the books of the day are closed,
    FutureGiftError when that day is still to come.
    """
    locked = Gift.objects.select_for_update(of=("self",)).with_parts().get(pk=gift.pk)
    if locked.status != GiftStatus.PENDING:
        raise GiftStateError(_("This gift has been posted or cancelled already."))
    if received_on:
        locked.received_on = received_on
        locked.exchange_rate = rate_on(locked.currency, received_on)
        locked.base_amount = quantize(locked.amount * locked.exchange_rate, current_organisation().base_currency)
    locked.method = method or locked.method
    check_open(locked.received_on)
    check_not_in_future(locked.received_on)
    locked.status = GiftStatus.POSTED
    locked.posted_at = clock.now()
    locked.posted_by = by
    locked.net_base_amount = locked.base_amount
    parts = [(part.fund, part.amount) for part in locked.allocations.all()]
    check_allocations(locked.money, parts, promised_on or locked.received_on)
    save_valid(locked)
    enter_gift(locked, EntryKind.POSTED, effective_on=locked.received_on, by=by)
    credit_household([locked])
    recompute_totals(whose_totals([locked]))
    audit.record("gift.posted", locked, by=by, new=facts_of(locked), about=locked.donor)
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
def revive_gift(gift: Gift, *, by: User | None, reason: str) -> Gift:
    """Expect a cancelled gift after all: the donor tries again, or has paid. Raises GiftStateError of any other."""
    locked = Gift.objects.select_for_update().get(pk=gift.pk)
    if locked.status != GiftStatus.CANCELLED:
        raise GiftStateError(_("Only a cancelled gift can be expected again."))
    locked.status = GiftStatus.PENDING
    locked.save(update_fields=["status"])
    audit.record("gift.revived", locked, by=by, reason=reason, about=locked.donor)
    return locked


@transaction.atomic
def void_gift(gift: Gift, *, by: User | None, reason: str) -> Gift:
    """Take back a gift that should never have been posted: a typing mistake, a cheque that bounced.

    Raises GiftStateError when nothing of it is left to void.
    """
    locked = Gift.objects.select_for_update().get(pk=gift.pk)
    if locked.status not in COUNTED_STATUSES:
        raise GiftStateError(_("There is nothing left of this gift to void."))
    _take_back(locked, locked.left, EntryKind.VOID, by, reason)
    locked.status = GiftStatus.VOIDED
    return _settle(locked, by=by, reason=reason, verb="gift.voided")


@transaction.atomic
def refund_gift(gift: Gift, *, money: Money, by: User | None, reason: str) -> Gift:
    """Return part or all of a gift to its donor. Raises RefundError when more would go back than was given."""
    locked = Gift.objects.select_for_update().get(pk=gift.pk)
    if locked.status not in COUNTED_STATUSES:
        raise GiftStateError(_("There is nothing left of this gift to refund."))
    if not Money.zero(money.currency) < money <= locked.left:
        raise RefundError(_("Between nothing and %(left)s can be refunded.") % {"left": locked.left})
    _take_back(locked, money, EntryKind.REFUND, by, reason)
    locked.refunded_amount += money.amount
    locked.status = _status_by_what_is_left(locked)
    return _settle(locked, by=by, reason=reason, verb="gift.refunded")


@transaction.atomic
def charge_back_gift(gift: Gift, *, money: Money | None = None, by: User | None, reason: str) -> Gift:
    """Enter that bank or card network took the money back, without our doing: all that is left, or the part named.

    Raises GiftStateError when nothing is left, RefundError when it is more than that.
    """
    locked = Gift.objects.select_for_update().get(pk=gift.pk)
    if locked.status not in COUNTED_STATUSES:
        raise GiftStateError(_("There is nothing left of this gift to charge back."))
    money = money or locked.left
    if not Money.zero(money.currency) < money <= locked.left:
        raise RefundError(_("Between nothing and %(left)s can be charged back.") % {"left": locked.left})
    _take_back(locked, money, EntryKind.CHARGE_BACK, by, reason)
    locked.charged_back_amount += money.amount
    locked.status = _status_by_what_is_left(locked)
    return _settle(locked, by=by, reason=reason, verb="gift.charged_back")


@transaction.atomic
def reinstate_gift(gift: Gift, *, money: Money | None = None, by: User | None, reason: str) -> Gift:
    """Enter that a charge-back was won: everything that was charged back is here again, or the part named.

    Raises GiftStateError when nothing of the gift stands charged back, RefundError when it is less than that part.
    """
    locked = Gift.objects.select_for_update().get(pk=gift.pk)
    if not locked.can_be_reinstated:
        raise GiftStateError(_("Nothing of this gift stands charged back."))
    gone = Money(locked.charged_back_amount, locked.currency)
    money = money or gone
    if not Money.zero(money.currency) < money <= gone:
        raise RefundError(_("Between nothing and %(gone)s can come back.") % {"gone": gone})
    enter_return(locked, money, EntryKind.REINSTATED, effective_on=_today_or_open(), by=by, reason=reason)
    locked.charged_back_amount -= money.amount
    locked.status = _status_by_what_is_left(locked)
    _settle(locked, by=by, reason=reason, verb="gift.reinstated", announce=False)
    gift_reinstated.send(Gift, gift=locked, by=by, reason=reason)
    return locked


@transaction.atomic
def return_refund(gift: Gift, *, money: Money, by: User | None, reason: str) -> Gift:
    """Enter that a refund did not reach the donor: that much of what was refunded is here again.

    Raises GiftStateError when nothing of the gift stands refunded, RefundError when less than that.
    """
    locked = Gift.objects.select_for_update().get(pk=gift.pk)
    if locked.status not in (*COUNTED_STATUSES, GiftStatus.REFUNDED, GiftStatus.CHARGED_BACK):
        raise GiftStateError(_("Nothing of this gift stands refunded."))
    gone = Money(locked.refunded_amount, locked.currency)
    if not Money.zero(money.currency) < money <= gone:
        raise RefundError(_("Between nothing and %(gone)s can come back.") % {"gone": gone})
    enter_return(locked, money, EntryKind.REFUND_RETURNED, effective_on=_today_or_open(), by=by, reason=reason)
    locked.refunded_amount -= money.amount
    locked.status = _status_by_what_is_left(locked)
    _settle(locked, by=by, reason=reason, verb="gift.refund_returned", announce=False)
    gift_reinstated.send(Gift, gift=locked, by=by, reason=reason)
    return locked


def _take_back(gift: Gift, money: Money, kind: EntryKind, by: User | None, reason: str) -> None:
    enter_reversal(gift, money, kind, effective_on=_today_or_open(), by=by, reason=reason)


def _today_or_open() -> dt.date:
    """Return the day that money goes or comes back on: today, or where the books are closed, the first open day."""
    return max(clock.today(), first_open_day())


def _status_by_what_is_left(gift: Gift) -> GiftStatus:
    """Return how a gift stands of which money went back to donor or bank."""
    returned = gift.refunded_amount + gift.charged_back_amount
    if returned == 0:
        return GiftStatus.POSTED
    if returned < gift.amount:
        return GiftStatus.PARTLY_REFUNDED
    return GiftStatus.CHARGED_BACK if gift.charged_back_amount else GiftStatus.REFUNDED


def _settle(gift: Gift, *, by: User | None, reason: str, verb: str, announce: bool = True) -> Gift:
    before = Gift.objects.get(pk=gift.pk)
    gift.full_clean()
    gift.save(update_fields=["status", "refunded_amount", "charged_back_amount", "net_base_amount"])
    recompute_totals(whose_totals([gift]))
    audit.record(verb, gift, by=by, old=_standing(before), new=_standing(gift), reason=reason, about=gift.donor)
    if announce:
        gift_reversed.send(Gift, gift=gift, by=by, reason=reason)
    return gift


def _standing(gift: Gift) -> dict[str, Any]:
    facts = {"status": gift.status, "refunded": gift.refunded_amount}
    return facts | {"charged_back": gift.charged_back_amount} if gift.charged_back_amount else facts


def facts_of(gift: Gift) -> dict[str, Any]:
    """Return the money facts of a gift, as the audit keeps them."""
    prefetch_related_objects([gift], parts_with_funds())
    return {
        "amount": gift.money.plain,
        "currency": gift.currency,
        "received_on": gift.received_on,
        "method": gift.method,
        "status": gift.status,
        "funds": {part.fund.code: str(part.amount) for part in gift.allocations.all()},
    }
