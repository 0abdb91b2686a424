"""What a gift's page says of how it was paid online."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.money import Money
from donations.models import Gift, OnlinePayment
from donations.staff.links import page_of

SEE_PAYMENTS = "donations.view_onlinepayment"


def payment_of(gift: Gift) -> dict[str, Any] | None:
    """Return the facts of a gift's online payment; None when it came another way."""
    payment = OnlinePayment.objects.filter(gift=gift).first()
    if payment is None:
        return None
    fee = Money(payment.fee, payment.settled_currency) if payment.fee is not None else None
    facts = [
        (_("Payment"), payment, page_of(payment)),
        (_("Paid with"), payment.paid_with, None),
        (_("Fee"), fee, None),
    ]
    return {"facts": [fact for fact in facts if fact[1]]}
