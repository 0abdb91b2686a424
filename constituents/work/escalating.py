"""What is left lying is told to somebody else: once for each follow-up, in one e-mail for all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from constituents.models import FollowUp, WorkSettings
from core import audit, clock
from core.mail import send
from core.mail.rendering import absolute_url

# What one e-mail names; the list has the rest.
NAMED = 20
# What one tick of the clock attends to.
MOST = 2_000


@transaction.atomic
def escalate_overdue(*, now: dt.datetime) -> int:
    """Mark what has been overdue for longer than the settings allow, and write to whom they name; return how many."""
    settings = WorkSettings.load()
    if settings.escalate_after is None:
        return 0
    last_day = clock.local_date(now) - dt.timedelta(days=settings.escalate_after)
    late = FollowUp.objects.open().filter(due_on__lt=last_day, escalated_at__isnull=True)
    rows = list(late.select_for_update(of=("self",)).select_related("constituent", "owner", "team").in_order()[:MOST])
    if not rows:
        return 0
    FollowUp.objects.filter(pk__in=[row.pk for row in rows]).update(escalated_at=now)
    audit.record_many(
        audit.Draft(verb="follow_up.escalated", obj=row, by=None, new={"due_on": row.due_on}, about=row.constituent)
        for row in rows
    )
    for reader in _readers(settings):
        send(
            to=reader.email,
            template="work_overdue",
            context={
                "reader": reader,
                "count": len(rows),
                "follow_ups": rows[:NAMED],
                "rest": max(0, len(rows) - NAMED),
                "url": absolute_url(reverse("work") + "?whose=everyone&when=overdue"),
            },
        )
    return len(rows)


def _readers(settings: WorkSettings) -> Iterable[User]:
    if settings.escalate_to is not None and settings.escalate_to.is_active:
        return [settings.escalate_to]
    return User.objects.filter(is_active=True, groups__name=Role.ADMINISTRATOR.value).distinct()
