"""What the database itself refuses to change or delete of receipts: a number, what was certified, and the file."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.triggers import protect


def protect_receipts() -> None:
    """Declare the rules; the triggers are put in place after every migrate."""
    protect(
        "donations.ReceiptCounter",
        name="receipt_counter",
        message=_("Receipt numbers are never given twice: their counter stays."),
        updates_of=["series", "year"],
    )
    _protect_what_it_says()
    _protect_its_lines()


def _protect_what_it_says() -> None:
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


def _protect_its_lines() -> None:
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
