"""A credit of somebody nobody knows: who they are as far as the bank said, added to the record with their gift."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction

from accounts.models import User
from constituents.models import Kind
from constituents.services.people import add_from_form
from donations.bank.applying import apply_credit
from donations.models import BankCredit

# What only names of organisations hold, as words of their own.
_ORGANISATION = re.compile(
    r"\b(ag|association|bank|charity|church|club|co|college|company|corp|council|e\.? ?v|foundation|fund|gmbh|inc|"
    r"kg|limited|llc|llp|ltd|ohg|parish|plc|school|society|stiftung|trust|ug|university|verein)\b\.?",
    re.IGNORECASE,
)
_ENDS = (
    re.compile(r"^(?P<postal_code>\d{4,5})\s+(?P<city>.+)$"),  # 12345 Musterstadt
    re.compile(r"^(?P<city>.+?),?\s+(?P<region>[A-Z]{2})\s+(?P<postal_code>\d{5}(-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d)$"),
    re.compile(r"^(?P<city>.+?),?\s+(?P<postal_code>[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})$"),  # Portbury TR11 3XX
)


@transaction.atomic
def apply_to_newcomer(credit: BankCredit, *, by: User | None, **values: Any) -> BankCredit:
    """Add somebody and record the credit as their gift; `values` as the form for somebody new has them.

    Raises BankError when the credit is decided already: then nobody is added either.
    """
    donor = add_from_form(by=by, **values)
    return apply_credit(credit, key=f"donor-{donor.pk}", by=by)


def proposed(credit: BankCredit) -> dict[str, str]:
    """Return what the form for somebody new begins with: the payer's name taken apart, and the address."""
    return _names(credit.payer) | _address(credit.payer_address)


def _names(payer: str) -> dict[str, str]:
    words = " ".join(payer.split())
    if words.isupper() or words.islower():
        words = words.title()
    if _ORGANISATION.search(words):
        return {"kind": Kind.ORGANISATION, "organisation_name": words}
    family, comma, given = (part.strip() for part in words.partition(","))
    if not comma:
        given, _space, family = words.rpartition(" ")
    return {"kind": Kind.PERSON, "given_name": given, "family_name": family}


def _address(written: str) -> dict[str, str]:
    lines = [line.strip() for line in written.splitlines() if line.strip()]
    if not lines:
        return {}
    last = lines.pop()
    found = next((match.groupdict() for pattern in _ENDS if (match := pattern.match(last))), {"city": last})
    return {"street": ", ".join(lines)} | {name: value for name, value in found.items() if value}
