"""Receipts on paper: drawn from the snapshot alone, so that the same receipt is the same bytes whenever it is drawn.

letterhead.py  who wrote, as it was on the day of issue
letter.py      a letter with a table of gifts
canada.py      an official receipt
germany.py     a Zuwendungsbestätigung
appeal_code.py  the code of an appeal, for printers
deposit_slip.py  what goes to the bank with a batch

A snapshot names its layout. What a layout draws never changes for a receipt that was issued: a new look is a new name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from core.documents import stamp, text
from donations.documents import canada, germany, letter

# By the name in the snapshot; the number is of receipts older than the names.
LAYOUTS: dict[str | int, Callable[..., bytes]] = {
    1: letter.draw,
    "letter": letter.draw,
    "canada": canada.draw_agency_last,
    "canada 2": canada.draw,
    "germany": germany.draw,
}

# What stands large across a page, where the rules of the receipt have no word of their own for it.
_MARKS = {"specimen": gettext_noop("SAMPLE"), "void": gettext_noop("VOID"), "copy": gettext_noop("COPY")}


def draw_receipt(snapshot: Mapping[str, Any]) -> bytes:
    """Return the PDF of a receipt; one of a demonstration, and a preview, says so.

    Raises UnprintableTextError naming the characters that no typeface has.
    """
    return LAYOUTS[snapshot["layout"]](snapshot, mark=_mark(snapshot, "specimen") if snapshot["specimen"] else "")


def mark_receipt(content: bytes, snapshot: Mapping[str, Any], *, void: bool) -> bytes:
    """Return the same file with VOID or COPY across it, in the words of the receipt."""
    return stamp(content, _mark(snapshot, "void" if void else "copy"))


def _mark(snapshot: Mapping[str, Any], name: str) -> str:
    """Return the word the receipt was given for the mark; old ones have none and say it in their language."""
    with translation.override(snapshot["language"]):
        return str(snapshot.get("marks", {}).get(name) or gettext(_MARKS[name]))


def check_printable(values: Iterable[str]) -> None:
    """Raise UnprintableTextError naming the characters, if any, that no typeface has."""
    for value in values:
        text(value)


__all__ = ["check_printable", "draw_receipt", "mark_receipt"]
