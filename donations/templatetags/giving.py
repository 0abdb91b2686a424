"""`{% load giving %}`: numbers and shares in tables about giving."""

from __future__ import annotations

from decimal import Decimal

from django import template

from core.theme.charts import written
from donations.campaigns import wording

register = template.Library()


@register.filter
def figure(value: int | None) -> str:
    """Write a number with its thousands apart."""
    return "" if value is None else written(value)


@register.filter
def percent(share: Decimal | None) -> str:
    """Write a share: `6.2%`; a dash where there is none."""
    return wording.percent(share)
