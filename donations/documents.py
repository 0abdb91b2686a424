"""Receipts on paper: drawn from the snapshot alone, so that the same receipt is the same bytes whenever it is drawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.files.storage import storages
from django.utils import translation
from django.utils.translation import gettext as _
from django_countries.fields import Country

from core.documents import Column, Document, stamp, strong, text


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who wrote, as it was on the day of issue: a core.documents.Sender."""

    printed_name: str
    address_lines: list[str]
    country: Country | str
    email: str
    phone: str
    website: str
    registration_number: str
    accent_colour: str
    logo: bytes | None
    signature: bytes | None
    signatory_name: str
    signatory_title: str

    @property
    def name(self) -> str:
        """The name that stands for the logo where it is read aloud."""
        return self.printed_name

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Letterhead:
        """Return the letterhead of a snapshot."""
        return cls(
            printed_name=kept["name"],
            address_lines=kept["lines"],
            country=Country(kept["country"]) if kept["country"] else "",
            email=kept["email"],
            phone=kept["phone"],
            website=kept["website"],
            registration_number=kept["registration_number"],
            accent_colour=kept["accent"],
            logo=_picture(kept["logo"]),
            signature=_picture(kept["signature"]),
            signatory_name=kept["signatory_name"],
            signatory_title=kept["signatory_title"],
        )


def _picture(path: str) -> bytes | None:
    if not path:
        return None
    with storages["private"].open(path, "rb") as file:
        return file.read()


def mark_receipt(content: bytes, snapshot: Mapping[str, Any], *, void: bool) -> bytes:
    """Return the same file with VOID or COPY across it, in the language of the receipt."""
    with translation.override(snapshot["language"]):
        return stamp(content, _("VOID") if void else _("COPY"))


def draw_receipt(snapshot: Mapping[str, Any]) -> bytes:
    """Return the PDF of a receipt; one of a demonstration says so.

    Raises UnprintableTextError naming the characters that no typeface has.
    """
    says = snapshot["says"]
    with translation.override(snapshot["language"]):
        mark = _("SAMPLE") if snapshot["specimen"] else ""
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
    document.facts(facts)
    document.space(3)
    _table(document, snapshot)
    document.space(2)
    for statement in says["statements"]:
        document.paragraph(statement)
    document.note(says["registration"], " ", says["closing"], after=14)
    document.signature()
    return document.render()


def check_printable(values: Iterable[str]) -> None:
    """Raise UnprintableTextError naming the characters, if any, that no typeface has."""
    for value in values:
        text(value)


def _table(document: Document, snapshot: Mapping[str, Any]) -> None:
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
