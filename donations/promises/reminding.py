"""Reminders: by e-mail where there is an address, else on the list of letters.

Of each kind there is one, ever, and two of one instalment are days apart, whoever asks for them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, clock
from core.mail import send
from core.theme.figures import day_in_words
from donations.models import Instalment, Pledge, PledgeReminder, PromiseSettings, ReminderHow
from donations.promises.errors import PromiseError
from donations.promises.settling import locked

# A reminder that was missed while the clock stood still is caught up this long, and then left out.
CAUGHT_UP_WITHIN = dt.timedelta(days=7)
# Of one that is late by so much that two kinds are due at once, only the later goes out.


@transaction.atomic
def raise_reminders(*, today: dt.date) -> int:
    """Send or list the reminders that are due on a day; returns how many. A second time there are none left."""
    raised = 0
    settings = PromiseSettings.load()
    kinds = settings.reminder_days
    apart = today - dt.timedelta(days=settings.remind_apart)
    for days, following in zip(kinds, [*kinds[1:], None], strict=True):
        due_on = today - dt.timedelta(days=days)
        latest = max(due_on - CAUGHT_UP_WITHIN, _day_of(following, today))
        for instalment in _to_remind(days, after=latest, until=due_on, apart=apart):
            raised += _raise(instalment, days, today) is not None
    return raised


def _day_of(days: int | None, today: dt.date) -> dt.date:
    return dt.date.min if days is None else today - dt.timedelta(days=days)


def _to_remind(days: int, *, after: dt.date, until: dt.date, apart: dt.date) -> Iterable[Instalment]:
    rows = Instalment.objects.open().filter(
        due_on__gt=after,
        due_on__lte=until,
        pledge__wants_reminders=True,
        pledge__donor__is_deceased=False,
        pledge__donor__do_not_contact=False,
    )
    rows = rows.exclude(reminders__in=PledgeReminder.objects.filter(raised_on__gt=apart))
    told = PledgeReminder.objects.filter(days=days).values("instalment")
    # Nobody is reminded beforehand of what they have only just promised.
    delay = dt.timedelta(days=days)
    rows = rows.exclude(pk__in=told).select_related("pledge__donor").prefetch_related("pledge__donor__emails")
    return [row for row in rows if days >= 0 or row.pledge.pledged_on <= row.due_on + delay]


@transaction.atomic
def remind_now(
    pledge: Pledge, *, by: User | None, how: str = "", instalment: Instalment | None = None
) -> PledgeReminder:
    """Remind a donor of what is due next, or of the part named, because somebody thinks it is time.

    By e-mail where there is an address, unless `how` says by letter, which goes on the list of letters to write.
    Raises PromiseError when nothing is to come, when the donor is not to be written to, or was reminded of it
    only just.
    """
    pledge = locked(pledge)
    instalment = instalment or pledge.instalments.open().first()
    if instalment is None or not instalment.left_amount:
        raise PromiseError(_("Nothing of this pledge is still to come."))
    instalment.pledge = pledge
    donor, today = pledge.donor, clock.today()
    if donor.is_deceased or donor.do_not_contact:
        raise PromiseError(_("%(donor)s is not to be written to.") % {"donor": donor})
    if how == ReminderHow.EMAIL and not donor.primary_email:
        raise PromiseError(_("There is no e-mail address to write to: send a letter."))
    apart = dt.timedelta(days=PromiseSettings.load().remind_apart)
    if last := instalment.reminders.filter(raised_on__gt=today - apart).order_by("-raised_on").first():
        raise PromiseError(
            _("A reminder of this went out on %(day)s already.") % {"day": day_in_words(last.raised_on, "medium")}
        )
    reminder = _raise(instalment, (today - instalment.due_on).days, today, by=by, how=how)
    if reminder is None:
        raise PromiseError(_("A reminder of this went out today already."))
    return reminder


def _raise(
    instalment: Instalment, days: int, today: dt.date, *, by: User | None = None, how: str = ""
) -> PledgeReminder | None:
    """Remind of a part, and return the reminder; None when there is one of that day already."""
    donor = instalment.pledge.donor
    address = None if how == ReminderHow.LETTER else donor.primary_email
    reminder, is_new = PledgeReminder.objects.get_or_create(
        instalment=instalment,
        days=days,
        defaults={
            "how": ReminderHow.EMAIL if address else ReminderHow.LETTER,
            "raised_on": today,
            "done_at": clock.now() if address else None,
            "done_by": by if address else None,
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
            by=by,
            new={"instalment": instalment.number, "days": days, "how": reminder.how},
            about=donor,
        )
    return reminder if is_new else None


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
