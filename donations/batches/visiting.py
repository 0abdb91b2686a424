"""Who has a batch open just now, so that two at one pile know of each other."""

from __future__ import annotations

import datetime as dt

from accounts.models import User
from core import clock
from donations.models import Batch, BatchVisit

# A grid says every few seconds that it is still open; one that has been silent this long is not.
GONE_AFTER = dt.timedelta(seconds=45)


def note_visit(batch: Batch, *, by: User) -> list[User]:
    """Write down that somebody has the grid open, and return who else has."""
    now = clock.now()
    BatchVisit.objects.update_or_create(batch=batch, user=by, defaults={"seen_at": now})
    others = batch.visits.filter(seen_at__gt=now - GONE_AFTER).exclude(user=by)
    return [visit.user for visit in others.select_related("user").order_by("pk")]
