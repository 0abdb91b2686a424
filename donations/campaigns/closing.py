"""Closing a fund: it takes no gifts any more, and whatever would still go to it goes to another.

Whoever sends money to a fund again and again says so once, from an AppConfig.ready():

    register_user_of_fund(UserOfFund("standing_orders", _("standing orders"), count=..., move=...))

`count(fund)` says how many do; `move(fund, to, by)` points them to the other fund, in the transaction of the closing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from core import audit, clock
from donations.errors import FundStateError, HasGiftsError
from donations.models import Fund, GiftAllocation


@dataclass(frozen=True, slots=True)
class UserOfFund:
    """What sends money to funds by itself: `label` in the plural, such as “recurring gifts”."""

    name: str
    label: Any
    count: Callable[[Fund], int]
    move: Callable[..., object]


_users: dict[str, UserOfFund] = {}


def register_user_of_fund(user: UserOfFund) -> None:
    """Have closing a fund ask where these go."""
    _users[user.name] = user


def users_of(fund: Fund) -> list[tuple[UserOfFund, int]]:
    """Return what would still send money to the fund, and how many of each."""
    counted = ((user, user.count(fund)) for user in _users.values())
    return [(user, count) for user, count in counted if count]


@transaction.atomic
def close_fund(
    fund: Fund, *, by: User | None, closes_on: dt.date | None = None, closed_into: Fund | None = None, reason: str = ""
) -> Fund:
    """Let the fund take gifts for the last time on a day, today when none is named.

    What still comes for it by itself goes to `closed_into` from now on. Raises FundStateError when it is the default,
    closed already, or something would still come and nobody said where it goes.
    """
    fund = Fund.objects.select_for_update().get(pk=fund.pk)
    closes_on = closes_on or clock.today()
    if fund.is_default:
        raise FundStateError(
            _("Gifts go to “%(fund)s” when nothing else is chosen: make another the default first.") % {"fund": fund}
        )
    if fund.closes_on and fund.closes_on < clock.today():
        raise FundStateError(_("“%(fund)s” is closed already.") % {"fund": fund})
    if closed_into is not None and not closed_into.is_open_on(max(closes_on, clock.today())):
        raise FundStateError(_("“%(fund)s” is closed itself: choose another.") % {"fund": closed_into}, "closed_into")
    waiting = users_of(fund)
    if waiting and closed_into is None:
        what = ", ".join(f"{count} {user.label}" for user, count in waiting)
        raise FundStateError(_("Say where they go from now on: %(what)s.") % {"what": what}, "closed_into")
    before = audit.snapshot(fund)
    fund.closes_on, fund.closed_into, fund.is_public = closes_on, closed_into, False
    fund.full_clean()
    fund.save()
    for user, _count in waiting:
        user.move(fund, closed_into, by=by)
    old, new = audit.changes(before, audit.snapshot(fund))
    new["moved"] = {user.name: count for user, count in waiting}
    audit.record("fund.closed", fund, by=by, old=old, new=new, reason=reason)
    return fund


@transaction.atomic
def reopen_fund(fund: Fund, *, by: User | None, reason: str) -> Fund:
    """Let a closed fund take gifts again; what was moved to another stays there.

    Raises FundStateError when it is open.
    """
    fund = Fund.objects.select_for_update().get(pk=fund.pk)
    if fund.closes_on is None:
        raise FundStateError(_("“%(fund)s” is open.") % {"fund": fund})
    before = audit.snapshot(fund)
    fund.closes_on = fund.closed_into = None
    fund.save(update_fields=["closes_on", "closed_into"])
    old, new = audit.changes(before, audit.snapshot(fund))
    audit.record("fund.reopened", fund, by=by, old=old, new=new, reason=reason)
    return fund


@transaction.atomic
def remove_fund(fund: Fund, *, by: User | None) -> None:
    """Remove a fund nothing was ever given to. Raises HasGiftsError when something was."""
    if gifts := GiftAllocation.objects.filter(fund=fund).count():
        raise HasGiftsError(
            ngettext(
                "%(count)d gift went to “%(what)s”, so it stays. Close it instead.",
                "%(count)d gifts went to “%(what)s”, so it stays. Close it instead.",
                gifts,
            )
            % {"count": gifts, "what": fund}
        )
    audit.record("fund.deleted", fund, by=by, old=audit.snapshot(fund), deleted=True)
    fund.delete()
