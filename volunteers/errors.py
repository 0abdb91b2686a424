"""What can go wrong with volunteering, in words for the person at the screen."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class VolunteersError(DomainError):
    """Base of every error this app raises on purpose; `str(error)` is fit for the user."""


class ShiftFullError(VolunteersError):
    """Nobody more fits on the shift."""

    def __init__(self) -> None:
        super().__init__(_("This shift is full. You can join the waiting list."))


class ShiftClosedError(VolunteersError):
    """The shift was cancelled or is over."""

    def __init__(self) -> None:
        super().__init__(_("This shift no longer takes sign-ups."))


class OverlapError(VolunteersError):
    """The volunteer has another shift at that time."""

    def __init__(self, other: object) -> None:
        super().__init__(_("You are already signed up at that time: %(shift)s.") % {"shift": other})


class AlreadySignedUpError(VolunteersError):
    """The volunteer is on the shift or its waiting list."""

    def __init__(self) -> None:
        super().__init__(_("You are signed up for this shift already."))


class HoursError(VolunteersError):
    """The hours cannot be right."""
