"""Adjust a posted gift: reverse it whole, and let a corrected one count in its place.

Nothing of the original changes. Its ledger entries are reversed, the replacement's are entered, and a row between the
two says who, when and why. Both are dated by the gifts' own days, so that giving history reads as if it had been right
from the start, while the books as of an instant still say what they said. What falls into closed books is entered on
the first open day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.merging.signposts import standing
from constituents.models import Constituent
from core import audit, clock
from core.money import Money, quantize
from core.organisation import current_organisation
from donations.accounting.periods import first_open_day
from donations.errors import AdjustmentError, GiftStateError
from donations.models import Adjustment, EntryKind, Gift, GiftAllocation, GiftKind, GiftStatus, OnlinePayment
from donations.models.gift import COUNTED_STATUSES
from donations.models.rate import rate_on
from donations.services.entries import enter_gift, enter_reversal
from donations.services.gifts import Allocations, check_allocations, check_not_in_future, facts_of
from donations.services.rollups import recompute_totals, whose_totals
from donations.signals import gift_adjusted

# What a replacement does not take over: what it is known by, and what became of the original.
_ITS_OWN = frozenset(
    {
        "id", "uuid", "status", "refunded_amount", "charged_back_amount", "net_base_amount", "posted_at", "posted_by",
        "created_at",
    }
)  # fmt: skip


@transaction.atomic
def adjust_gift(
    gift: Gift,
    *,
    by: User | None,
    reason: str,
    donor: Constituent | None = None,
    money: Money | None = None,
    received_on: dt.date | None = None,
    method: str | None = None,
    allocations: Allocations | None = None,
    **details: Any,
) -> Gift:
    """Put a corrected gift in the place of a posted one, and return it; what is not named stays as it was.

    Of a gift that was partly returned, what is left is adjusted. When the amount changes and no allocations are named,
    the funds share it as before. `details` are further fields of Gift. Raises GiftStateError when nothing of the gift
    is here, AdjustmentError when nothing would change, no reason is given, or the amount would of dues or of what was
    paid online;
    FutureGiftError, AllocationError, ClosedFundError, MissingRateError, or ValidationError naming the field.
    """
    if not reason.strip():
        raise AdjustmentError(_("Say why the gift is adjusted."))
    donor = _locked_donor(gift, donor)
    original = Gift.objects.select_for_update(of=("self",)).get(pk=gift.pk)
    if original.status not in COUNTED_STATUSES:
        raise GiftStateError(_("There is nothing left of this gift to adjust."))
    replacement = _copy(original)
    replacement.donor = donor
    replacement.amount, replacement.currency = (money or original.left).amount, (money or original.left).currency
    replacement.received_on = received_on or original.received_on
    replacement.method = method or original.method
    for name, value in details.items():
        setattr(replacement, name, value)
    if original.kind == GiftKind.DUES and (replacement.kind, replacement.money) != (original.kind, original.left):
        raise AdjustmentError(_("Dues keep the amount the membership was sold for: refund or void them instead."))
    if replacement.money != original.left and OnlinePayment.objects.filter(gift=original).exists():
        raise AdjustmentError(_("It was paid online, and the amount is what was charged: refund the part that is not."))
    parts = list(allocations) if allocations else _shared_as_before(original, replacement.money)
    if not _differs(original, replacement, parts):
        raise AdjustmentError(_("Nothing would change: correct what was wrong."))
    return _replace(original, replacement, parts, by=by, reason=reason.strip())


def _locked_donor(gift: Gift, donor: Constituent | None) -> Constituent:
    """Return whose the gift will be, locked before the gift is, as a merge does: nobody waits in a circle."""
    involved = {one.pk: one for one in (gift.donor, donor) if one is not None}
    locked = {pk: standing(involved[pk]) for pk in sorted(involved)}
    return locked[(donor or gift.donor).pk]


def _copy(original: Gift) -> Gift:
    facts = {
        field.attname: getattr(original, field.attname)
        for field in Gift._meta.concrete_fields
        if field.name not in _ITS_OWN
    }
    return Gift(**facts)


def _shared_as_before(original: Gift, money: Money) -> Allocations:
    parts = list(original.allocations.select_related("fund"))
    shares = money.split([part.amount for part in parts])
    return [(part.fund, share.amount) for part, share in zip(parts, shares, strict=True) if share]


def _differs(original: Gift, replacement: Gift, parts: Allocations) -> bool:
    taken_over = [field.attname for field in Gift._meta.concrete_fields if field.name not in _ITS_OWN]
    before = {name: getattr(original, name) for name in taken_over} | {"amount": original.left.amount}
    after = {name: getattr(replacement, name) for name in taken_over}
    shared = {fund.pk: amount for fund, amount in _shared_as_before(original, original.left)}
    return before != after or shared != {fund.pk: amount for fund, amount in parts}


def _replace(original: Gift, replacement: Gift, parts: Allocations, *, by: User | None, reason: str) -> Gift:
    check_not_in_future(replacement.received_on)
    check_allocations(replacement.money, parts, replacement.received_on)
    before, open_from = facts_of(original), first_open_day()
    concerned = whose_totals([original])
    # The original first: with it out of the way, its id in another system is free for the replacement.
    enter_reversal(
        original,
        original.left,
        EntryKind.ADJUSTMENT,
        effective_on=max(original.received_on, open_from),
        by=by,
        reason=reason,
    )
    original.status = GiftStatus.ADJUSTED
    original.save(update_fields=["status", "net_base_amount"])
    now = clock.now()
    _rate(replacement, original)
    replacement.status = GiftStatus.POSTED
    replacement.posted_at, replacement.posted_by = now, by
    replacement.full_clean()
    replacement.save()
    GiftAllocation.objects.bulk_create(
        GiftAllocation(gift=replacement, fund=fund, amount=amount) for fund, amount in parts
    )
    enter_gift(
        replacement, EntryKind.ADJUSTMENT, effective_on=max(replacement.received_on, open_from), by=by, reason=reason
    )
    replacement.save(update_fields=["net_base_amount"])
    Adjustment.objects.create(original=original, replacement=replacement, reason=reason, by=by, at=now)
    after = facts_of(replacement)
    _record(original, replacement, before, after, by=by, reason=reason)
    gift_adjusted.send(Gift, original=original, replacement=replacement, by=by, reason=reason)
    recompute_totals(concerned | whose_totals([original, replacement]))
    return replacement


def _rate(replacement: Gift, original: Gift) -> None:
    """Keep the rate it was booked at, unless currency or day were what was wrong."""
    if (replacement.currency, replacement.received_on) != (original.currency, original.received_on):
        replacement.exchange_rate = rate_on(replacement.currency, replacement.received_on)
    base_currency = current_organisation().base_currency
    replacement.base_amount = quantize(replacement.amount * replacement.exchange_rate, base_currency)
    replacement.net_base_amount = Decimal(0)


def _record(
    original: Gift, replacement: Gift, before: Mapping[str, Any], after: Mapping[str, Any], *, by: Any, reason: str
) -> None:
    """Leave the same entry on both gifts, and with both donors when it went from one to the other."""
    old = {**before, "donor": str(original.donor)}
    new = {**after, "donor": str(replacement.donor)}
    for gift in (original, replacement):
        audit.record("gift.adjusted", gift, by=by, old=old, new=new, reason=reason, about=gift.donor)
