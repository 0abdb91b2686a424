"""What the database itself refuses to change or delete of closed periods and of what was handed to the bookkeeping."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.triggers import protect


def protect_accounting() -> None:
    """Declare the rules; the triggers are put in place after every migrate."""
    protect_periods()
    protect_exports()


def protect_periods() -> None:
    """Declare that closing stays on record, and so does opening again."""
    protect(
        "donations.ClosedPeriod",
        name="closing",
        message=_("That the books were closed stays on record: open the period again instead."),
        updates_of=["starts_on", "ends_on", "note", "closed_at", "closed_by"],
    )
    protect(
        "donations.ClosedPeriod",
        name="reopening",
        message=_("A period that was opened again stays so: close it anew."),
        updates_of=["reopened_at", "reopened_by", "reopen_reason"],
        when="OLD.reopened_at IS NOT NULL",
        deletes=False,
    )


def protect_exports() -> None:
    """Declare that an export stays as it was handed over; it can only be taken back, once."""
    protect(
        "donations.JournalExport",
        name="journal_export",
        message=_("What was handed to the bookkeeping stays on record: take the export back instead."),
        updates_of=["uuid", "through", "grouping", "currency", "exported_at", "exported_by"],
        fills=["entry_count", "late_count", "total"],
    )
    protect(
        "donations.JournalExport",
        name="taken_back_export",
        message=_("An export that was taken back stays so: export anew."),
        updates_of=["taken_back_at", "taken_back_by", "take_back_reason"],
        when="OLD.taken_back_at IS NOT NULL",
        deletes=False,
    )
    protect(
        "donations.JournalLine",
        name="journal_line",
        message=_("What was handed to the bookkeeping stays on record: take the export back instead."),
    )
    protect(
        "donations.ExportedEntry",
        name="exported_entry",
        message=_("What was handed to the bookkeeping stays on record: take the export back instead."),
        updates_of=["export", "source", "row"],
    )
    protect(
        "donations.ExportedEntry",
        name="taken_back_entry",
        message=_("An export that was taken back stays so: export anew."),
        updates_of=["is_live"],
        when="NOT OLD.is_live",
        deletes=False,
    )
