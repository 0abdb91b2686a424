"""The official receipt of a Canadian charity: every element of the Agency's checklist, labelled, in one language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from core.documents import Column, Document, strong
from donations.documents.letterhead import Letterhead


def draw(snapshot: Mapping[str, Any], *, mark: str) -> bytes:
    """Return the PDF: the Agency's name first, then the signature, which never stands on a page of its own."""
    document = _begun(snapshot, mark)
    document.note(snapshot["says"]["closing"], after=10)
    _sign(document, snapshot, keep=True)
    return document.render()


def draw_agency_last(snapshot: Mapping[str, Any], *, mark: str) -> bytes:
    """Return the PDF as it was first: the Agency's name last, which some lists of gifts pushed onto a second page."""
    document = _begun(snapshot, mark)
    _sign(document, snapshot)
    document.note(snapshot["says"]["closing"])
    return document.render()


def _begun(snapshot: Mapping[str, Any], mark: str) -> Document:
    says = snapshot["says"]
    document = Document(
        f"{says['title']} · {snapshot['serial']}",
        language=snapshot["language"],
        organisation=Letterhead.of(snapshot["organisation"]),
        subject=says["title"],
        mark=mark,
        numbering=says["pages"],
    )
    document.letterhead()
    document.address([snapshot["recipient"]["name"], *snapshot["recipient"]["lines"]])
    document.heading(says["title"])
    document.paragraph(says["opening"], lead=True, after=12)
    facts = [(says["number"], strong(snapshot["serial"])), *map(tuple, snapshot["facts"])]
    many = len(snapshot["lines"]) > 1
    if not many:  # what it is all about stands last: the eligible amount
        label, value = facts.pop()
        facts.append((strong(label), strong(value)))
    document.facts(facts, labels=0.44)
    if many:
        document.space(2)
        _table(document, snapshot)
    document.space(2)
    for statement in says["statements"]:
        document.paragraph(statement)
    return document


def _sign(document: Document, snapshot: Mapping[str, Any], *, keep: bool = False) -> None:
    organisation = snapshot["organisation"]
    signatory = ", ".join(part for part in (organisation["signatory_name"], organisation["signatory_title"]) if part)
    document.sign_here(snapshot["says"]["authorized"], name=signatory, keep=keep)


def _table(document: Document, snapshot: Mapping[str, Any]) -> None:
    says, currency, total = snapshot["says"], snapshot["currency"], snapshot["total"]
    shown = ["amount", "advantage", "eligible"] if Decimal(total["advantage"]) else ["amount", "eligible"]
    columns = [
        Column(says["date"]),
        Column(says["gift"]),
        *(Column(f"{says[name]} ({currency})", currency=currency) for name in shown),
    ]
    rows = (
        [
            dt.date.fromisoformat(line["on"]),
            line["what"],
            *(Decimal(line[name]) if line[name] else Decimal(0) for name in shown),
        ]
        for line in snapshot["lines"]
    )
    document.table(columns, rows, total=[says["total"], "", *(Decimal(total[name]) for name in shown)])
