"""The letter: thanks, the gifts in a table, the sentences of the law, a signature. Drawn for the United States.

Receipts were given this drawing as layout 1 before layouts had names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from core.documents import Column, Document, strong
from donations.documents.letterhead import Letterhead


def draw(snapshot: Mapping[str, Any], *, mark: str) -> bytes:
    """Return the PDF."""
    says = snapshot["says"]
    document = Document(
        f"{says['title']} · {snapshot['serial']}",
        language=snapshot["language"],
        organisation=Letterhead.of(snapshot["organisation"]),
        subject=says["opening"],
        mark=mark,
    )
    document.letterhead()
    document.address(
        [snapshot["recipient"]["name"], *snapshot["recipient"]["lines"]],
        date=dt.date.fromisoformat(snapshot["issued_on"]),
    )
    document.heading(says["title"])
    document.paragraph(says["opening"], lead=True, after=12)
    facts = [(says["number"], strong(snapshot["serial"]))]
    if snapshot["organisation"]["registration_number"]:
        facts.append((says["registration_number"], snapshot["organisation"]["registration_number"]))
    if snapshot["replaces"]:
        facts.append((says["replaces"], snapshot["replaces"]))
    facts += [(label, value) for label, value in snapshot.get("facts", ())]
    document.facts(facts)
    document.space(3)
    gifts_table(document, snapshot)
    document.space(2)
    for statement in says["statements"]:
        document.paragraph(statement)
    document.note(says["registration"], " ", says["closing"], after=14)
    document.signature()
    return document.render()


def gifts_table(document: Document, snapshot: Mapping[str, Any]) -> None:
    """Add the gifts; the columns of what was given in return appear only when something was."""
    says, currency = snapshot["says"], snapshot["currency"]
    lines, total = snapshot["lines"], snapshot["total"]
    shown = ["amount", "advantage", "eligible"] if Decimal(total["advantage"]) else ["amount"]
    columns = [
        Column(says["date"]),
        Column(says["gift"]),
        *(Column(f"{says[name]} ({currency})", currency=currency) for name in shown),
    ]
    rows = (
        [dt.date.fromisoformat(line["on"]), line["what"], *(_amount(line[name]) for name in shown)] for line in lines
    )
    totals = [says["total"], "", *(Decimal(total[name]) for name in shown)] if len(lines) > 1 else None
    document.table(columns, rows, total=totals)


def _amount(written: str) -> Decimal | str:
    return Decimal(written) if written else ""
