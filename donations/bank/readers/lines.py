"""One line of a bank statement, whatever file it stood in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext as _

from core.money import Money
from donations.errors import DonationsError


class StatementError(DonationsError):
    """A file from the bank that cannot be read."""

    @classmethod
    def too_large(cls, most: int) -> Self:
        """It has more bytes than we read."""
        return cls(_("The file is larger than %(most)d MB. Ask the bank for shorter periods.") % {"most": most >> 20})


@dataclass(frozen=True, slots=True)
class Entry:
    """Money that moved on an account; what went out is negative."""

    booked_on: dt.date
    money: Money
    payer: str = ""
    payer_account: str = ""
    payer_address: str = ""
    reference: str = ""
    text: str = ""
    bank_id: str = ""
