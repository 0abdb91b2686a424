"""`{% load giving %}`: how a receipt stands, as a tone for its chip."""

from django import template

from donations.models import Receipt, ReceiptState

register = template.Library()

_TONES = {ReceiptState.ISSUED: "good", ReceiptState.NUMBERED: "waiting", ReceiptState.VOID: "wrong"}


@register.filter
def receipt_tone(receipt: Receipt) -> str:
    """Return good, waiting or wrong."""
    return _TONES[ReceiptState(receipt.state)]
