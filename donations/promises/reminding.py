"""Reminders: by e-mail where there is an address, else on the list of letters; of each kind one, ever."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, clock
from core.mail import send
from donations.models import Instalment, PledgeReminder, PromiseSettings, ReminderHow
from donations.promises.errors import PromiseError

# A reminder that was missed while the clock stood still is caught up this long, and then left out.
CAUGHT_UP_WITHIN = dt.timedelta(days=7)
# Of one that is late by so much that two kinds are due at once, only the later goes out.


@transaction.atomic
def raise_reminders(*, today: dt.date) -> int:
    """Send or list the reminders that are due on a day; returns how many. A second time there are none left."""
    raised = 0
    kinds = PromiseSettings.load().reminder_days
    for days, following in zip(kinds, [*kinds[1:], None], strict=True):
        due_on = today - dt.timedelta(days=days)
        latest = max(due_on - CAUGHT_UP_WITHIN, _day_of(following, today))
        for instalment in _to_remind(days, after=latest, until=due_on):
            raised += _raise(instalment, days, today)
    return raised


def _day_of(days: int | None, today: dt.date) -> dt.date:
    return dt.date.min if days is None else today - dt.timedelta(days=days)


def _to_remind(days: int, *, after: dt.date, until: dt.date) -> Iterable[Instalment]:
    rows = Instalment.objects.open().filter(
        due_on__gt=after, due_on__lte=until, pledge__wants_reminders=True, pledge__donor__is_deceased=False
    )
    told = PledgeReminder.objects.filter(days=days).values("instalment")
    # Nobody is reminded beforehand of what they have only just promised.
    delay = dt.timedelta(days=days)
    rows = rows.exclude(pk__in=told).select_related("pledge__donor").prefetch_related("pledge__donor__emails")
    return [row for row in rows if days >= 0 or row.pledge.pledged_on <= row.due_on + delay]


def _raise(instalment: Instalment, days: int, today: dt.date) -> int:
    donor = instalment.pledge.donor
    address = donor.primary_email
    reminder, is_new = PledgeReminder.objects.get_or_create(
        instalment=instalment,
        days=days,
        defaults={
            "how": ReminderHow.EMAIL if address else ReminderHow.LETTER,
            "raised_on": today,
            "done_at": clock.now() if address else None,
        },
    )
    if is_new and address:
        send(
            to=address,
            template="pledge_reminder",
            context={
                "name": donor.informal_name,
                "pledge": instalment.pledge,
                "instalment": instalment,
                "is_late": days > 0,
            },
            about=donor,
            language=donor.language or None,
        )
    if is_new:
        audit.record(
            "pledge.reminded",
            instalment.pledge,
            by=None,
            new={"instalment": instalment.number, "days": days, "how": reminder.how},
            about=donor,
        )
    return int(is_new)


@transaction.atomic
def mark_written(reminder: PledgeReminder, *, by: User | None) -> PledgeReminder:
    """Say that the letter has gone out. Raises PromiseError when that was said before."""
    reminder = PledgeReminder.objects.select_for_update().get(pk=reminder.pk)
    if reminder.done_at is not None:
        raise PromiseError(_("This letter has been written already."))
    reminder.done_at = clock.now()
    reminder.done_by = by
    reminder.save(update_fields=["done_at", "done_by"])
    return reminder
