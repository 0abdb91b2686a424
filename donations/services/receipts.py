"""Issue receipts, void them, put others in their place."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, clock
from donations.errors import ReceiptError
from donations.models import Gift, Receipt, ReceiptState
from donations.receipts.regimes import current_issuer, current_regime
from donations.services.receipt_files import finish_after_commit, finish_receipt
from donations.services.receipt_numbers import (
    lock_gifts,
    number_receipt,
    refuse_while_lacking,
    shelves,
    why_not_receiptable,
)


def issue_receipt(gifts: Gift | Sequence[Gift], *, by: User | None, covers_year: int | None = None) -> Receipt:
    """Issue one receipt over a donor's gift or gifts and store its file.

    Raises NotReceiptableError naming the gift that cannot be receipted, ReceiptError when the gifts do not belong
    together, and UnprintableTextError, before any number is taken, when a name has characters we have no letters for.
    """
    chosen = [gifts] if isinstance(gifts, Gift) else list(gifts)
    return finish_receipt(number_receipt(chosen, by=by, covers_year=covers_year))


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

    Nothing is, too, while the organisation may issue no receipts, or when its rules have changed and want one for each
    gift: the old one is void all the same, because money that went back must not stay certified.
    The new one names the old; `finish_receipt` has to follow.
    """
    voided = void_receipt(receipt, by=by, reason=reason)
    regime = current_regime()
    gifts = Gift.objects.filter(receipt_lines__receipt=voided).for_receipt()
    left = [gift for gift in gifts if not why_not_receiptable(gift, regime)]
    return number_instead(voided, left, by=by, replaces=voided)


def number_instead(
    voided: Receipt, gifts: Sequence[Gift], *, by: User | None, replaces: Receipt | None = None
) -> Receipt | None:
    """Number a receipt over gifts in the place of a void one; None when there is nothing, or none may be issued now."""
    regime = current_regime()
    if not gifts or regime.lacking(current_issuer(), clock.today()) or len(shelves(gifts, regime)) > 1:
        return None
    return number_receipt(gifts, by=by, covers_year=voided.covers_year, replaces=replaces)


@transaction.atomic
def reissue_receipt(receipt: Receipt, *, by: User | None, reason: str) -> Receipt:
    """Void a receipt and issue another in its place, such as after a change of name or address.

    Raises ReceiptError when nothing of its gifts can be receipted any more: void it instead.
    """
    refuse_while_lacking(current_regime(), current_issuer())
    replacement = replace_receipt(receipt, by=by, reason=reason)
    if replacement is None:
        raise ReceiptError(_("Nothing on this receipt can be receipted any more. Void it instead."))
    return finish_after_commit(replacement)
