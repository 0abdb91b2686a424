"""A cheque typed twice: the same donor, amount and reference within a month."""

from __future__ import annotations

import datetime as dt

from constituents.models import Constituent
from core.money import Money
from donations.models import Gift, GiftStatus
from donations.models.gift import GiftQuerySet

WITHIN = dt.timedelta(days=30)


def likely_twins(*, donor: Constituent, money: Money, reference: str, received_on: dt.date) -> GiftQuerySet:
    """Return gifts on record that are most likely this very one; none without a reference to tell them by."""
    if not reference.strip():
        return Gift.objects.none()
    return (
        Gift.objects.between(received_on - WITHIN, received_on + WITHIN)
        .filter(donor=donor, amount=money.amount, currency=money.currency, reference__iexact=reference.strip())
        .exclude(status__in=[GiftStatus.VOIDED, GiftStatus.ADJUSTED, GiftStatus.CANCELLED])
    )
