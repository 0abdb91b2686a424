"""How online giving reacts to what becomes of gifts here."""

from __future__ import annotations

from typing import Any

from donations.models import Checkout, Gift, OnlinePayment


def lead_to_the_replacement(sender: object, *, original: Gift, replacement: Gift, **_kwargs: Any) -> None:
    """Lead the payment of an adjusted gift to the one that counts in its place."""
    for model in (Checkout, OnlinePayment):
        model.objects.filter(gift=original).update(gift=replacement)
