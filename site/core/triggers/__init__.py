"""Rows that nobody edits away: database triggers that refuse it, for code, shell and raw SQL alike.

A room declares what must not change in its `AppConfig.ready()`:

    protect("donations.LedgerEntry", name="ledger_entry", message=_("The ledger is only added to."))
    protect(
        "donations.Gift",
        name="posted_gift",
        message=_("A posted gift keeps its amount."),
        when="OLD.status <> 'draft'",
        updates_of=["amount", "currency"],
    )

    protect(
        "donations.LedgerEntry",
        name="closed_period",
        message=_("The books of that day are closed."),
        updates_of=[],
        deletes=False,
        inserts_when="EXISTS (SELECT 1 FROM donations_closedperiod WHERE ends_on >= NEW.effective_on)",
    )

The triggers are put in place after every `migrate`: SQLite drops them silently whenever a migration rebuilds a table.
A refused statement raises `ProtectedRowError` on both databases.
"""

from core.triggers.database import drop, install, missing, step_aside
from core.triggers.errors import ProtectedRowError
from core.triggers.registry import Rule, protect, rules

__all__ = ["ProtectedRowError", "Rule", "drop", "install", "missing", "protect", "rules", "step_aside"]
