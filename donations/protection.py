"""What the database itself refuses to change or delete: the ledger, the money facts of gifts, and receipts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.triggers import protect


def protect_money() -> None:
    """Declare the rules; the triggers are put in place after every migrate."""
    protect_ledger()
    protect_gifts()
    protect_batches()
    protect_receipts()
    protect_accounting()


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


def protect_batches() -> None:
    """Declare what stays of a batch once it is closed."""
    protect(
        "donations.Batch",
        name="batch",
        message=_("A batch that was posted or discarded stays as it was."),
        updates_of=[
            "uuid",
            "state",
            "expected_count",
            "expected_total",
            "currency",
            "posted_count",
            "posted_total",
            "opened_at",
            "closed_at",
            "reason",
        ],
        when="OLD.state <> 'open'",
        deletes=False,
    )
    protect(
        "donations.Batch",
        name="opened_batch",
        message=_("A batch is never deleted: post it, or discard it and say why."),
        updates_of=[],
    )
    protect(
        "donations.BatchRow",
        name="posted_batch_row",
        message=_("What was typed for a gift stays once the gift is posted."),
        # The donor moves with the gift when records are merged.
        updates_of=["key", "batch", "position", "amount", "reference", "method", "received_on", "gift"],
        when="OLD.gift_id IS NOT NULL",
    )


def protect_receipts() -> None:
    """Declare what stays of a receipt once it has a number."""
    protect(
        "donations.ReceiptCounter",
        name="receipt_counter",
        message=_("Receipt numbers are never given twice: their counter stays."),
        updates_of=["series", "year"],
    )
    protect(
        "donations.Receipt",
        name="numbered_receipt",
        message=_("What a receipt says stays: void it and issue another."),
        updates_of=[
            "uuid",
            "series",
            "year",
            "number",
            "serial",
            "regime",
            "recipient",
            "covers_year",
            "currency",
            "amount",
            "advantage",
            "eligible",
            "issued_on",
            "snapshot",
            "numbered_at",
            "issued_by",
            "replaces",
        ],
    )
    protect(
        "donations.Receipt",
        name="issued_receipt",
        message=_("The file of an issued receipt stays the one the donor has."),
        updates_of=["file", "sha256", "byte_count"],
        when="OLD.state <> 'numbered'",
        deletes=False,
    )
    protect(
        "donations.Receipt",
        name="void_receipt",
        message=_("A void receipt stays void."),
        updates_of=["state", "voided_at", "voided_by", "void_reason"],
        when="OLD.state = 'void'",
        deletes=False,
    )
    protect(
        "donations.ReceiptLine",
        name="receipt_line",
        message=_("What a receipt says stays: void it and issue another."),
        updates_of=["receipt", "gift", "amount", "advantage", "eligible", "is_described"],
    )
    protect(
        "donations.ReceiptLine",
        name="void_receipt_line",
        message=_("A void receipt stays void."),
        updates_of=["is_live"],
        when="NOT OLD.is_live",
        deletes=False,
    )


def protect_accounting() -> None:
    """Declare what stays of closed periods and of what was handed to the bookkeeping."""
    opened = ["reopened_at", "reopened_by", "reopen_reason"]
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
        updates_of=opened,
        when="OLD.reopened_at IS NOT NULL",
        deletes=False,
    )
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
    protect(
        "donations.BankCredit",
        name="bank_credit",
        message=_("What the bank said of a credit stays: put it aside, or apply it."),
        updates_of=[
            "uuid",
            "statement",
            "fingerprint",
            "booked_on",
            "amount",
            "currency",
            "payer",
            "payer_account",
            "payer_address",
            "reference",
            "text",
            "bank_id",
        ],
    )
    protect(
        "donations.BalanceLine",
        name="balance_line",
        message=_("What Stripe booked stays as it is: it books a line of its own for what it corrects."),
        updates_of=[
            "line_id",
            "livemode",
            "type",
            "kind",
            "method",
            "currency",
            "gross",
            "fee",
            "net",
            "gross_minor",
            "fee_minor",
            "net_minor",
            "exchange_rate",
            "base_rate",
            "source_id",
            "happened_at",
            "booked_on",
            "payout",
            "recorded_at",
        ],
        fills=["base_rate", "payout"],
    )
    protect(
        "donations.Payout",
        name="payout",
        message=_("A payout stays on record: whether it arrived or failed, its status says."),
        updates_of=["payout_id", "livemode", "amount", "amount_minor", "currency", "sent_at"],
    )
