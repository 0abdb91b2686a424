"""Everyone's standing, added up beside the web: by night, and when a ladder changes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from core import clock
from core.jobs import Progress, enqueue, job
from donations.levels.standing import stand_all
from donations.models import Gift, Ladder

# Up to so many gifts a change shows at once; more are added up beside the web.
AT_ONCE = 50_000


@job(kind="donations.levels")
def stand_job(progress: Progress, *, ladder: int | None = None, announced: bool = False) -> dict[str, Any]:
    """Add up anew for everyone, on one ladder or on all."""
    ladders = list(Ladder.objects.filter(**({"pk": ladder} if ladder else {})))
    progress.total(len(ladders))
    number = 0
    for one in ladders:
        number += stand_all(one, announced=announced)
        progress.advance(1)
    message = ngettext("%(count)d donor stands on a level.", "%(count)d donors stand on a level.", number)
    return {"message": message % {"count": number}, "url": reverse("donor_levels:index")}


def stand_by_night(*, now: dt.datetime) -> None:
    """The fiscal year may have turned, households moved: add up anew. Called by the clock."""
    if Ladder.objects.in_use().exists():
        day = clock.local_date(now).isoformat()
        enqueue(stand_job, key=f"donor-levels-{day}", label=_("Donor levels"), by=None, announced=True)


def stand_after_change(ladder: Ladder, *, by: User | None) -> None:
    """Add up anew after a ladder changed: at once for most organisations, as a job for large ones."""
    if Gift.objects.count() <= AT_ONCE:
        stand_all(ladder, by=by)
        return
    key = f"donor-levels-{ladder.pk}-{clock.now().isoformat()}"
    enqueue(stand_job, key=key, label=_("Donor levels: %(ladder)s") % {"ladder": ladder}, by=by, ladder=ladder.pk)
