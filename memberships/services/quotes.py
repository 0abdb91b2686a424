"""What the next term would be and cost, before anyone pays: the same figures the verbs then write."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.money import Money
from memberships.errors import LevelError, NotRenewableError
from memberships.models import Fact, Level, Membership, Term, TermKind
from memberships.periods import Period, length, renewal_start, unused_days


@dataclass(frozen=True, slots=True)
class Quote:
    """A term on offer."""

    kind: TermKind
    level: Level
    starts_on: dt.date
    ends_on: dt.date | None
    price: Money
    fee: Money
    credit: Money

    @property
    def total(self) -> Money:
        """What there is to pay."""
        return self.price + self.fee - self.credit


def quote_joining(level: Level, *, on: dt.date) -> Quote:
    """Return the first term of someone who joins on a day, or comes back after the renewal price is gone."""
    return Quote(
        kind=TermKind.JOIN,
        level=level,
        starts_on=on,
        ends_on=level.period_from(on).ends_on,
        price=level.prorated(level.price, on),
        fee=level.fee_for_joining,
        credit=Money.zero(level.currency),
    )


def quote_renewal(membership: Membership, *, on: dt.date, level: Level | None = None) -> Quote:
    """Return the next term, paid on a day. Raises NotRenewableError.

    It follows the old end while in time or in grace and begins on the day of payment after that; once the renewal price
    is gone, coming back costs what joining costs.
    """
    last = membership.latest_term
    if last is None:
        raise NotRenewableError(_("This membership has not begun yet."))
    if last.ends_on is None:
        raise NotRenewableError(_("This membership is for life."))
    if is_cancelled(membership, on):
        raise NotRenewableError(_("This membership is cancelled. Let the member join again instead."))
    level = level or membership.renews_as or last.level
    if last.renewable_until is not None and on > last.renewable_until:
        return quote_joining(level, on=on)
    starts_on = renewal_start(last.ends_on, last.grace_until or last.ends_on, on)
    return Quote(
        kind=TermKind.RENEW,
        level=level,
        starts_on=starts_on,
        ends_on=level.period_from(starts_on).ends_on,
        price=level.prorated(level.price_on_renewal, starts_on),
        fee=Money.zero(level.currency),
        credit=Money.zero(level.currency),
    )


def quote_change(membership: Membership, level: Level, *, on: dt.date) -> Quote | None:
    """Return the term an upgrade on a day begins, with credit for unused days; None when it has to wait for renewal.

    It waits when the level costs less, or when the credit is more than the new price: nothing paid is lost that way.
    Raises LevelError.
    """
    running = next((term for term in membership.terms.all() if term.is_real and term.covers(on)), None)
    if running is None:
        raise LevelError(_("Only a membership that runs can change its level. Renew it at the new level instead."))
    if running.ends_on is None:
        raise LevelError(_("This membership is for life."))
    if running.level_id == level.pk:
        raise LevelError(_("The membership has this level already."))
    if running.currency != level.currency:
        raise LevelError(_("The levels have different currencies. Change the level at the next renewal."))
    price = level.prorated(level.price, on)
    credit = sum((unused_value(term, on) for term in membership.terms.all()), Money.zero(level.currency))
    if level.price < Money(running.level.dues, level.currency) or credit > price:
        return None
    return Quote(
        kind=TermKind.CHANGE,
        level=level,
        starts_on=on,
        ends_on=level.period_from(on).ends_on,
        price=price,
        fee=Money.zero(level.currency),
        credit=credit,
    )


def unused_value(term: Term, on: dt.date) -> Money:
    """Return the part of a term's price that its days from a date on are worth, to the smallest unit."""
    price = Money(term.price, term.currency)
    if not term.is_real or term.sold_until is None:
        return Money.zero(term.currency)
    left = unused_days(Period(term.starts_on, term.ends_on), on)
    return price.split([left, length(Period(term.starts_on, term.sold_until)) - left])[0]


def is_cancelled(membership: Membership, on: dt.date) -> bool:
    """Whether the membership is cancelled on a day, or will be."""
    return any(
        standing.kind == Fact.CANCELLED and (standing.until is None or standing.until >= on)
        for standing in membership.standings.all()
    )
