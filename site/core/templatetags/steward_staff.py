"""Dates, amounts and links as staff screens show them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django import template
from django.utils import formats

from core.clock import zone
from core.money import format_amount

register = template.Library()


@register.filter
def iso(value: dt.date) -> str:
    """Return the date or instant as machines read it."""
    return value.isoformat()


@register.filter
def day(value: dt.date) -> str:
    """Return a date in words; an instant with its time in the organisation's zone."""
    if isinstance(value, dt.datetime):
        return formats.date_format(value.astimezone(zone()), "DATETIME_FORMAT")
    return formats.date_format(value, "DATE_FORMAT")


@register.filter
def amount(value: Decimal | None, currency: str | None = None) -> str:
    """Return an amount as people write it: `{{ gift.amount|amount:gift.currency }}`."""
    return "" if value is None else format_amount(value, currency)
