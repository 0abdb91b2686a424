"""What the clock does every day for promises. Whatever it does twice, it has done once."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from core import clock
from donations.models import PromiseSettings, RecurringChange, RecurringGift, RecurringKind
from donations.models.recurring import EXPECTING
from donations.promises import events
from donations.promises.refreshing import refresh_all
from donations.promises.reminding import raise_reminders

_STEP = 500


def keep_promises(*, now: dt.datetime) -> None:
    """Remind of what falls due, notice what is overdue, and see which recurring gifts came, stopped, go on or end."""
    today = clock.local_date(now)
    raise_reminders(today=today)
    events.announce_overdue(now=now)
    keys = list(to_look_at(today).values_list("pk", flat=True))
    for start in range(0, len(keys), _STEP):
        refresh_all(keys[start : start + _STEP], today=today)


def to_look_at(today: dt.date) -> QuerySet[RecurringGift]:
    """Return the recurring gifts whose state may have changed by the day: all others are left in peace.

    Of those charged online the clock brings into force what was planned, and nothing else: Stripe says how they stand.
    """
    long_ago = today - dt.timedelta(days=PromiseSettings.load().failing_days)
    due_plans = RecurringChange.objects.filter(recurring=OuterRef("pk"), is_planned=True, effective_on__lte=today)
    late = Q(next_due_on__lt=long_ago) | Q(next_due_on__isnull=True) | Q(ends_on__lt=today)
    expecting = Q(status__in=EXPECTING, kind=RecurringKind.STANDING_ORDER)
    return RecurringGift.objects.filter((expecting & late) | Exists(due_plans)).order_by("pk")
