"""Renew: before the end or in grace from the old end on, later from the day of payment; never twice for one term."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.models import Constituent
from core import clock
from core.money import Money
from donations.models import Gift
from memberships.errors import LevelError, NotRenewableError
from memberships.models import Flag, FlagKind, Level, Membership, Term
from memberships.services import upkeep
from memberships.services.dues import Payment, record_dues
from memberships.services.flags import raise_flag
from memberships.services.joining import is_paid_ahead
from memberships.services.quotes import quote_renewal


@dataclass(frozen=True, slots=True)
class Renewal:
    """What became of a payment: a new term, or a flag because there was nothing to pay for."""

    term: Term | None
    gift: Gift | None
    flag: Flag | None = None


@transaction.atomic
def renew(
    membership: Membership,
    *,
    by: User | None,
    payment: Payment | None = None,
    level: Level | None = None,
    price: Money | None = None,
    paid_by: Constituent | None = None,
    early: bool = False,
) -> Renewal:
    """Extend a membership by the term that was paid for. Raises NotRenewableError, LevelError, CapacityError.

    A payment that comes before renewal opens is money for a term that is paid already: it is recorded, extends nothing
    and is flagged for refund. `early=True` says that the member does want to pay further ahead.
    """
    membership = upkeep.locked(membership)
    on = payment.day if payment is not None else clock.today()
    last = membership.latest_term
    if last is not None and last.ends_on is not None and is_paid_ahead(last, on) and not early:
        return _paid_twice(membership, last, payment=payment, level=level, price=price, paid_by=paid_by, by=by)
    quote = quote_renewal(membership, on=on, level=level)
    if price is not None:
        quote = replace(quote, price=price, fee=Money.zero(price.currency))
    if quote.total and payment is None:
        raise LevelError(_("Say how the dues were paid, or give the term free of charge with a reason."))
    gift = None
    if payment is not None:
        gift = record_dues(
            payer=paid_by or membership.bill_to, level=quote.level, money=quote.total, payment=payment, by=by
        )
    return Renewal(upkeep.add_term(membership, quote, by=by, gift=gift), gift)


def _paid_twice(
    membership: Membership,
    last: Term,
    *,
    payment: Payment | None,
    level: Level | None,
    price: Money | None,
    paid_by: Constituent | None,
    by: User | None,
) -> Renewal:
    level = level or membership.renews_as or last.level
    money = level.price_on_renewal if price is None else price
    if payment is None or not money:
        raise NotRenewableError(_("Paid until %(date)s already.") % {"date": last.ends_on})
    gift = record_dues(payer=paid_by or membership.bill_to, level=level, money=money, payment=payment, by=by)
    assert gift is not None  # noqa: S101  there is money, so there is a gift
    return Renewal(None, gift, raise_flag(FlagKind.PAID_TWICE, membership, gift=gift, term=last, by=by))


def opens_on(membership: Membership) -> dt.date | None:
    """Return the day from which the membership can be renewed; None when it never can."""
    last = membership.latest_term
    if last is None or last.ends_on is None:
        return None
    return last.due_from or last.starts_on
