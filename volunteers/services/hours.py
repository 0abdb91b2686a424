"""Hours: check people in, let them log their own, approve."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.merging.signposts import standing
from constituents.models import Constituent
from core import audit, clock
from volunteers.errors import HoursError
from volunteers.models import HoursEntry, HoursStatus, Opportunity, SignUp, SignUpStatus

_DAY = Decimal(24)


@transaction.atomic
def mark_attended(place: SignUp, *, by: User | None, hours: Decimal | None = None) -> HoursEntry:
    """Note that the volunteer was there; their hours are the shift's true length unless told otherwise."""
    locked = (
        SignUp.objects.select_for_update(of=("self",))
        .select_related("shift__opportunity", "volunteer")
        .get(pk=place.pk)
    )
    _refuse_early_or_stranger(locked)
    locked.status = SignUpStatus.ATTENDED
    locked.save(update_fields=["status"])
    entry = HoursEntry.objects.filter(sign_up=locked).first() or HoursEntry(sign_up=locked)
    entry.volunteer = locked.volunteer
    entry.opportunity = locked.shift.opportunity
    entry.worked_on = clock.local_date(locked.shift.starts_at)
    entry.hours = locked.shift.length if hours is None else hours
    entry.status = HoursStatus.APPROVED
    entry.decided_by = by
    _fit_the_day(entry)
    entry.full_clean()
    entry.save()
    audit.record("shift.attended", locked, by=by, new={"hours": entry.hours}, about=locked.volunteer)
    return entry


def why_not_checked_in(place: SignUp) -> str:
    """Return why nobody can say yet, or any more, whether the volunteer was there; empty when they can."""
    if clock.local_date(place.shift.starts_at) > clock.today():
        return _("The day of the shift is still to come.")
    if place.status not in (SignUpStatus.CONFIRMED, SignUpStatus.NO_SHOW, SignUpStatus.ATTENDED):
        return _("Only somebody who is signed up can be checked in.")
    return ""


def _refuse_early_or_stranger(place: SignUp) -> None:
    if reason := why_not_checked_in(place):
        raise HoursError(reason)


@transaction.atomic
def mark_no_show(place: SignUp, *, by: User | None) -> SignUp:
    """Note that the volunteer did not come. Hours already recorded for the shift are refused."""
    locked = SignUp.objects.select_for_update(of=("self",)).select_related("shift", "volunteer").get(pk=place.pk)
    _refuse_early_or_stranger(locked)
    locked.status = SignUpStatus.NO_SHOW
    locked.save(update_fields=["status"])
    HoursEntry.objects.filter(sign_up=locked).update(status=HoursStatus.REFUSED, decided_by=by)
    audit.record("shift.no_show", locked, by=by, about=locked.volunteer)
    return locked


@transaction.atomic
def log_hours(
    *,
    volunteer: Constituent,
    opportunity: Opportunity,
    worked_on: dt.date,
    hours: Decimal,
    by: User | None,
    note: str = "",
    approved: bool = False,
) -> HoursEntry:
    """Record hours outside a shift; a volunteer's own wait for approval. Raises HoursError past 24 hours a day."""
    if worked_on > clock.today():
        raise HoursError(_("These hours are in the future."))
    entry = HoursEntry(
        volunteer=standing(volunteer),
        opportunity=opportunity,
        worked_on=worked_on,
        hours=hours,
        note=note,
        status=HoursStatus.APPROVED if approved else HoursStatus.SUBMITTED,
        decided_by=by if approved else None,
    )
    _fit_the_day(entry)
    entry.full_clean()
    entry.save()
    audit.record("hours.logged", entry, by=by, new={"hours": hours, "on": worked_on}, about=volunteer)
    return entry


@transaction.atomic
def decide_hours(entry: HoursEntry, *, approve: bool, by: User | None, reason: str = "") -> HoursEntry:
    """Approve or refuse logged hours."""
    locked = HoursEntry.objects.select_for_update(of=("self",)).select_related("volunteer").get(pk=entry.pk)
    old = locked.status
    locked.status = HoursStatus.APPROVED if approve else HoursStatus.REFUSED
    locked.decided_by = by
    locked.save(update_fields=["status", "decided_by"])
    audit.record(
        "hours.decided", locked, by=by, old={"status": old}, new={"status": locked.status}, reason=reason,
        about=locked.volunteer,
    )  # fmt: skip
    return locked


def approve_hours(entry: HoursEntry, *, by: User | None) -> HoursEntry:
    """Approve hours that wait for it. Raises HoursError for those decided already."""
    return decide_hours(_still_waiting(entry), approve=True, by=by)


def refuse_hours(entry: HoursEntry, *, by: User | None, reason: str) -> HoursEntry:
    """Refuse hours that wait for approval, saying why. Raises HoursError for those decided already."""
    return decide_hours(_still_waiting(entry), approve=False, by=by, reason=reason)


def _still_waiting(entry: HoursEntry) -> HoursEntry:
    if entry.status != HoursStatus.SUBMITTED:
        raise HoursError(_("These hours were decided already."))
    return entry


def _fit_the_day(entry: HoursEntry) -> None:
    same_day = HoursEntry.objects.filter(volunteer=entry.volunteer, worked_on=entry.worked_on).exclude(
        status=HoursStatus.REFUSED
    )
    if entry.pk:
        same_day = same_day.exclude(pk=entry.pk)
    already = same_day.aggregate(total=Sum("hours"))["total"] or Decimal(0)
    if already + entry.hours > _DAY:
        raise HoursError(_("That would be more than 24 hours on one day."))
