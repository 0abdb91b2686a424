"""When a gift that was claimed goes back: a draft lets go of it, a claim that was sent owes the tax back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, clock
from core.money import quantize
from donations.gift_aid import joint
from donations.gift_aid.claiming import tally
from donations.gift_aid.eligibility import Portion, portions_of
from donations.gift_aid.rules import Reason
from donations.gift_aid.tax import tax_on
from donations.models import ClaimLine, Gift, GiftAidDeclaration, OwedBack
from donations.models.hmrc_claim import CURRENCY

# What a refund can make of a gift that was claimed rightly: nothing left, or too little for what the donor got.
_GONE = frozenset({Reason.NOT_HERE, Reason.BENEFITS, Reason.BENEFITS_OF_YEAR})


def settle_reversed(sender: object, *, gift: Gift, by: User | None, reason: str, **_kwargs: Any) -> None:
    """Bring the claims of a gift that was voided, refunded or charged back in line with what is left of it."""
    lines = list(_live_lines(gift))
    if not lines:
        return
    left = _what_is_left(gift)
    for line in lines:
        _settle(line, left.get(line.share_id, Decimal(0)), by=by, reason=reason)


def _live_lines(gift: Gift) -> Any:
    return (
        ClaimLine.objects.select_for_update(of=("self",))
        .filter(gift=gift, is_live=True)
        .select_related("claim", "gift", "declaration__donor")
        .order_by("pk")
    )


def _what_is_left(gift: Gift) -> dict[int | None, Decimal]:
    """Return what may still be claimed on of each share, by its key; of a gift without shares under None."""
    return {
        portion.share.pk if portion.share else None: _claimed_rightly(portion)
        for portion in portions_of([Gift.objects.select_related("donor").get(pk=gift.pk)], ignoring_claims=True)
    }


def _claimed_rightly(portion: Portion) -> Decimal:
    return Decimal(0) if portion.verdict.reason in _GONE else portion.claimable_amount


def _settle(line: ClaimLine, left: Decimal, *, by: User | None, reason: str) -> None:
    if not line.is_final:
        if left:
            line.amount = left
            line.save(update_fields=["amount"])
        else:
            line.delete()
        tally(line.claim)
        return
    gone = standing_amount(line) - left
    if gone > 0:
        _owe(line, gone, by=by, reason=reason)
    if not left:
        line.is_live = False
        line.save(update_fields=["is_live"])


def standing_amount(line: ClaimLine) -> Decimal:
    """Return what a claim holds on a gift today: what it was claimed on, less what went back since."""
    owed = OwedBack.objects.filter(line=line, taken_back_on__isnull=True).aggregate(total=Sum("amount"))["total"]
    return quantize(line.amount - (owed or Decimal(0)), CURRENCY)


def _owe(line: ClaimLine, gone: Decimal, *, by: User | None, reason: str) -> None:
    owed = OwedBack.objects.create(
        line=line,
        amount=gone,
        tax=tax_on(gone, line.gift.received_on),
        reason=reason.strip() or _("The gift went back."),
        arose_on=clock.today(),
    )
    audit.record(
        "gift_aid.owed_back",
        line.claim,
        by=by,
        new={"gift": line.gift_id, "amount": owed.amount, "tax": owed.tax},
        reason=reason,
        about=line.declaration.donor,
    )


def settle_reinstated(sender: object, *, gift: Gift, by: User | None, reason: str = "", **_kwargs: Any) -> None:
    """Take back what is owed for a gift whose money came after all, as long as it was not given back to HMRC yet.

    What was given back already can be claimed anew: the gift stands in no live claim then.
    """
    open_ones = OwedBack.objects.select_for_update(of=("self",)).filter(
        line__gift=gift, settled_by__isnull=True, taken_back_on__isnull=True
    )
    for owed in open_ones.select_related("line__claim", "line__declaration__donor").order_by("pk"):
        owed.taken_back_on = clock.today()
        owed.save(update_fields=["taken_back_on"])
        line = owed.line
        if not line.is_live:
            line.is_live = True
            line.save(update_fields=["is_live"])
        audit.record(
            "gift_aid.owed_no_more",
            line.claim,
            by=by,
            old={"gift": gift.pk, "tax": owed.tax},
            reason=reason,
            about=line.declaration.donor,
        )


def follow_the_correction(
    sender: object, *, original: Gift, replacement: Gift, by: User | None, **_kwargs: Any
) -> None:
    """Let declarations and claims follow a gift that was corrected.

    Where donor, day and method are the same the claim goes on over the right gift, and owes back what it is smaller by.
    Otherwise all of it is owed back, and the right gift is claimed with the next claim if it may be.
    """
    GiftAidDeclaration.objects.filter(gift=original, donor=replacement.donor_id).update(gift=replacement)
    joint.follow_adjustment(original, replacement)
    lines = list(_live_lines(original))
    if not lines:
        return
    same = all(getattr(original, name) == getattr(replacement, name) for name in ("donor_id", "received_on", "method"))
    left = _what_is_left(replacement) if same else {}
    for line in lines:
        amount = left.get(line.share_id, Decimal(0))
        reason = _("The gift was corrected.")
        if amount:
            line.gift = replacement
            line.save(update_fields=["gift"])
        _settle(line, min(amount, standing_amount(line)) if line.is_final else amount, by=by, reason=reason)
