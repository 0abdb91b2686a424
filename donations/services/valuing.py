"""Value goods and securities: kept beside the gift, apart from what any paper prints."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from core import audit
from donations.models import Gift, Valuation


@transaction.atomic
def value_gift(
    gift: Gift,
    *,
    amount: Decimal,
    method: str,
    valued_on: dt.date,
    by: User | None,
    valuer: str = "",
    note: str = "",
) -> Valuation:
    """Put on record what a gift was valued at, in its own currency, or correct it; the gift's amount stays.

    Raises ValidationError when it is nothing, or an appraisal without its appraiser.
    """
    locked = Gift.objects.select_for_update(of=("self",)).get(pk=gift.pk)
    valuation = Valuation.objects.filter(gift=locked).first() or Valuation(gift=locked)
    before = audit.snapshot(valuation) if valuation.pk else {}
    valuation.amount, valuation.method, valuation.valuer = amount, method, valuer
    valuation.valued_on, valuation.note = valued_on, note
    valuation.full_clean()
    valuation.save()
    old, new = audit.changes(before, audit.snapshot(valuation))
    audit.record("gift.valued", locked, by=by, old=old, new=new, about=locked.donor)
    return valuation
