"""Say which accounts the journal is written in, from which day on, and how much one line sums up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from core import audit, clock
from core.organisation import current_organisation
from donations.models import Account, JournalSettings
from donations.models.journal import journal_settings


@transaction.atomic
def set_up_journal(
    *,
    accounts: Mapping[str, tuple[str, str]],
    begins_on: dt.date | None,
    grouping: str,
    by: User | None,
) -> JournalSettings:
    """Write the accounts, by use, as (number, name); a use without a number has no account.

    What was exported keeps the accounts it was exported with.
    """
    settings = JournalSettings.objects.select_for_update().get(pk=journal_settings().pk)
    old = {account.use: str(account) for account in Account.objects.all()}
    for use, (code, name) in accounts.items():
        if code.strip():
            account = Account.objects.filter(use=use).first() or Account(use=use)
            account.code, account.name = code.strip(), name.strip()
            account.full_clean()
            account.save()
        else:
            Account.objects.filter(use=use).delete()
    old |= {"begins_on": str(settings.begins_on or ""), "grouping": settings.grouping}
    if settings.begins_on != begins_on:
        settings.begins_on = begins_on
        settings.begins_set_at = clock.now()
    settings.grouping = grouping
    settings.full_clean()
    settings.save()
    new = {account.use: str(account) for account in Account.objects.all()}
    new |= {"begins_on": str(begins_on or ""), "grouping": grouping}
    changed = {key for key in old.keys() | new.keys() if old.get(key, "") != new.get(key, "")}
    if changed:
        audit.record(
            "journal.set_up",
            current_organisation(),
            by=by,
            old={key: old.get(key, "") for key in changed},
            new={key: new.get(key, "") for key in changed},
        )
    return settings
