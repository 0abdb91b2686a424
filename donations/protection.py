"""What the database itself refuses to change or delete: the ledger, and the money facts of gifts.

Each subject beside them has a `protection.py` of its own.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.triggers import protect


def protect_money() -> None:
    """Declare the rules; the triggers are put in place after every migrate."""
    protect_ledger()
    protect_gifts()


def protect_ledger() -> None:
    """Declare that the ledger is only added to, and only in books that are open."""
    protect(
        "donations.LedgerEntry",
        name="ledger_entry",
        message=_("The ledger is only added to: enter a void, a refund or an adjustment instead."),
    )
    protect(
        "donations.LedgerEntry",
        name="closed_period",
        message=_("The books of that day are closed: date it later, or have the period opened again."),
        updates_of=[],
        deletes=False,
        inserts_when=(
            "EXISTS (SELECT 1 FROM donations_closedperiod WHERE reopened_at IS NULL AND ends_on >= NEW.effective_on)"
        ),
    )


def protect_gifts() -> None:
    """Declare what stays of a gift once it is posted."""
    protect(
        "donations.Gift",
        name="posted_gift",
        message=_("The money facts of a posted gift stay: void it, refund it or adjust it instead."),
        # The donor moves when records are merged; status and what is left follow the ledger.
        updates_of=[
            "uuid",
            "kind",
            "amount",
            "currency",
            "exchange_rate",
            "base_amount",
            "received_on",
            "method",
            "advantage_amount",
            "advantage_kind",
            "posted_at",
            "created_at",
        ],
        when="OLD.status <> 'pending'",
        deletes=False,
    )
    protect(
        "donations.Gift",
        name="recorded_gift",
        message=_("Gifts are never deleted: cancel an expected one, void or refund one that came."),
        updates_of=[],
    )
    protect(
        "donations.GiftAllocation",
        name="gift_allocation",
        message=_("What a gift is for stays as it was recorded."),
    )
    protect(
        "donations.Adjustment",
        name="adjustment",
        message=_("An adjustment stays on record: adjust the gift once more instead."),
    )
