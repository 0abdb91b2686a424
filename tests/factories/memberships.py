"""Levels and memberships, made by the app's own verbs so that every rule holds."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

from donations.models import Fund
from memberships.models import Level, Membership, MembershipSettings, Term
from memberships.services.dues import Payment
from memberships.services.joining import join
from memberships.services.numbers import take_numbers
from tests.factories.constituents import make_person
from tests.factories.donations import make_fund

_numbers = itertools.count(1)


def make_level(name: str | None = None, **details: Any) -> Level:
    """Return a level: 60.00 for twelve rolling months, due 60 days before the end, 30 days of grace."""
    number = next(_numbers)
    if not Fund.objects.filter(is_default=True).exists():
        make_fund("General fund", is_default=True)
    details = {"dues": Decimal(60), "code": f"level-{number}", "name": name or f"Individual {number}"} | details
    level = Level(**details)
    level.full_clean()
    level.save()
    return level


def make_membership(
    holder: Any = None, *, level: Level | None = None, starts_on: dt.date, **details: Any
) -> Membership:
    """Return a membership that began on a day, paid by cheque."""
    level = level or make_level()
    payment = Payment(received_on=starts_on, reference=f"cheque {next(_numbers)}")
    term = join(holder=holder or make_person(), level=level, by=None, payment=payment, starts_on=starts_on, **details)
    return term.membership


def make_bare_membership(holder: Any = None) -> Membership:
    """Return a membership without any term."""
    return Membership.objects.create(constituent=holder or make_person(), number=take_numbers()[0])


def add_bare_term(membership: Membership, level: Level, starts_on: dt.date, *, is_new: bool = False) -> Term:
    """Return a term written straight into the database, free of any verb."""
    term = Term.of(
        level,
        starts_on=starts_on,
        is_new=is_new,
        new_days=MembershipSettings.load().new_days,
        membership=membership,
        price=level.dues,
    )
    term.save()
    return term
