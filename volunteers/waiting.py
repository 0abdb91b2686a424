"""What of volunteering waits for somebody."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext_lazy

from constituents.work.waiting import Waiting, WaitingWork, register_work
from volunteers.models import HoursEntry, HoursStatus, Shift


def register() -> None:
    """Offer it to “My work”."""
    register_work(WaitingWork("short_shifts", short_shifts, permission="volunteers.view_shift", order=30))
    register_work(WaitingWork("hours", hours, permission="volunteers.view_hoursentry", order=31))


def short_shifts(user: Any) -> Waiting:
    """Return how many coming shifts need people."""
    number = Shift.objects.coming().short().count()
    text = ngettext_lazy("coming shift needs people", "coming shifts need people", number)
    return Waiting(number, text, f"{reverse('shifts:index')}?state=short")


def hours(user: Any) -> Waiting:
    """Return how many entries of hours nobody has approved or refused."""
    number = HoursEntry.objects.filter(status=HoursStatus.SUBMITTED).count()
    text = ngettext_lazy("entry of hours waits for approval", "entries of hours wait for approval", number)
    return Waiting(number, text, f"{reverse('hours:index')}?status={HoursStatus.SUBMITTED.value}")
