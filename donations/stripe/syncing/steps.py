"""A step for whoever looks after the donor of a payment: what Stripe told us that a person has to act on."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from constituents.models import FollowUpKind, Priority
from constituents.work.follow_ups import add_follow_up
from constituents.work.responsible import responsible_for
from core import clock
from donations.models import OnlinePayment


def leave_step(payment: OnlinePayment, subject: str, note: str, *, days: int = 7) -> None:
    """Leave it, due in so many days; a payment that is nobody's gift waits among the unmatched instead."""
    if payment.gift is None:
        return
    donor = payment.gift.donor
    add_follow_up(
        constituent=donor,
        subject=subject,
        note=note,
        due_on=clock.today() + dt.timedelta(days=days),
        kind=FollowUpKind.TASK,
        priority=Priority.HIGH,
        owner=responsible_for(donor),
        about=payment.gift,
        by=None,
        reason=_("Stripe told us."),
    )
