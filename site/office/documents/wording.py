"""Shares and comparisons in words, in the reader's language."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_percent
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def language() -> str:
    """Return the language documents are written in now."""
    return (get_language() or "en").split("-")[0]


def share_in_words(share: Decimal | None) -> str:
    """Return a share (1 is all) as a percentage; without one, that it is not known."""
    return _("not yet known") if share is None else format_percent(share, locale=language())


def against(now: Decimal | int, before: Decimal | int) -> str:
    """Say how a number compares with the year before, in words and not by colour alone."""
    if not before:
        return _("nothing the year before") if not now else _("first year")
    change = (Decimal(now) - Decimal(before)) / Decimal(before)
    if change >= 0:
        return _("%(share)s more than the year before") % {"share": share_in_words(change)}
    return _("%(share)s less than the year before") % {"share": share_in_words(-change)}
