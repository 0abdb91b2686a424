"""Receipts that go with a letter: those there are, and those that were still missing."""

from __future__ import annotations

from accounts.models import User
from core.documents import DocumentError
from donations.errors import ReceiptError
from donations.models import Gift, Receipt, ReceiptLine
from donations.services.receipt_numbers import why_not_receiptable
from donations.services.receipts import issue_receipt
from donations.thanks.letters import Letter


def receipts_with(letter: Letter, *, by: User | None, issue: bool) -> list[Receipt]:
    """Return the live receipts over a letter's gifts, each once; with `issue` those that are missing are issued.

    A gift that gets no receipt goes without: whoever reads the letter is thanked all the same.
    """
    receipts: dict[int, Receipt] = {}
    lines = ReceiptLine.objects.filter(gift__in=letter.gifts, is_live=True).select_related("receipt")
    receipted = {line.gift_id: line.receipt for line in lines}
    for gift in letter.gifts:
        receipt = receipted.get(gift.pk)
        if receipt is None and issue:
            receipt = _issued(gift, by)
        if receipt is not None:
            receipts[receipt.pk] = receipt
    return list(receipts.values())


def _issued(gift: Gift, by: User | None) -> Receipt | None:
    if why_not_receiptable(gift):
        return None
    try:
        return issue_receipt(gift, by=by)
    except (ReceiptError, DocumentError):
        # Said where receipts are issued; a letter is no place to hold it up for.
        return None
