"""What online giving adds to the rooms below, and who looks at which events; called once from the app's `ready()`."""

from __future__ import annotations

import datetime as dt

from core.jobs import schedule
from donations.stripe import inbox
from donations.stripe.protection import protect_online_money


def register_online_giving() -> None:
    """Fill the registries and listen."""
    protect_online_money()
    schedule.register("donations.stripe.events", inbox.try_due, every=dt.timedelta(minutes=1))
