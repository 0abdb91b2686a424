"""Close the books through a day, and open them again.

What is dated into a closed period is refused, by the verbs in words and by a trigger in any case. A correction of
closed books lands on the first open day.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, clock
from core.theme.figures import day_in_words
from donations.errors import ClosedPeriodError, PeriodError
from donations.models import ClosedPeriod
from donations.models.ledger import hold_the_ledger

_DAY = dt.timedelta(days=1)


def closed_through() -> dt.date | None:
    """Return the last day whose books are closed; None while all are open."""
    return ClosedPeriod.objects.through()


def is_closed(date: dt.date) -> bool:
    """Return whether the books of that local day are closed."""
    through = closed_through()
    return through is not None and date <= through


def check_open(date: dt.date) -> None:
    """Raise ClosedPeriodError when the books of that local day are closed."""
    through = closed_through()
    if through is not None and date <= through:
        raise ClosedPeriodError(date, through)


def first_open_day() -> dt.date:
    """Return the first day that takes entries: the one after what is closed, or the first there is."""
    through = closed_through()
    return through + _DAY if through else dt.date.min


@transaction.atomic
def close_period(*, through: dt.date, by: User | None, note: str = "") -> ClosedPeriod:
    """Close the books through a day that is over.

    Raises PeriodError when the day is not over yet, or the books are closed through it already.
    """
    hold_the_ledger()
    before = closed_through()
    if through >= clock.today():
        raise PeriodError(_("Only days that are over can be closed."))
    if before is not None and through <= before:
        raise PeriodError(_("The books are closed through %(day)s already.") % {"day": day_in_words(before, "medium")})
    period = ClosedPeriod(
        starts_on=before + _DAY if before else None,
        ends_on=through,
        note=note.strip(),
        closed_at=clock.now(),
        closed_by=by,
    )
    period.full_clean()
    period.save()
    audit.record("period.closed", period, by=by, new={"through": through, "note": period.note})
    return period


@transaction.atomic
def reopen_period(period: ClosedPeriod, *, by: User | None, reason: str) -> ClosedPeriod:
    """Open the latest closed period again.

    Raises PeriodError when it is open already, when a later one is closed, or when no reason is given.
    """
    if not reason.strip():
        raise PeriodError(_("Say why the period is opened again."))
    locked = ClosedPeriod.objects.select_for_update(of=("self",)).get(pk=period.pk)
    if not locked.is_closed:
        raise PeriodError(_("This period has been opened again already."))
    if ClosedPeriod.objects.in_force().filter(ends_on__gt=locked.ends_on).exists():
        raise PeriodError(_("A later period is closed: open that one first."))
    locked.reopened_at = clock.now()
    locked.reopened_by = by
    locked.reopen_reason = reason.strip()
    locked.full_clean()
    locked.save(update_fields=["reopened_at", "reopened_by", "reopen_reason"])
    audit.record("period.reopened", locked, by=by, old={"through": locked.ends_on}, reason=reason)
    return locked
