"""How giving reacts to its own announcements: a receipt never certifies money that went back."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from donations.models import Gift, Receipt
from donations.services.receipts import finish_after_commit, replace_receipt


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
