"""The German confirmation: one A4 page in the order of the binding model, and the annex of a collective one.

Every word comes from the snapshot; nothing but what the model has may stand on the page: no thanks, no appeal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from core.documents import TICKED, UNTICKED, Column, Document, Field
from donations.documents.letterhead import Letterhead

# The model has to stay on one page: what is long is set smaller, and only what is short gets room to breathe.
_SCALES = (1.1, 1.0, 0.92, 0.85, 0.78)


def draw(snapshot: Mapping[str, Any], *, mark: str) -> bytes:
    """Return the PDF."""
    for scale in _SCALES:
        document = _front(snapshot, mark, scale)
        if document.room_left >= 0:
            break
    if "annex" in snapshot["says"]:
        document.page_break()
        _annex(document, snapshot)
    return document.render()


def _front(snapshot: Mapping[str, Any], mark: str, scale: float) -> Document:
    says = snapshot["says"]
    document = Document(
        f"{says['title']} · {snapshot['serial']}",
        language=snapshot["language"],
        organisation=Letterhead.of(snapshot["organisation"]),
        subject=says["title"],
        mark=mark,
        numbering=says["pages"],
        scale=scale,
    )
    _who_and_what(document, snapshot)
    _how_much(document, says)
    _statements(document, snapshot)
    document.sign_here(says["signed"], above=says["signed_at"], name=_signatory(snapshot["organisation"]))
    if "by_machine" in says:
        document.note(says["by_machine"])
    document.note(says["note_head"], after=1)
    for statement in says["statements"]:
        document.note(statement, after=4)
    return document


def _who_and_what(document: Document, snapshot: Mapping[str, Any]) -> None:
    says, issuer, donor = snapshot["says"], snapshot["organisation"], snapshot["recipient"]
    document.emblem()
    document.form(
        [
            Field(says["issuer"], [issuer["name"], *issuer["lines"]], share=3),
            Field(says["number"], [snapshot["serial"], says["supersedes"]], share=1.2),
        ]
    )
    document.heading(says["title"], level=2)
    document.plain(says["within"], after=9)
    document.form([Field(says["donor"], [donor["name"], *donor["lines"]])])


def _how_much(document: Document, says: Mapping[str, str]) -> None:
    document.form(
        [
            Field(says["digits_label"], says["digits"], share=1.4, strong=True),
            Field(says["words_label"], says["in_words"], share=2.1),
            Field(says["when_label"], says["when"], share=1.25),
        ]
    )
    if "what" in says:
        document.form([Field(says["what_label"], says["what"])])


def _statements(document: Document, snapshot: Mapping[str, Any]) -> None:
    """Add what the model states, in its order; what does not apply is not in the snapshot."""
    says = snapshot["says"]
    if "waiver" in says:
        yes, no = (TICKED, UNTICKED) if snapshot["lines"][0].get("waives_expenses") else (UNTICKED, TICKED)
        document.plain(f"{says['waiver']}   {yes} {says['yes']}   {no} {says['no']}")
    for name in ("origin", "papers", "notice"):
        if name in says:
            document.ticked(says[name])
    document.plain(says["use"])
    if "no_dues" in says:
        document.plain(says["no_dues_head"], after=2)
        document.ticked(says["no_dues"])
    for name in ("no_other", "waiver_in_annex"):
        if name in says:
            document.plain(says[name])


def _signatory(organisation: Mapping[str, str]) -> str:
    return ", ".join(part for part in (organisation["signatory_name"], organisation["signatory_title"]) if part)


def _annex(document: Document, snapshot: Mapping[str, Any]) -> None:
    """Add each gift with its date, its kind, whether expenses were waived, and its amount; the sum is the total."""
    says = snapshot["says"]
    document.heading(says["annex"], level=2)
    document.plain(says["issuer_name"], after=2)
    document.plain(f"{says['donor']} {snapshot['recipient']['name']}", after=10)
    columns = [
        Column(says["date"], width=95),
        Column(says["gift"]),
        Column(says["waiver_column"], width=130),
        Column(f"{says['amount']} ({snapshot['currency']})", currency=snapshot["currency"]),
    ]
    rows = (
        [
            dt.date.fromisoformat(line["on"]),
            line["what"],
            says["yes" if line.get("waives_expenses") else "no"].lower(),
            Decimal(line["amount"]),
        ]
        for line in snapshot["lines"]
    )
    document.table(columns, rows, total=[says["total"], "", "", Decimal(snapshot["total"]["amount"])])
