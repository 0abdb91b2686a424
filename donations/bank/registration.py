"""What bank statements add to the rooms below; called once from the app's `ready()`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.audit import name_verbs
from donations.bank.protection import protect_bank_credits


def register_bank() -> None:
    """Keep what the bank said, and name what is done with it."""
    protect_bank_credits()
    name_verbs(
        {
            "bank.statement_read": _("Bank statement read"),
            "bank.credit_decided": _("Bank credit decided"),
        }
    )
