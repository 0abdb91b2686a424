"""How shifts are put in words, for every page, mail and list that names one."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from core.theme.figures import part_in_words, time_in_words
from volunteers.models import HoursStatus, Shift, SignUpStatus

SIGN_UP_TONES: Mapping[str, str] = {
    SignUpStatus.CONFIRMED: "good",
    SignUpStatus.WAITING: "waiting",
    SignUpStatus.ATTENDED: "good",
    SignUpStatus.NO_SHOW: "wrong",
    SignUpStatus.CANCELLED: "quiet",
}
HOURS_TONES: Mapping[str, str] = {
    HoursStatus.SUBMITTED: "waiting",
    HoursStatus.APPROVED: "good",
    HoursStatus.REFUSED: "quiet",
}


def when(shift: Shift) -> str:
    """Write the day and the hours of a shift on the organisation's clocks: `Sat, Nov 21, 2026, 5:00 PM – 8:00 PM`."""
    start, end = shift.local_start, shift.local_end
    words = {"day": part_in_words(start.date(), "yMMMEd"), "start": time_in_words(start), "end": time_in_words(end)}
    return _("%(day)s, %(start)s – %(end)s") % words


def coverage(shift: Shift) -> tuple[str, str]:
    """Return how well a shift is covered in a word or two, and the tone of its chip."""
    if shift.cancelled_at:
        return _("Cancelled"), "quiet"
    if shift.is_short and shift.ends_at > clock.now():
        missing = shift.minimum - shift.places_taken
        return ngettext("%(count)d short", "%(count)d short", missing) % {"count": missing}, "wrong"
    if shift.places_left < 1:
        return _("Full"), "good"
    return "", ""


def hours_in_words(hours: Decimal) -> str:
    """Write a number of hours: `1 hour`, `2.5 hours`."""
    number = hours.normalize()
    number = number.quantize(Decimal(1)) if number == number.to_integral_value() else number
    return ngettext("%(count)s hour", "%(count)s hours", 1 if number == 1 else 2) % {"count": f"{number:,f}"}
