"""What the import tests share: bring rows in through the command, and a picture of the database to compare."""

from __future__ import annotations

import json
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command

from constituents.models import Address, Constituent, EmailAddress, ExternalId, Household, HouseholdMembership, Phone
from donations.models import Gift, LedgerEntry
from tests.factories import npsp


def bring_in(path: Path, *arguments: str) -> tuple[dict[str, Any], int]:
    """Import a file through the command; returns its JSON and exit code."""
    out, code = StringIO(), 0
    try:
        call_command("import_data", str(path), "--json", *arguments, stdout=out)
    except SystemExit as ended:
        code = int(ended.code or 0)
    return json.loads(out.getvalue()), code


def undo(number: int) -> dict[str, Any]:
    """Undo an import through the command; returns its JSON."""
    out = StringIO()
    call_command("undo_import", str(number), "--json", stdout=out)
    return json.loads(out.getvalue())


def save_npsp(folder: Path, rows: Sequence[dict[str, str]], *, name: str = "file.csv", **options: Any) -> Path:
    """Write rows as an NPSP file; returns its path."""
    path = folder / name
    path.write_text(npsp.as_csv(rows, **options), encoding="utf-8", newline="")
    return path


def people_on_record() -> dict[str, list[tuple[Any, ...]]]:
    """Everything about people that an import writes, without keys and times: two equal pictures are equal records."""
    return {
        "people": sorted(
            Constituent.objects.values_list(
                "kind", "title", "display_name", "occupation", "birth_year", "search_entry__tokens"
            ),
            key=str,
        ),
        "emails": sorted(
            EmailAddress.objects.values_list("constituent__display_name", "address", "kind", "is_primary"), key=str
        ),
        "phones": sorted(Phone.objects.values_list("constituent__display_name", "number", "kind", "e164"), key=str),
        "addresses": sorted(
            Address.objects.values_list("constituent__display_name", "household__name", "street", "postal_code"),
            key=str,
        ),
        "ids": sorted(ExternalId.objects.values_list("constituent__display_name", "system", "value"), key=str),
        "households": sorted(Household.objects.values_list("name", "formal_salutation", "addressee"), key=str),
        "members": sorted(
            HouseholdMembership.objects.values_list("household__name", "person__display_name", "role"), key=str
        ),
    }


def money_on_record() -> dict[str, list[tuple[Any, ...]]]:
    """Every gift and ledger entry, without keys and times."""
    return {
        "gifts": sorted(
            Gift.objects.values_list(
                "donor__display_name", "amount", "received_on", "status", "method", "reference", "campaign__name"
            ),
            key=str,
        ),
        "ledger": sorted(LedgerEntry.objects.values_list("donor__display_name", "kind", "amount"), key=str),
    }
