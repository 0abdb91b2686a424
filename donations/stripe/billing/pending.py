"""What is being asked of Stripe and not known yet, in words for donor and staff."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.money import Money
from core.theme.figures import day_in_words
from donations.models import Asked, AskedChange, RecurringGift
from donations.stripe.billing import terms


def pending_words(recurring: RecurringGift) -> str:
    """Return what is being asked and not known yet, in a sentence; empty when nothing is."""
    row = AskedChange.objects.waiting().filter(subscription__recurring=recurring).first()
    if row is None:
        return ""
    words: dict[str, Any] = {}
    if amount := row.terms.get("amount"):
        words["money"] = Money(Decimal(amount), recurring.currency)
        words["often"] = terms.frequency_of(row.terms["interval"], row.terms["interval_count"])
    if day := row.terms.get("from"):
        words["day"] = day_in_words(dt.date.fromisoformat(day))
    return str(_PENDING[Asked(row.what)]) % words


_PENDING = {
    Asked.AMOUNT: _("We are still asking the payment service to charge %(money)s from now on."),
    Asked.RHYTHM: _("We are still asking the payment service to charge %(money)s %(often)s."),
    Asked.DAY: _("We are still asking the payment service to charge it on %(day)s."),
    Asked.PAUSE: _("We are still asking the payment service to pause it."),
    Asked.RESUME: _("We are still asking the payment service to let it go on."),
    Asked.STOP: _("We are still asking the payment service to stop it."),
    Asked.CARD: _("We are still asking the payment service to use the new card."),
    Asked.CHARGE: _("We are still asking the payment service to charge what is open."),
}
