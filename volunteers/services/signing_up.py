"""Sign people up for shifts, and give places back. Capacity holds under a stampede."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from accounts.models import User
from constituents.merging.signposts import standing
from constituents.models import Constituent
from core import audit, clock
from volunteers.errors import AlreadySignedUpError, OverlapError, ShiftClosedError, ShiftFullError
from volunteers.models import Shift, SignUp, SignUpStatus
from volunteers.signals import place_given, sign_up_cancelled, signed_up


@transaction.atomic
def sign_up(
    shift: Shift,
    *,
    volunteer: Constituent,
    by: User | None,
    source: str = "",
    wait_if_full: bool = False,
    override_reason: str = "",
) -> SignUp:
    """Give the volunteer a place, or one on the waiting list when the shift is full and they are willing to wait.

    Staff may sign someone up over another shift with a reason. Raises ShiftClosedError, AlreadySignedUpError,
    OverlapError or ShiftFullError.
    """
    # The volunteer first, then the shift: everyone locks in this order, so that nobody waits in a circle.
    volunteer = standing(volunteer)
    shift = Shift.objects.select_for_update(of=("self",)).select_related("opportunity").get(pk=shift.pk)
    if shift.cancelled_at or shift.ends_at <= clock.now():
        raise ShiftClosedError
    if shift.sign_ups.active().filter(volunteer=volunteer).exists():
        raise AlreadySignedUpError
    if not override_reason:
        _refuse_overlap(shift, volunteer)
    if shift.places_left < 1 and not wait_if_full:
        raise ShiftFullError
    status = SignUpStatus.CONFIRMED if shift.places_left > 0 else SignUpStatus.WAITING
    place = SignUp(shift=shift, volunteer=volunteer, status=status, source=source, override_reason=override_reason)
    place.full_clean()
    place.save()
    if status == SignUpStatus.CONFIRMED:
        _take_place(shift)
    audit.record("shift.signed_up", place, by=by, new={"shift": str(shift), "status": status}, about=volunteer)
    signed_up.send(SignUp, sign_up=place, by=by)
    return place


@transaction.atomic
def cancel_sign_up(place: SignUp, *, by: User | None, reason: str = "") -> SignUp:
    """Give the place back; the first on the waiting list gets it. Cancelling twice changes nothing."""
    shift = Shift.objects.select_for_update(of=("self",)).select_related("opportunity").get(pk=place.shift_id)
    locked = SignUp.objects.select_for_update().get(pk=place.pk)
    if locked.status == SignUpStatus.CANCELLED:
        return locked
    held_a_place = locked.status == SignUpStatus.CONFIRMED
    locked.status = SignUpStatus.CANCELLED
    locked.cancelled_at = clock.now()
    locked.cancel_reason = reason
    locked.save(update_fields=["status", "cancelled_at", "cancel_reason"])
    audit.record("shift.cancelled", locked, by=by, reason=reason, about=locked.volunteer)
    sign_up_cancelled.send(SignUp, sign_up=locked, by=by)
    if held_a_place:
        Shift.objects.filter(pk=shift.pk).update(places_taken=F("places_taken") - 1)
        shift.places_taken -= 1
        fill_from_waiting_list(shift)
    return locked


def fill_from_waiting_list(shift: Shift) -> None:
    """Give the free places of a locked shift to those who wait, first come first; an overlap is passed over."""
    if shift.cancelled_at or shift.starts_at <= clock.now():
        return
    for waiting in shift.sign_ups.waiting().select_related("volunteer"):
        if shift.places_left < 1:
            return
        try:
            _refuse_overlap(shift, waiting.volunteer)
        except OverlapError:
            continue
        waiting.status = SignUpStatus.CONFIRMED
        waiting.save(update_fields=["status"])
        _take_place(shift)
        audit.record("shift.place_given", waiting, by=None, new={"shift": str(shift)}, about=waiting.volunteer)
        place_given.send(SignUp, sign_up=waiting)


def _refuse_overlap(shift: Shift, volunteer: Constituent) -> None:
    theirs = Shift.objects.filter(
        sign_ups__volunteer=volunteer, sign_ups__status=SignUpStatus.CONFIRMED, cancelled_at__isnull=True
    )
    other = theirs.overlapping(shift).select_related("opportunity").first()
    if other is not None:
        raise OverlapError(other)


def _take_place(shift: Shift) -> None:
    # In SQL, so that the constraint on the row has the last word whatever this process believes.
    Shift.objects.filter(pk=shift.pk).update(places_taken=F("places_taken") + 1)
    shift.places_taken += 1
