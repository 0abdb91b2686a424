"""The lines of the journal as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from core.money import Money
from donations.models import Fund, JournalExport, JournalLine, Method

#: How many lines a page shows; the file has all.
SHOWN = 200


def with_names(lines: Iterable[JournalLine]) -> list[tuple[JournalLine, str]]:
    """Return each line with the name of its fund, or of the way the money came."""
    funds = dict(Fund.objects.values_list("code", "name"))
    return [(line, funds.get(line.fund, line.fund) or method_name(line.method)) for line in lines]


def method_name(value: str) -> str:
    """Return the way money came, in words; nothing for no way."""
    return str(Method(value).label) if value else ""


def lines_of(export: JournalExport) -> dict[str, Any]:
    """Return what the panel of lines shows of an export."""
    lines: list[JournalLine] = list(export.lines.all()[: SHOWN + 1])
    total = Money(export.total or Decimal(0), export.currency)
    return {
        "lines": with_names(lines[:SHOWN]),
        "more": len(lines) > SHOWN,
        "totals": (total, total),
        "currency": export.currency,
    }
