"""What can go wrong with promises, in words for the person at the screen."""

from __future__ import annotations

from donations.errors import DonationsError


class PromiseError(DonationsError):
    """A pledge or a recurring gift does not allow this."""


class ScheduleError(PromiseError):
    """The instalments do not make up the pledge."""


class PaymentError(PromiseError):
    """The gift cannot pay this."""
