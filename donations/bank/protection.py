"""What the database itself refuses to change or delete of what the bank said."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.triggers import protect


def protect_bank_credits() -> None:
    """Declare the rule; the trigger is put in place after every migrate."""
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
