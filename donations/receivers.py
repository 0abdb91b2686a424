"""How giving reacts to its own announcements: a receipt never certifies money that went back."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from donations.models import BankCredit, Gift, GiftKind, Match, MatchState, Receipt, Tribute, Valuation
from donations.receipts.regimes import current_regime
from donations.services import matching, recognition
from donations.services.receipt_files import finish_after_commit
from donations.services.receipt_numbers import why_not_receiptable
from donations.services.receipts import number_instead, replace_receipt, void_receipt
from donations.signals import gift_adjusted, gift_posted, gift_reinstated, gift_reversed, gifts_posted_in_bulk


def listen() -> None:
    """Hear what becomes of gifts."""
    gift_reversed.connect(replace_receipts_of, dispatch_uid="donations.replace_receipts_of")
    gift_adjusted.connect(lead_to_the_replacement, dispatch_uid="donations.lead_to_the_replacement")
    gift_adjusted.connect(receipt_the_replacement, dispatch_uid="donations.receipt_the_replacement")
    gift_posted.connect(expect_a_match, dispatch_uid="donations.expect_a_match")
    gifts_posted_in_bulk.connect(expect_matches, dispatch_uid="donations.expect_matches")
    gift_reversed.connect(reassess_matches, dispatch_uid="donations.reassess_matches")
    gift_reinstated.connect(expect_the_match_again, dispatch_uid="donations.expect_the_match_again")


def replace_receipts_of(sender: object, *, gift: Gift, by: User | None, reason: str, **_kwargs: Any) -> None:
    """Void the live receipt of a gift that was voided, refunded or charged back, and issue one over what is left.

    The new number is taken in the transaction of the reversal. Its file is drawn after it; should that be lost, the
    clock finishes the receipt.
    """
    why = _("Gift %(status)s: %(reason)s") % {"status": gift.get_status_display().lower(), "reason": reason}
    for receipt in Receipt.objects.filter(lines__gift=gift, lines__is_live=True):
        replacement = replace_receipt(receipt, by=by, reason=why[:500])
        if replacement:
            finish_after_commit(replacement)


def lead_to_the_replacement(
    sender: object, *, original: Gift, replacement: Gift, by: User | None, reason: str, **_kwargs: Any
) -> None:
    """Lead what hangs on an adjusted gift to the one that counts in its place."""
    recognition.follow_adjustment(original, replacement)
    for model in (Tribute, Valuation):
        model.objects.filter(gift=original).update(gift=replacement)
    if original.donor_id == replacement.donor_id:
        Match.objects.filter(gift=original).update(gift=replacement)
    elif Match.objects.filter(gift=original).exists():
        # Another donor's employer has another rule: what was expected of this one is over.
        matching.reassess(original, by=by, reason=reason)
    Match.objects.filter(received_gift=original).update(received_gift=replacement)
    BankCredit.objects.filter(gift=original).update(gift=replacement)
    matching.reassess(replacement, by=by, reason=reason)


def expect_a_match(sender: object, *, gift: Gift, by: User | None, **_kwargs: Any) -> None:
    """Expect what the donor’s employer adds to a gift that came."""
    matching.expect_matches([gift], by=by)


def expect_matches(sender: object, *, gift_ids: list[int], by: User | None, announced: bool, **_kwargs: Any) -> None:
    """Expect what employers add to gifts that are news; nobody claims for the history of an import."""
    if announced:
        matching.expect_matches(list(Gift.objects.filter(pk__in=gift_ids).order_by("received_on", "pk")), by=by)


def reassess_matches(sender: object, *, gift: Gift, by: User | None, reason: str, **_kwargs: Any) -> None:
    """Bring the match of a gift to what is left of it; what an employer took back is open again."""
    if gift.kind == GiftKind.GIFT and Match.objects.filter(gift=gift).exists():
        matching.reassess(gift, by=by, reason=reason)
    if not gift.is_counted:
        matching.unsettle(gift, by=by, reason=reason)


def expect_the_match_again(sender: object, *, gift: Gift, by: User | None, **_kwargs: Any) -> None:
    """A charge-back was won: the match that was given up with it is expected again."""
    for match in Match.objects.filter(gift=gift, state=MatchState.CLOSED):
        matching.reopen_match(match, by=by)


def receipt_the_replacement(
    sender: object, *, original: Gift, replacement: Gift, by: User | None, reason: str, **_kwargs: Any
) -> None:
    """Void the live receipt of an adjusted gift; issue one over what was right of it, and over the replacement.

    A new donor gets a receipt of their own. A replacement that left the year a yearly receipt covers waits for the
    receipt of its own year.
    """
    why = _("Gift adjusted: %(reason)s") % {"reason": reason}
    for receipt in Receipt.objects.filter(lines__gift=original, lines__is_live=True):
        voided = void_receipt(receipt, by=by, reason=why[:500])
        others = Gift.objects.filter(receipt_lines__receipt=voided).exclude(pk=original.pk).for_receipt()
        still_good = [gift for gift in others if not why_not_receiptable(gift)]
        stranger: list[Gift] = []
        if not why_not_receiptable(replacement) and _in_the_year_of(voided, replacement):
            is_same = (replacement.donor_id, replacement.currency) == (original.donor_id, original.currency)
            (still_good if is_same else stranger).append(replacement)
        numbered = (
            number_instead(voided, still_good, by=by, replaces=voided),
            number_instead(voided, stranger, by=by),
        )
        for fresh in filter(None, numbered):
            finish_after_commit(fresh)


def _in_the_year_of(receipt: Receipt, gift: Gift) -> bool:
    if receipt.covers_year is None:
        return True
    first, last = current_regime().year_bounds(receipt.covers_year)
    return first <= gift.received_on <= last
