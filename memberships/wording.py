"""How terms, periods and states are put in words, for every page that shows them."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.theme.figures import day_in_words
from memberships.models import Level, Membership, PeriodKind, Status, Term

# The tone of a status chip, for lists and pages alike.
TONES = {
    Status.NEW: "good",
    Status.CURRENT: "good",
    Status.HONORARY: "good",
    Status.DUE: "waiting",
    Status.GRACE: "waiting",
    Status.PENDING: "waiting",
    Status.LAPSED: "wrong",
    Status.SUSPENDED: "wrong",
}


def day(date: dt.date, length: str = "long") -> str:
    """Write a date as a sentence has it, in the reader's language; `medium` for tables."""
    return day_in_words(date, length)


def period_in_words(level: Level) -> str:
    """Write how long a term of a level lasts: `a year`, `3 months`, `the membership year`, `for life`."""
    if level.period_kind == PeriodKind.LIFETIME:
        return _("for life")
    if level.period_kind == PeriodKind.FIXED:
        return _("the membership year")
    if level.months % 12 == 0:
        years = level.months // 12
        return ngettext("a year", "%(count)d years", years) % {"count": years}
    return ngettext("a month", "%(count)d months", level.months) % {"count": level.months}


def price_in_words(level: Level) -> str:
    """Write what a level costs: `$60.00, a year`, `free, for life`."""
    price = str(level.price) if level.price else _("free")
    return _("%(price)s, %(period)s") % {"price": price, "period": period_in_words(level)}


def term_in_words(term: Term) -> str:
    """Write the days of a term."""
    start = day(term.starts_on, "medium")
    if not term.is_real:
        return _("%(start)s, never begun") % {"start": start}
    if term.ends_on is None:
        return _("from %(start)s, for life") % {"start": start}
    return _("%(start)s to %(end)s") % {"start": start, "end": day(term.ends_on, "medium")}


def standing_in_words(membership: Membership, date: dt.date) -> str:
    """Write where a membership stands on a date, in a few words: `Member until 31 December 2026`."""
    status, last = membership.status_on(date), membership.latest_term
    if status in (Status.NEW, Status.CURRENT, Status.DUE):
        if last is None or last.ends_on is None:
            return _("Member for life")
        words = _("Member until %(date)s") if status != Status.DUE else _("Due, member until %(date)s")
        return words % {"date": day(last.ends_on)}
    if status == Status.GRACE and last is not None and last.grace_until is not None:
        return _("In grace until %(date)s") % {"date": day(last.grace_until)}
    if status == Status.LAPSED and last is not None and last.ends_on is not None:
        return _("Membership lapsed on %(date)s") % {"date": day(last.ends_on)}
    return {
        Status.PENDING: _("Membership pending"),
        Status.CANCELLED: _("Membership cancelled"),
        Status.SUSPENDED: _("Membership suspended"),
        Status.HONORARY: _("Honorary member"),
        Status.DECEASED: _("Was a member"),
    }.get(status, str(status.label))
