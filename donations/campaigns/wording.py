"""Shares and rates as people read them."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_percent

from core.money import Money
from core.organisation import current_organisation
from core.theme.figures import babel_locale, format_whole


def percent(share: Decimal | None, *, whole: bool = False) -> str:
    """Write a share: `6.2%`, `320%`; a dash where there is none."""
    if share is None:
        return "\N{EN DASH}"
    pattern = "#,##0%" if whole or abs(share) >= 1 else "#,##0.0%"
    return format_percent(share, format=pattern, locale=babel_locale()).replace("-", "\N{MINUS SIGN}")


def base(amount: Decimal | None) -> str:
    """Write an amount of the base currency; a dash where there is none."""
    return "\N{EN DASH}" if amount is None else str(Money(amount, current_organisation().base_currency))


def whole(amount: Decimal | None) -> str:
    """Write an amount of the base currency without its cents; a dash where there is none."""
    return "\N{EN DASH}" if amount is None else format_whole(Money(amount, current_organisation().base_currency))
