"""What pledges and recurring gifts add to the rooms below; called once from the app's `ready()`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.audit import name_verbs
from core.jobs import schedule
from donations import signals
from donations.promises import (
    checks,
    events,
    permissions,  # noqa: F401  says what roles may do
    receivers,
    upkeep,
)
from donations.promises.protection import protect_promises
from donations.services.books import register_check


def register_promises() -> None:
    """Fill the registries and listen."""
    protect_promises()
    events.register_events()
    for check in checks.CHECKS:
        register_check(check)
    schedule.register("donations.promises", upkeep.keep_promises, every=schedule.Daily(hour=5))
    _listen()
    name_verbs(
        {
            "pledge.made": _("Pledge made"),
            "pledge.rescheduled": _("Schedule changed"),
            "pledge.paid": _("Payment applied"),
            "pledge.payment_changed": _("Payment changed with its gift"),
            "pledge.unapplied": _("Payment taken off"),
            "pledge.written_off": _("Written off"),
            "pledge.write_off_taken_back": _("Write-off taken back"),
            "pledge.reminded": _("Reminded"),
            "recurring.started": _("Recurring gift started"),
            "recurring.changed": _("Recurring gift changed"),
            "recurring.paused": _("Paused"),
            "recurring.resumed": _("Went on"),
            "recurring.failing": _("Stopped coming"),
            "recurring.recovered": _("Came again"),
            "recurring.lapsed": _("Lapsed"),
            "recurring.ended": _("Ended"),
            "recurring.matched": _("Gift matched"),
            "recurring.unmatched": _("Gift taken off"),
        }
    )


def _listen() -> None:
    uid = "donations.promises.{}".format
    signals.gift_posted.connect(receivers.count_gift, dispatch_uid=uid("count_gift"))
    signals.gifts_posted_in_bulk.connect(receivers.count_many, dispatch_uid=uid("count_many"))
    signals.gift_reversed.connect(receivers.follow_reversal, dispatch_uid=uid("follow_reversal"))
    for name, receiver in (
        ("gift_reinstated", receivers.follow_reversal),
        ("gift_adjusted", receivers.follow_adjustment),
    ):
        if signal := getattr(signals, name, None):
            signal.connect(receiver, dispatch_uid=uid(name))
