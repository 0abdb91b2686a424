"""What the organisation decides about its receipts, and what a gift has to say for one."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.models import User
from core import audit
from core.organisation import current_organisation, forget_organisation
from donations.models import Gift, ReceiptSettings


@transaction.atomic
def change_receipt_settings(*, by: User | None, **values: Any) -> ReceiptSettings:
    """Change receipt settings; receipts that are out keep what they said. Raises ValidationError naming the field."""
    settings = ReceiptSettings.objects.select_for_update().filter(pk=1).first() or ReceiptSettings(pk=1)
    before = audit.snapshot(settings)
    for name, value in values.items():
        setattr(settings, name, value)
    settings.full_clean(validate_unique=False)
    settings.save()
    forget_organisation()
    old, new = audit.changes(before, audit.snapshot(settings))
    if new:
        audit.record("receipt_settings.changed", settings, by=by, old=old, new=new, about=current_organisation())
    return settings


@transaction.atomic
def detail_gift_for_receipt(gift: Gift, *, by: User | None, **values: Any) -> Gift:
    """Say of a gift what its receipt needs beside money facts: description, origin of goods, waived expenses."""
    locked = Gift.objects.select_for_update(of=("self",)).get(pk=gift.pk)
    before = audit.snapshot(locked)
    for name, value in values.items():
        setattr(locked, name, value)
    locked.full_clean()
    locked.save(update_fields=list(values))
    old, new = audit.changes(before, audit.snapshot(locked))
    if new:
        audit.record("gift.detailed_for_receipt", locked, by=by, old=old, new=new, about=locked.donor)
    return locked
