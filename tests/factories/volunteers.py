"""Opportunities and shifts to sign up for."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from core import clock
from volunteers.models import Opportunity, Shift

_numbers = itertools.count(1)


def make_opportunity(**details: Any) -> Opportunity:
    """Return an opportunity everyone sees."""
    number = next(_numbers)
    return Opportunity.objects.create(**{"name": f"Food bank {number}", "slug": f"food-bank-{number}"} | details)


def make_shift(*, in_hours: float = 24, hours: float = 2, capacity: int = 3, **details: Any) -> Shift:
    """Return a shift that starts so many hours from now and lasts so many."""
    starts_at = details.pop("starts_at", None) or clock.now() + dt.timedelta(hours=in_hours)
    opportunity = details.pop("opportunity", None) or make_opportunity()
    ends_at = details.pop("ends_at", None) or starts_at + dt.timedelta(hours=hours)
    return Shift.objects.create(
        opportunity=opportunity, starts_at=starts_at, ends_at=ends_at, capacity=capacity, **details
    )
