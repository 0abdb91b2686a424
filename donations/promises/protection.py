"""What the database itself refuses to change or delete of promises."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.triggers import protect


def protect_promises() -> None:
    """Declare the rules; the triggers are put in place after every migrate."""
    protect(
        "donations.Pledge",
        name="pledge",
        message=_("A pledge is never deleted: write off what will not come."),
        updates_of=[],
    )
    protect(
        "donations.WriteOff",
        name="write_off",
        message=_("A write-off stays on record as it was: take it back instead."),
        updates_of=["instalment", "amount", "written_off_on", "reason", "at", "by"],
    )
    protect(
        "donations.RecurringGift",
        name="recurring_gift",
        message=_("A recurring gift is never deleted: end it."),
        updates_of=[],
    )
    protect(
        "donations.RecurringChange",
        name="recurring_change",
        message=_("What changed of a recurring gift, and when, stays: enter a further change instead."),
        when="NOT OLD.is_planned",
    )
